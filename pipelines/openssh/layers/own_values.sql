-- What the model may learn from this file: how many addresses have each value of each feature, and each score. Suspicious ones are left out, so
-- that an attack does not become what is usual.
SELECT w.feature, w.level AS value, count(*) AS entities
FROM (
  SELECT fv.host, fv.address, fv.feature, fv.level FROM feature_values fv
  UNION ALL
  SELECT s.host, s.address, 'score' AS feature, s.level FROM scores s
) w
JOIN entities e ON e.entity_kind = 'address' AND e.host = w.host AND e.entity = w.address
WHERE NOT e.suspicious
GROUP BY w.feature, w.level
