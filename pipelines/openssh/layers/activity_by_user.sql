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
    a.host,
    a.user_name,
    CAST(sum(a.tries) AS BIGINT) AS attempts,
    CAST(sum(a.failed) AS BIGINT) AS failures,
    CAST(sum(a.accepted) AS BIGINT) AS successes,
    count(DISTINCT a.address) AS distinct_addresses,
    CAST(sum(a.invalid_user) AS BIGINT) AS invalid_user_attempts,
    min(a.at_us) AS first_us,
    max(a.at_us) AS last_us,
    CAST(max(CASE WHEN a.accepted > 0 THEN a.failures_10min ELSE 0 END) AS BIGINT) AS success_after_failures
  FROM attempts a
  WHERE a.user_name IS NOT NULL
  GROUP BY a.host, a.user_name
) u
ORDER BY u.host, u.user_name
