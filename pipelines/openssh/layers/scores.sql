-- The score of each address, in nats, and how many addresses failed less often.
SELECT
  c.host,
  c.address,
  CAST(sum(c.points) AS DECIMAL(18,6)) AS score,
  max(CASE WHEN c.feature = 'failures' THEN c.below END) AS failures_below
FROM contributions c
GROUP BY c.host, c.address
