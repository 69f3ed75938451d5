SELECT
  CASE WHEN substr(l.host, 1, 1) IN ('=', '+', '-', '@', chr(9), chr(10), chr(13), '＝', '＋', '－', '＠')
    THEN concat(chr(39), l.host) ELSE l.host END AS host,
  CASE WHEN substr(l.address, 1, 1) IN ('=', '+', '-', '@', chr(9), chr(10), chr(13), '＝', '＋', '－', '＠')
    THEN concat(chr(39), l.address) ELSE l.address END AS address,
  l.lines,
  l.sessions,
  CAST(coalesce(a.attempts, 0) AS BIGINT) AS attempts,
  CAST(coalesce(a.failures, 0) AS BIGINT) AS failures,
  CAST(coalesce(a.successes, 0) AS BIGINT) AS successes,
  coalesce(a.distinct_users, 0) AS distinct_users,
  CAST(coalesce(a.invalid_user_attempts, 0) AS BIGINT) AS invalid_user_attempts,
  CAST(coalesce(a.root_attempts, 0) AS BIGINT) AS root_attempts,
  concat(replace(CAST(timestamp_micros(l.first_us) AS STRING), ' ', 'T'), 'Z') AS first_seen,
  concat(replace(CAST(timestamp_micros(l.last_us) AS STRING), ' ', 'T'), 'Z') AS last_seen,
  CAST(floor((l.last_us - l.first_us) / 1000.0) / 1000.0 AS DECIMAL(18,3)) AS span_s,
  CAST(coalesce(a.failures_10min_max, 0) AS BIGINT) AS failures_10min_max,
  CAST(coalesce(a.success_after_failures, 0) AS BIGINT) AS success_after_failures,
  CAST(floor(a.median_gap_us / 1000.0) / 1000.0 AS DECIMAL(18,3)) AS median_interval_s
FROM address_lines l
LEFT JOIN address_attempts a ON a.host = l.host AND a.address = l.address
ORDER BY l.host, l.address
