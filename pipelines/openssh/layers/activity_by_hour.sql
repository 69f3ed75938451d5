SELECT
  CASE WHEN substr(h.host, 1, 1) IN ('=', '+', '-', '@', chr(9), chr(10), chr(13), '＝', '＋', '－', '＠')
    THEN concat(chr(39), h.host) ELSE h.host END AS host,
  concat(replace(CAST(timestamp_micros(h.hour_no * 3600000000) AS STRING), ' ', 'T'), 'Z') AS hour,
  h.lines,
  coalesce(a.attempts, 0) AS attempts,
  coalesce(a.failures, 0) AS failures,
  coalesce(a.successes, 0) AS successes,
  coalesce(a.distinct_addresses, 0) AS distinct_addresses,
  coalesce(a.distinct_users, 0) AS distinct_users,
  coalesce(a.invalid_user_attempts, 0) AS invalid_user_attempts
FROM host_hours h
LEFT JOIN (
  SELECT
    o.host,
    p.hour_no,
    CAST(sum(p.attempts) AS BIGINT) AS attempts,
    CAST(sum(p.failures) AS BIGINT) AS failures,
    CAST(sum(p.successes) AS BIGINT) AS successes,
    count(DISTINCT p.source_id) AS distinct_addresses,
    count(DISTINCT p.account_id) AS distinct_users,
    CAST(sum(p.invalid_user_attempts) AS BIGINT) AS invalid_user_attempts
  FROM (
    SELECT
      t.source_id,
      t.account_id,
      CAST(floor(t.at_us / 3600000000.0) AS BIGINT) AS hour_no,
      sum(t.tries) AS attempts,
      sum(t.failed) AS failures,
      sum(t.accepted) AS successes,
      sum(t.invalid_user) AS invalid_user_attempts
    FROM login_tries t
    GROUP BY t.source_id, t.account_id, CAST(floor(t.at_us / 3600000000.0) AS BIGINT)
  ) p
  JOIN sources o ON o.source_id = p.source_id
  GROUP BY o.host, p.hour_no
) a ON a.host = h.host AND a.hour_no = h.hour_no
ORDER BY h.host, h.hour_no
