-- Every (host, address) that a line names, with its lines, numbered: where rows are many, the number stands for both.
SELECT
  g.*,
  row_number() OVER (ORDER BY g.host, g.address) AS source_id,
  dense_rank() OVER (ORDER BY g.host) AS host_id
FROM (
  SELECT
    s.host,
    s.address,
    count(*) AS lines,
    count(DISTINCT s.pid) AS sessions,
    min(s.at_us) AS first_us,
    max(s.at_us) AS last_us,
    min(s.line_no) AS first_line,
    max(s.line_no) AS last_line
  FROM signals s
  GROUP BY s.host, s.address
) g
