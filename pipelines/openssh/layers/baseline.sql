-- The empirical distribution of each feature: its distinct values, how many entities have each, lie below it, and are there in all.
SELECT
  v.feature,
  v.value,
  v.entities,
  CAST(coalesce(sum(v.entities) OVER (
    PARTITION BY v.feature ORDER BY v.value ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
  ), 0) AS BIGINT) AS below,
  CAST(sum(v.entities) OVER (PARTITION BY v.feature) AS BIGINT) AS total
FROM (
  SELECT fv.feature, fv.value, count(*) AS entities
  FROM feature_values fv
  GROUP BY fv.feature, fv.value
) v
