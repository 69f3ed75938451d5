-- Hours (UTC) in which an address failed and had no login accepted.
SELECT h.host, h.address, count(*) AS failing_hours
FROM (
  SELECT a.host, a.address, floor(a.at_us / 3600000000.0) AS hour_no
  FROM attempts a
  GROUP BY a.host, a.address, floor(a.at_us / 3600000000.0)
  HAVING sum(a.failed) > 0 AND sum(a.accepted) = 0
) h
GROUP BY h.host, h.address
