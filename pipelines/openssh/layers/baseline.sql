-- The empirical distribution of each feature, that of the model and of this file together: its distinct values, how many entities have each,
-- how many lie below it, the share that lies at or above it, and what that adds to a score.
SELECT
  d.feature,
  d.value,
  d.entities,
  d.below,
  d.total,
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
    SELECT p.feature, p.value, CAST(sum(p.entities) AS BIGINT) AS entities
    FROM (
      SELECT k.feature, k.value, k.entities FROM known_values k WHERE k.feature <> 'score'
      UNION ALL
      SELECT fv.feature, fv.level AS value, count(*) AS entities FROM feature_values fv GROUP BY fv.feature, fv.level
    ) p
    GROUP BY p.feature, p.value
  ) v
) d
