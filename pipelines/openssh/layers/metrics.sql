SELECT
  CAST(1 AS BIGINT) AS schema_version,
  t.entities,
  e.flagged,
  concat('{"both":', CAST(e.both_flag AS STRING), ',"model":', CAST(e.model_flag AS STRING), ',"detections":', CAST(e.detections_flag AS STRING), '}') AS by_agreement,
  concat('{"critical":', CAST(e.critical AS STRING), ',"high":', CAST(e.high AS STRING), ',"medium":', CAST(e.medium AS STRING), '}') AS by_severity,
  concat('{', coalesce(d.counts, ''), '}') AS detections,
  concat('{"min":', coalesce(CAST(t.least AS STRING), 'null'),
    ',"first_quartile":', coalesce(CAST(CAST(t.lower AS DECIMAL(18,6)) AS STRING), 'null'),
    ',"median":', coalesce(CAST(CAST(t.middle AS DECIMAL(18,6)) AS STRING), 'null'),
    ',"third_quartile":', coalesce(CAST(CAST(t.upper AS DECIMAL(18,6)) AS STRING), 'null'),
    ',"max":', coalesce(CAST(t.most AS STRING), 'null'),
    ',"threshold":', coalesce(CAST(t.threshold AS STRING), 'null'), '}') AS score
FROM score_threshold t
CROSS JOIN (
  SELECT
    count(CASE WHEN x.flagged THEN 1 END) AS flagged,
    count(CASE WHEN x.agreement = 'both' THEN 1 END) AS both_flag,
    count(CASE WHEN x.agreement = 'model' THEN 1 END) AS model_flag,
    count(CASE WHEN x.agreement = 'detections' THEN 1 END) AS detections_flag,
    count(CASE WHEN x.severity_rank = 4 THEN 1 END) AS critical,
    count(CASE WHEN x.severity_rank = 3 THEN 1 END) AS high,
    count(CASE WHEN x.severity_rank = 2 THEN 1 END) AS medium
  FROM entities x
) e
CROSS JOIN (
  SELECT array_join(array_sort(collect_list(concat('"', h.id, '":', CAST(h.hits AS STRING)))), ',') AS counts
  FROM (SELECT g.id, count(*) AS hits FROM detection_hits g GROUP BY g.id) h
) d
