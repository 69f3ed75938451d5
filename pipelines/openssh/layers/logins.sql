-- The accepted logins, each with what its user (by name, on any host) had done before: logins, networks they came from, hours of the day.
SELECT
  w.*,
  w.user_place - 1 AS logins_before,
  sum(CASE WHEN w.network_place = 1 THEN 1 ELSE 0 END) OVER (
    PARTITION BY w.user_name ORDER BY w.at_us, w.line_no ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
  ) - CASE WHEN w.network_place = 1 THEN 1 ELSE 0 END AS networks_before
FROM (
  SELECT
    b.*,
    min(b.at_us) OVER (PARTITION BY b.user_name) AS first_us,
    row_number() OVER (PARTITION BY b.user_name ORDER BY b.at_us, b.line_no) AS user_place,
    row_number() OVER (PARTITION BY b.user_name, b.network ORDER BY b.at_us, b.line_no) AS network_place,
    row_number() OVER (PARTITION BY b.user_name, b.hour ORDER BY b.at_us, b.line_no) AS hour_place
  FROM (
    SELECT
      a.user_name,
      l.account_id,
      l.at_us,
      l.line_no,
      coalesce(o.subnet, o.address) AS network,
      CAST(floor(l.at_us / 3600000000.0) - 24 * floor(l.at_us / 86400000000.0) AS BIGINT) AS hour
    FROM looks l
    JOIN accounts a ON a.account_id = l.account_id
    JOIN sources o ON o.source_id = l.source_id
    WHERE (l.fits & 2) <> 0
  ) b
) w
