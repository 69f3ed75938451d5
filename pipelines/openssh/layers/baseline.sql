-- The empirical distribution of each feature: its distinct values, how many entities have each, how many lie below it, the share that
-- lies at or above it, and what that adds to a score.
SELECT
  d.feature,
  d.value,
  d.entities,
  d.below,
  CAST((d.total - d.below) / d.total AS DECIMAL(18,6)) AS tail_probability,
  CAST(-ln((d.total - d.below) / d.total) AS DECIMAL(18,12)) AS points
FROM (
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
) d
