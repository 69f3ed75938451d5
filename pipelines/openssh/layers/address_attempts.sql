-- The tries of an address, folded.
SELECT o.host, o.address, a.*, g.gaps, g.lower_gap_us, g.median_gap_us, g.upper_gap_us
FROM (
  SELECT
    u.source_id,
    CAST(sum(u.attempts) AS BIGINT) AS attempts,
    CAST(sum(u.failures) AS BIGINT) AS failures,
    CAST(sum(u.successes) AS BIGINT) AS successes,
    count(u.account_id) AS distinct_users,
    count(CASE WHEN u.failures > 0 THEN u.account_id END) AS failed_users,
    CASE WHEN count(CASE WHEN u.failures > 0 THEN u.account_id END) = 1 THEN max(CASE WHEN u.failures > 0 THEN n.user_name END) END AS failed_user,
    CASE WHEN count(CASE WHEN u.successes > 0 THEN u.account_id END) = 1 THEN max(CASE WHEN u.successes > 0 THEN n.user_name END) END AS accepted_user,
    CAST(sum(u.invalid_user_attempts) AS BIGINT) AS invalid_user_attempts,
    CAST(sum(CASE WHEN n.user_name = 'root' THEN u.attempts ELSE 0 END) AS BIGINT) AS root_attempts,
    max(u.failures_10min_max) AS failures_10min_max,
    max(u.success_after_failures) AS success_after_failures,
    min(u.first_try_us) AS first_try_us,
    max(u.last_try_us) AS last_try_us,
    min(u.first_try_line) AS first_try_line,
    max(u.last_try_line) AS last_try_line
  FROM address_users u
  LEFT JOIN accounts n ON n.account_id = u.account_id
  GROUP BY u.source_id
) a
JOIN (
  SELECT
    t.source_id,
    count(t.gap_us) AS gaps,
    percentile_cont(0.25) WITHIN GROUP (ORDER BY t.gap_us) AS lower_gap_us,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY t.gap_us) AS median_gap_us,
    percentile_cont(0.75) WITHIN GROUP (ORDER BY t.gap_us) AS upper_gap_us
  FROM login_tries t
  GROUP BY t.source_id
) g ON g.source_id = a.source_id
JOIN sources o ON o.source_id = a.source_id
