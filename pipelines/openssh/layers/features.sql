-- One row an address on a host. Every feature is one-sided: bigger is more suspicious. The shares are drawn towards 0 by two tries that
-- are taken to be good, so that one slip is not a share of 1. Decimals, so that equal values are equal on every engine.
SELECT
  l.host,
  l.address,
  l.lines,
  l.first_us,
  l.last_us,
  coalesce(a.attempts, 0) AS attempts,
  coalesce(a.successes, 0) AS successes,
  coalesce(a.distinct_users, 0) AS distinct_users,
  a.first_try_us,
  a.last_try_us,
  a.median_gap_us,
  l.key_failures,
  CAST(l.bad_sessions AS DECIMAL(18,6)) AS bad_sessions,
  CAST(coalesce(a.failures, 0) AS DECIMAL(18,6)) AS failures,
  CAST(coalesce(a.failures / (a.attempts + 2), 0) AS DECIMAL(18,6)) AS failure_share,
  CAST(coalesce(a.failed_users, 0) AS DECIMAL(18,6)) AS failed_users,
  CAST(coalesce(a.invalid_user_attempts / (a.attempts + 2), 0) AS DECIMAL(18,6)) AS invalid_user_share,
  CAST(coalesce(a.failures_10min_max, 0) AS DECIMAL(18,6)) AS failures_10min_max,
  CAST(coalesce(h.failing_hours, 0) AS DECIMAL(18,6)) AS failing_hours,
  CAST(CASE
    WHEN a.gaps >= 3 AND a.successes = 0 AND a.median_gap_us >= 60000000 AND a.upper_gap_us - a.lower_gap_us < a.median_gap_us
    THEN 1 - (a.upper_gap_us - a.lower_gap_us) / a.median_gap_us
    ELSE 0 END AS DECIMAL(18,6)) AS regularity
FROM address_lines l
LEFT JOIN address_attempts a ON a.host = l.host AND a.address = l.address
LEFT JOIN address_hours h ON h.host = l.host AND h.address = l.address
