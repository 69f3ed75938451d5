-- The tries of an address, folded.
SELECT
  a.host,
  a.address,
  sum(a.tries) AS attempts,
  sum(a.failed) AS failures,
  sum(a.accepted) AS successes,
  count(DISTINCT a.user_name) AS distinct_users,
  count(DISTINCT CASE WHEN a.failed > 0 THEN a.user_name END) AS failed_users,
  sum(a.invalid_user) AS invalid_user_attempts,
  sum(CASE WHEN a.user_name = 'root' THEN a.tries ELSE 0 END) AS root_attempts,
  max(a.failures_10min) AS failures_10min_max,
  max(CASE WHEN a.accepted > 0 THEN a.failures_10min ELSE 0 END) AS success_after_failures,
  min(a.at_us) AS first_try_us,
  max(a.at_us) AS last_try_us,
  count(a.gap_us) AS gaps,
  percentile_cont(0.25) WITHIN GROUP (ORDER BY a.gap_us) AS lower_gap_us,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY a.gap_us) AS median_gap_us,
  percentile_cont(0.75) WITHIN GROUP (ORDER BY a.gap_us) AS upper_gap_us
FROM attempts a
GROUP BY a.host, a.address
