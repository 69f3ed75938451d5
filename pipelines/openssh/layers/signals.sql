-- The slim form of silver events that gold and ml work on: one row a line that names an address, or that is a try at a login.
-- An attempt whose address is no IP (UseDNS wrote a host name) is keyed by the text as written.
-- line_no below 1: a line of the file before in the stream. Detections use it; what counts this file alone leaves it out.
SELECT
  e.line_no,
  unix_micros(e.time) AS at_us,
  coalesce(e.host, '') AS host,
  coalesce(e.address, CASE WHEN e.attempt IS NOT NULL THEN e.address_raw END, '') AS address,
  e.user AS user_name,
  e.event,
  e.outcome,
  e.attempt,
  e.method,
  e.pid,
  e.repeat AS tries,
  CASE WHEN e.attempt = 'auth_failed' THEN e.repeat ELSE 0 END AS failed,
  CASE WHEN e.attempt = 'auth_accepted' THEN e.repeat ELSE 0 END AS accepted,
  CASE WHEN e.attempt IS NOT NULL AND e.user_valid = false THEN e.repeat ELSE 0 END AS invalid_user
FROM events e
WHERE e.time IS NOT NULL AND (e.address IS NOT NULL OR e.attempt IS NOT NULL)
UNION ALL
SELECT
  c.line_no,
  c.at_us,
  c.host,
  c.address,
  c.user_name,
  c.event,
  c.outcome,
  c.attempt,
  c.method,
  c.pid,
  c.tries,
  c.failed,
  c.accepted,
  c.invalid_user
FROM carried c
CROSS JOIN (SELECT min(e.time) AS first_time FROM events e) f
WHERE c.at_us <= unix_micros(f.first_time)
