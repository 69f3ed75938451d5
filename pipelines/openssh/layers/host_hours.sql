-- The lines of each host in each hour (UTC, counted from the epoch) that has any.
SELECT s.host, CAST(floor(s.at_us / 3600000000.0) AS BIGINT) AS hour_no, count(*) AS lines
FROM signals s
GROUP BY s.host, CAST(floor(s.at_us / 3600000000.0) AS BIGINT)
