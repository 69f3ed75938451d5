SELECT
  CAST(1 AS BIGINT) AS schema_version,
  x.entities,
  e.flagged,
  concat('{"both":', CAST(e.both_flag AS STRING), ',"model":', CAST(e.model_flag AS STRING), ',"detections":', CAST(e.detections_flag AS STRING), '}') AS by_agreement,
  concat('{"critical":', CAST(e.critical AS STRING), ',"high":', CAST(e.high AS STRING), ',"medium":', CAST(e.medium AS STRING), '}') AS by_severity,
  concat('{', coalesce(d.counts, ''), '}') AS detections,
  concat('{"min":', coalesce(CAST(x.least AS STRING), 'null'),
    ',"first_quartile":', coalesce(CAST(CAST(x.lower AS DECIMAL(18,6)) AS STRING), 'null'),
    ',"median":', coalesce(CAST(CAST(x.middle AS DECIMAL(18,6)) AS STRING), 'null'),
    ',"third_quartile":', coalesce(CAST(CAST(x.upper AS DECIMAL(18,6)) AS STRING), 'null'),
    ',"max":', coalesce(CAST(x.most AS STRING), 'null'),
    ',"threshold":', coalesce(CAST(t.threshold AS STRING), 'null'), '}') AS score,
  concat('{', coalesce(r.distances, ''), '}') AS drift
FROM score_threshold t
CROSS JOIN (
  SELECT
    count(s.score) AS entities,
    min(s.score) AS least,
    percentile_cont(0.25) WITHIN GROUP (ORDER BY CAST(s.score AS DOUBLE)) AS lower,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY CAST(s.score AS DOUBLE)) AS middle,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY CAST(s.score AS DOUBLE)) AS upper,
    max(s.score) AS most
  FROM scores s
) x
CROSS JOIN (
  SELECT
    count(CASE WHEN y.flagged THEN 1 END) AS flagged,
    count(CASE WHEN y.agreement = 'both' THEN 1 END) AS both_flag,
    count(CASE WHEN y.agreement = 'model' THEN 1 END) AS model_flag,
    count(CASE WHEN y.agreement = 'detections' THEN 1 END) AS detections_flag,
    count(CASE WHEN y.severity_rank = 4 THEN 1 END) AS critical,
    count(CASE WHEN y.severity_rank = 3 THEN 1 END) AS high,
    count(CASE WHEN y.severity_rank = 2 THEN 1 END) AS medium
  FROM entities y
) e
CROSS JOIN (
  SELECT array_join(array_sort(collect_list(concat('"', h.id, '":', CAST(h.hits AS STRING)))), ',') AS counts
  FROM (SELECT g.id, count(*) AS hits FROM detection_hits g GROUP BY g.id) h
) d
CROSS JOIN (
  SELECT array_join(array_sort(collect_list(concat('"', f.feature, '":', coalesce(CAST(f.distance AS STRING), 'null')))), ',') AS distances
  FROM drift f
) r
