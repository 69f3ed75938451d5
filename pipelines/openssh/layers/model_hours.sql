-- Hours of the day by user, at most history_rows: the most frequent are kept.
SELECT p.user_name, p.hour, p.logins
FROM (
  SELECT g.*, row_number() OVER (ORDER BY g.logins DESC, g.user_name, g.hour) AS place
  FROM (
    SELECT o.user_name, CAST(o.hour_no - 24 * floor(o.hour_no / 24) AS BIGINT) AS hour, CAST(sum(o.logins) AS BIGINT) AS logins
    FROM own_logins o
    GROUP BY o.user_name, CAST(o.hour_no - 24 * floor(o.hour_no / 24) AS BIGINT)
  ) g
) p
CROSS JOIN settings n
WHERE p.place <= n.history_rows
ORDER BY p.user_name, p.hour
