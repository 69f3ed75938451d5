-- One row. The threshold is Tukey's upper fence of the scores, but never below the floor; below warmup_entities there is none.
SELECT
  q.entities,
  q.least,
  q.lower,
  q.middle,
  q.upper,
  q.most,
  q.entities < q.warmup_entities AS warm_up,
  CASE WHEN q.entities >= q.warmup_entities
    THEN CAST(greatest(q.score_floor, q.upper + q.fence * (q.upper - q.lower)) AS DECIMAL(18,6)) END AS threshold
FROM (
  SELECT
    count(s.score) AS entities,
    min(s.score) AS least,
    percentile_cont(0.25) WITHIN GROUP (ORDER BY CAST(s.score AS DOUBLE)) AS lower,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY CAST(s.score AS DOUBLE)) AS middle,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY CAST(s.score AS DOUBLE)) AS upper,
    max(s.score) AS most,
    max(n.warmup_entities) AS warmup_entities,
    max(n.score_floor) AS score_floor,
    max(n.fence) AS fence
  FROM settings n
  LEFT JOIN scores s ON true
) q
