-- The tries at a login, each with the failures of its address in the 600 s up to and including it, and the gap to the try before.
-- A repeated message is one row that weighs `tries`.
SELECT
  s.*,
  sum(s.failed) OVER (
    PARTITION BY s.host, s.address ORDER BY s.at_us
    RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW
  ) AS failures_10min,
  s.at_us - lag(s.at_us) OVER (PARTITION BY s.host, s.address ORDER BY s.at_us) AS gap_us
FROM signals s
WHERE s.attempt IS NOT NULL
