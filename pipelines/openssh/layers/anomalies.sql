SELECT
  w.entity_kind,
  w.entity,
  w.host,
  concat(replace(CAST(timestamp_micros(w.start_us) AS STRING), ' ', 'T'), 'Z') AS window_start,
  concat(replace(CAST(timestamp_micros(w.end_us) AS STRING), ' ', 'T'), 'Z') AS window_end,
  w.score,
  CASE WHEN w.flagged THEN CAST(w.place AS BIGINT) END AS rank,
  w.flagged,
  CASE w.severity_rank WHEN 4 THEN 'critical' WHEN 3 THEN 'high' WHEN 2 THEN 'medium' WHEN 1 THEN 'low' ELSE 'info' END AS severity,
  coalesce(x.contributions, '[]') AS contributions,
  w.detections,
  w.agreement,
  w.why,
  coalesce(v.evidence, '[]') AS evidence,
  w.judgement
FROM whys w
LEFT JOIN explanations x ON w.entity_kind = 'address' AND x.host = w.host AND x.address = w.entity
LEFT JOIN evidence v ON w.flagged AND v.entity_kind = w.entity_kind AND v.host = w.host AND v.entity = w.entity
ORDER BY w.flagged DESC, w.place
