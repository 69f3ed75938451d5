-- The evidence of each entity as JSON, in line order; lines up to 0 are of the file before. to_json of a list of one gives the text quoted and escaped; substr takes off the brackets.
SELECT
  i.entity_kind,
  i.host,
  i.entity,
  concat('[', concat_ws(',',
    max(CASE WHEN i.place = 1 THEN i.item END),
    max(CASE WHEN i.place = 2 THEN i.item END),
    max(CASE WHEN i.place = 3 THEN i.item END),
    max(CASE WHEN i.place = 4 THEN i.item END),
    max(CASE WHEN i.place = 5 THEN i.item END),
    max(CASE WHEN i.place = 6 THEN i.item END),
    max(CASE WHEN i.place = 7 THEN i.item END),
    max(CASE WHEN i.place = 8 THEN i.item END)
  ), ']') AS evidence
FROM (
  SELECT q.entity_kind, q.host, q.entity, q.place,
    concat('{"line_no":', CAST(q.line_no AS STRING), ',"raw":', substr(q.quoted, 2, length(q.quoted) - 2), '}') AS item
  FROM (
    SELECT v.entity_kind, v.host, v.entity, v.place, v.line_no, to_json(array_repeat(substr(l.raw, 1, 500), 1)) AS quoted
    FROM evidence_lines v
    JOIN lines l ON l.line_no = v.line_no
    UNION ALL
    SELECT v.entity_kind, v.host, v.entity, v.place, v.line_no, to_json(array_repeat(k.raw, 1)) AS quoted
    FROM evidence_lines v
    JOIN carried k ON k.line_no = v.line_no
  ) q
) i
GROUP BY i.entity_kind, i.host, i.entity
