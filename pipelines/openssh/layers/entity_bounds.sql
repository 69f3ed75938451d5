-- First and last try of each flagged address in this file, or its first and last line where it made none.
SELECT
  e.entity_kind,
  e.host,
  e.entity,
  coalesce(a.first_try_line, l.first_line) AS first_line,
  coalesce(a.last_try_line, l.last_line) AS last_line
FROM entities e
JOIN address_lines l ON l.host = e.host AND l.address = e.entity
LEFT JOIN address_attempts a ON a.source_id = l.source_id
WHERE e.entity_kind = 'address' AND e.flagged
