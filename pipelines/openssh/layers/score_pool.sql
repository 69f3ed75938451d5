-- The distribution of the scores, that of the model and of this file together. `below`: entities with a smaller score.
SELECT
  v.value,
  CAST(coalesce(sum(v.entities) OVER (ORDER BY v.value ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS BIGINT) AS below,
  CAST(sum(v.entities) OVER () AS BIGINT) AS total
FROM (
  SELECT p.value, CAST(sum(p.entities) AS BIGINT) AS entities
  FROM (
    SELECT k.value, k.entities FROM known_values k WHERE k.feature = 'score'
    UNION ALL
    SELECT s.level AS value, count(*) AS entities FROM scores s GROUP BY s.level
  ) p
  GROUP BY p.value
) v
