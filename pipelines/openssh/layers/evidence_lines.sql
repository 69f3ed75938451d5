-- The lines that show why an entity is flagged: its first and last try (or line, without tries), and the first and last line of each
-- detection, the most severe first; at most eight.
SELECT p.entity_kind, p.host, p.entity, p.line_no, row_number() OVER (PARTITION BY p.entity_kind, p.host, p.entity ORDER BY p.line_no) AS place
FROM (
  SELECT c.entity_kind, c.host, c.entity, c.line_no,
    row_number() OVER (PARTITION BY c.entity_kind, c.host, c.entity ORDER BY min(c.weight), c.line_no) AS importance
  FROM (
    SELECT b.entity_kind, b.host, b.entity, b.first_line AS line_no, -9 AS weight FROM entity_bounds b
    UNION ALL
    SELECT b.entity_kind, b.host, b.entity, b.last_line AS line_no, -9 AS weight FROM entity_bounds b
    UNION ALL
    SELECT d.entity_kind, d.host, d.entity, d.last_line AS line_no, -d.severity_rank AS weight FROM detection_hits d
    UNION ALL
    SELECT d.entity_kind, d.host, d.entity, d.first_line AS line_no, -d.severity_rank AS weight FROM detection_hits d
  ) c
  GROUP BY c.entity_kind, c.host, c.entity, c.line_no
) p
WHERE p.importance <= 8
