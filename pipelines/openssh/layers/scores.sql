-- The score of each address, in nats; how many addresses failed less often, and of how many. `level` as in feature_values.
SELECT
  m.host,
  m.address,
  m.score,
  CAST(CAST(rpad(substr(m.micros, 1, 3), CAST(length(m.micros) AS INT), '0') AS BIGINT) / 1000000 AS DECIMAL(18,6)) AS level,
  m.failures_below,
  m.seen
FROM (
  SELECT p.*, CAST(CAST(p.score * 1000000 AS BIGINT) AS STRING) AS micros
  FROM (
    SELECT
      c.host,
      c.address,
      CAST(sum(c.points) AS DECIMAL(18,6)) AS score,
      max(CASE WHEN c.feature = 'failures' THEN c.below END) AS failures_below,
      max(CASE WHEN c.feature = 'failures' THEN c.total END) AS seen
    FROM contributions c
    GROUP BY c.host, c.address
  ) p
) m
