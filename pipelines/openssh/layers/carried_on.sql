-- What the next file of the stream may need of this one: the lines of the carry_seconds before the last, the newest carry_lines of them. What was
-- carried here and still counts is handed on.
SELECT p.*
FROM (
  SELECT s.*, row_number() OVER (ORDER BY s.line_no DESC) AS place
  FROM signals s
  CROSS JOIN (SELECT max(x.at_us) AS last_us FROM signals x) z
  CROSS JOIN settings n
  WHERE s.at_us >= z.last_us - CAST(n.carry_seconds AS BIGINT) * 1000000
) p
CROSS JOIN settings n
WHERE p.place <= n.carry_lines
