SELECT
  CASE WHEN substr(u.host, 1, 1) IN ('=', '+', '-', '@', chr(9), chr(10), chr(13), '＝', '＋', '－', '＠')
    THEN concat(chr(39), u.host) ELSE u.host END AS host,
  CASE WHEN substr(u.user_name, 1, 1) IN ('=', '+', '-', '@', chr(9), chr(10), chr(13), '＝', '＋', '－', '＠')
    THEN concat(chr(39), u.user_name) ELSE u.user_name END AS user,
  u.attempts,
  u.failures,
  u.successes,
  u.distinct_addresses,
  u.invalid_user_attempts,
  concat(replace(CAST(timestamp_micros(u.first_us) AS STRING), ' ', 'T'), 'Z') AS first_seen,
  concat(replace(CAST(timestamp_micros(u.last_us) AS STRING), ' ', 'T'), 'Z') AS last_seen,
  u.success_after_failures
FROM (
  SELECT
    n.host,
    n.user_name,
    CAST(sum(a.attempts) AS BIGINT) AS attempts,
    CAST(sum(a.failures) AS BIGINT) AS failures,
    CAST(sum(a.successes) AS BIGINT) AS successes,
    count(*) AS distinct_addresses,
    CAST(sum(a.invalid_user_attempts) AS BIGINT) AS invalid_user_attempts,
    min(a.first_try_us) AS first_us,
    max(a.last_try_us) AS last_us,
    max(a.success_after_failures) AS success_after_failures
  FROM address_users a
  JOIN accounts n ON n.account_id = a.account_id
  GROUP BY n.host, n.user_name
) u
ORDER BY u.host, u.user_name
