-- The end of this file as the next one of the stream sees it: line 0 is its last.
SELECT
  c.line_no - e.last_line AS line_no,
  c.at_us,
  c.host,
  c.address,
  c.user_name,
  c.event,
  c.attempt,
  c.method,
  c.pid,
  c.tries,
  c.failed,
  c.accepted,
  c.invalid_user,
  r.raw,
  c.outcome
FROM carried_on c
JOIN (
  SELECT l.line_no, substr(l.raw, 1, 500) AS raw FROM carried_on o JOIN lines l ON l.line_no = o.line_no
  UNION ALL
  SELECT k.line_no, k.raw FROM carried k
) r ON r.line_no = c.line_no
CROSS JOIN (SELECT coalesce(max(x.line_no), 0) AS last_line FROM lines x) e
ORDER BY c.line_no
