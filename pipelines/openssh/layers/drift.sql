-- Kolmogorov-Smirnov distance of each feature: how far apart, at most, the share of entities up to a value is in the model and in this file
-- (0 the same, 1 all apart); null where either has none. Flagged entities count in neither.
SELECT
  s.feature,
  CAST(max(abs(s.known_up_to / s.known_total - s.own_up_to / s.own_total)) AS DECIMAL(18,6)) AS distance
FROM (
  SELECT
    g.feature,
    sum(g.known) OVER (PARTITION BY g.feature ORDER BY g.value ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS known_up_to,
    sum(g.own) OVER (PARTITION BY g.feature ORDER BY g.value ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS own_up_to,
    nullif(sum(g.known) OVER (PARTITION BY g.feature), 0) AS known_total,
    nullif(sum(g.own) OVER (PARTITION BY g.feature), 0) AS own_total
  FROM (
    SELECT b.feature, b.value, CAST(sum(b.known) AS DOUBLE) AS known, CAST(sum(b.own) AS DOUBLE) AS own
    FROM (
      SELECT k.feature, k.value, k.entities AS known, 0 AS own FROM known_values k
      UNION ALL
      SELECT o.feature, o.value, 0 AS known, o.entities AS own FROM own_values o
    ) b
    GROUP BY b.feature, b.value
  ) g
) s
GROUP BY s.feature
