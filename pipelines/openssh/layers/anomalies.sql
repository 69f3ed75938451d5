SELECT
  w.entity_kind,
  w.entity,
  w.host,
  concat(replace(CAST(timestamp_micros(w.start_us) AS STRING), ' ', 'T'), 'Z') AS window_start,
  concat(replace(CAST(timestamp_micros(w.end_us) AS STRING), ' ', 'T'), 'Z') AS window_end,
  w.score,
  CASE WHEN w.flagged THEN w.place END AS rank,
  w.flagged,
  CASE w.severity_rank WHEN 4 THEN 'critical' WHEN 3 THEN 'high' WHEN 2 THEN 'medium' WHEN 1 THEN 'low' ELSE 'info' END AS severity,
  w.contributions,
  w.detections,
  w.agreement,
  w.why,
  coalesce(v.evidence, '[]') AS evidence
FROM whys w
CROSS JOIN settings n
LEFT JOIN evidence v ON w.flagged AND v.entity_kind = w.entity_kind AND v.host = w.host AND v.entity = w.entity
WHERE w.flagged OR w.detections <> '[]' OR w.place <= n.unflagged_kept
ORDER BY w.flagged DESC, w.place
