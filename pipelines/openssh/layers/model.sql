-- Head of the model part of this file. What it is made of and the hashes of its tables are said where a version is put together.
SELECT
  CAST(2 AS BIGINT) AS schema_version,
  'ecdf_right_tail' AS method,
  '["failures","failure_share","failed_users","invalid_user_share","failures_10min_max","failing_hours","regularity","bad_sessions"]' AS features,
  CAST(o.entities AS BIGINT) AS entities,
  concat('{"rule":"max(floor, third_quartile + fence * (third_quartile - first_quartile))"',
    ',"warmup_entities":', CAST(CAST(n.warmup_entities AS INT) AS STRING),
    ',"fence":', CAST(CAST(n.fence AS DECIMAL(18,6)) AS STRING),
    ',"floor":', CAST(CAST(n.score_floor AS DECIMAL(18,6)) AS STRING),
    ',"entities":', CAST(t.entities AS STRING),
    ',"first_quartile":', coalesce(CAST(CAST(t.lower AS DECIMAL(18,6)) AS STRING), 'null'),
    ',"third_quartile":', coalesce(CAST(CAST(t.upper AS DECIMAL(18,6)) AS STRING), 'null'),
    ',"value":', coalesce(CAST(t.threshold AS STRING), 'null'), '}') AS threshold,
  '[]' AS lineage,
  '[]' AS tables
FROM score_threshold t
CROSS JOIN settings n
CROSS JOIN (SELECT coalesce(sum(v.entities), 0) AS entities FROM own_values v WHERE v.feature = 'score') o
