-- Pairs of user and address, at most history_rows: those seen last, then the most frequent, are kept.
SELECT p.user_name, p.address, p.first_day, p.last_day, p.logins
FROM (
  SELECT g.*, row_number() OVER (ORDER BY g.last_day DESC, g.logins DESC, g.user_name, g.address) AS place
  FROM (
    SELECT
      o.user_name,
      o.address,
      substr(CAST(timestamp_micros(CAST(min(o.hour_no) AS BIGINT) * 3600000000) AS STRING), 1, 10) AS first_day,
      substr(CAST(timestamp_micros(CAST(max(o.hour_no) AS BIGINT) * 3600000000) AS STRING), 1, 10) AS last_day,
      CAST(sum(o.logins) AS BIGINT) AS logins
    FROM own_logins o
    GROUP BY o.user_name, o.address
  ) g
) p
CROSS JOIN settings n
WHERE p.place <= n.history_rows
ORDER BY p.user_name, p.address
