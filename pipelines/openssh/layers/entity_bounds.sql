-- First and last try of each flagged address, or its first and last line where it made none.
SELECT
  e.entity_kind,
  e.host,
  e.entity,
  coalesce(min(CASE WHEN s.attempt IS NOT NULL THEN s.line_no END), min(s.line_no)) AS first_line,
  coalesce(max(CASE WHEN s.attempt IS NOT NULL THEN s.line_no END), max(s.line_no)) AS last_line
FROM entities e
JOIN signals s ON s.host = e.host AND s.address = e.entity AND s.line_no >= 1
WHERE e.entity_kind = 'address' AND e.flagged
GROUP BY e.entity_kind, e.host, e.entity
