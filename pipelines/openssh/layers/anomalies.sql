-- Joins by equality alone: DuckDB compares row by row where a LEFT JOIN also asks something of its left side.
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
LEFT JOIN (SELECT q.*, 'address' AS entity_kind FROM explanations q) x ON x.entity_kind = w.entity_kind AND x.host = w.host AND x.address = w.entity
LEFT JOIN (SELECT q.*, true AS flagged FROM evidence q) v
  ON v.flagged = w.flagged AND v.entity_kind = w.entity_kind AND v.host = w.host AND v.entity = w.entity
ORDER BY w.flagged DESC, w.place
