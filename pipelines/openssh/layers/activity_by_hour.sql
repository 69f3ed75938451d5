SELECT
  CASE WHEN substr(h.host, 1, 1) IN ('=', '+', '-', '@', chr(9), chr(10), chr(13), '＝', '＋', '－', '＠')
    THEN concat(chr(39), h.host) ELSE h.host END AS host,
  concat(replace(CAST(timestamp_micros(h.hour_no * 3600000000) AS STRING), ' ', 'T'), 'Z') AS hour,
  h.lines,
  h.attempts,
  h.failures,
  h.successes,
  h.distinct_addresses,
  h.distinct_users,
  h.invalid_user_attempts
FROM (
  SELECT
    s.host,
    CAST(floor(s.at_us / 3600000000.0) AS BIGINT) AS hour_no,
    count(*) AS lines,
    CAST(sum(CASE WHEN s.attempt IS NOT NULL THEN s.tries ELSE 0 END) AS BIGINT) AS attempts,
    CAST(sum(s.failed) AS BIGINT) AS failures,
    CAST(sum(s.accepted) AS BIGINT) AS successes,
    count(DISTINCT CASE WHEN s.attempt IS NOT NULL THEN s.address END) AS distinct_addresses,
    count(DISTINCT CASE WHEN s.attempt IS NOT NULL THEN s.user_name END) AS distinct_users,
    CAST(sum(s.invalid_user) AS BIGINT) AS invalid_user_attempts
  FROM signals s
  GROUP BY s.host, CAST(floor(s.at_us / 3600000000.0) AS BIGINT)
) h
ORDER BY h.host, h.hour_no
