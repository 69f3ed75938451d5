SELECT
  CAST(1 AS BIGINT) AS schema_version,
  'ecdf_right_tail' AS method,
  t.entities,
  '["failures","failure_share","failed_users","invalid_user_share","failures_10min_max","failing_hours","regularity"]' AS features,
  concat('{', coalesce(m.tables, ''), '}') AS tables,
  concat('{"rule":"max(floor, third_quartile + fence * (third_quartile - first_quartile))","warm_up":', CASE WHEN t.warm_up THEN 'true' ELSE 'false' END,
    ',"first_quartile":', coalesce(CAST(CAST(t.lower AS DECIMAL(18,6)) AS STRING), 'null'),
    ',"third_quartile":', coalesce(CAST(CAST(t.upper AS DECIMAL(18,6)) AS STRING), 'null'),
    ',"fence":', CAST(CAST(n.fence AS DECIMAL(18,6)) AS STRING),
    ',"floor":', CAST(CAST(n.score_floor AS DECIMAL(18,6)) AS STRING),
    ',"value":', coalesce(CAST(t.threshold AS STRING), 'null'), '}') AS threshold
FROM score_threshold t
CROSS JOIN settings n
CROSS JOIN (
  SELECT array_join(array_sort(collect_list(f.entry)), ',') AS tables
  FROM (
    SELECT concat('"', b.feature, '":{"values":', to_json(array_sort(collect_list(b.value))), ',"below":', to_json(array_sort(collect_list(b.below))), '}') AS entry
    FROM baseline b
    GROUP BY b.feature
  ) f
) m
