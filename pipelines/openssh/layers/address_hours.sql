-- Hours (UTC) in which an address failed and had no login accepted.
SELECT o.host, o.address, h.failing_hours
FROM (
  SELECT t.source_id, count(*) AS failing_hours
  FROM (
    SELECT q.source_id, floor(q.at_us / 3600000000.0) AS hour_no
    FROM login_tries q
    GROUP BY q.source_id, floor(q.at_us / 3600000000.0)
    HAVING sum(q.failed) > 0 AND sum(q.accepted) = 0
  ) t
  GROUP BY t.source_id
) h
JOIN sources o ON o.source_id = h.source_id
