-- One row. The threshold is Tukey's upper fence of all scores that are known, but never below the floor; below warmup_entities there is none.
-- A quartile lies between the values at the places around it, as percentile_cont has it.
SELECT
  q.entities,
  q.lower,
  q.upper,
  q.entities < n.warmup_entities AS warm_up,
  CASE WHEN q.entities >= n.warmup_entities
    THEN CAST(greatest(n.score_floor, q.upper + n.fence * (q.upper - q.lower)) AS DECIMAL(18,6)) END AS threshold
FROM settings n
CROSS JOIN (
  SELECT
    CAST(coalesce(max(p.total), 0) AS BIGINT) AS entities,
    max(CASE WHEN p.below <= floor(0.25 * (p.total - 1)) THEN CAST(p.value AS DOUBLE) END)
      + max(0.25 * (p.total - 1) - floor(0.25 * (p.total - 1)))
      * (max(CASE WHEN p.below <= ceil(0.25 * (p.total - 1)) THEN CAST(p.value AS DOUBLE) END)
        - max(CASE WHEN p.below <= floor(0.25 * (p.total - 1)) THEN CAST(p.value AS DOUBLE) END)) AS lower,
    max(CASE WHEN p.below <= floor(0.75 * (p.total - 1)) THEN CAST(p.value AS DOUBLE) END)
      + max(0.75 * (p.total - 1) - floor(0.75 * (p.total - 1)))
      * (max(CASE WHEN p.below <= ceil(0.75 * (p.total - 1)) THEN CAST(p.value AS DOUBLE) END)
        - max(CASE WHEN p.below <= floor(0.75 * (p.total - 1)) THEN CAST(p.value AS DOUBLE) END)) AS upper
  FROM score_pool p
) q
