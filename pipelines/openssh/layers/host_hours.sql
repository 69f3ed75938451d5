-- The lines of each host in each hour (UTC, counted from the epoch) of this file that has any.
SELECT s.host, CAST(floor(s.at_us / 3600000000.0) AS BIGINT) AS hour_no, count(*) AS lines, max(s.line_no) AS last_line, max(s.at_us) AS last_us
FROM signals s
WHERE s.line_no >= 1
GROUP BY s.host, CAST(floor(s.at_us / 3600000000.0) AS BIGINT)
