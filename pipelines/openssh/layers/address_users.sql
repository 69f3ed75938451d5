-- The tries of an address for each user, folded.
SELECT
  t.source_id,
  t.account_id,
  CAST(sum(t.tries) AS BIGINT) AS attempts,
  CAST(sum(t.failed) AS BIGINT) AS failures,
  CAST(sum(t.accepted) AS BIGINT) AS successes,
  CAST(sum(t.invalid_user) AS BIGINT) AS invalid_user_attempts,
  max(t.failures_10min) AS failures_10min_max,
  max(CASE WHEN t.accepted > 0 THEN t.failures_10min ELSE 0 END) AS success_after_failures,
  min(t.at_us) AS first_try_us,
  max(t.at_us) AS last_try_us,
  min(t.line_no) AS first_try_line,
  max(t.line_no) AS last_try_line
FROM login_tries t
GROUP BY t.source_id, t.account_id
