-- What people said, one row for each thing it is about; where something is both allowed and dismissed, it is allowed. What is said of a network
-- holds for the addresses and the smaller networks in it. to_json of a list of one gives the text quoted and escaped; substr takes off the brackets.
SELECT q.entity_kind, q.entity, q.host, q.id, min(q.kind) AS kind, min(q.judgement) AS judgement
FROM (
  SELECT j.entity_kind, j.entity, j.host, j.id, j.kind,
    concat('{"kind":"', j.kind, '","until":"', j.until, '","reason":', substr(j.reasons, 2, length(j.reasons) - 2),
      ',"author":', substr(j.authors, 2, length(j.authors) - 2), '}') AS judgement
  FROM (
    SELECT g.*, to_json(array_repeat(g.reason, 1)) AS reasons, to_json(array_repeat(g.author, 1)) AS authors
    FROM (
      SELECT w.kind, w.entity_kind, w.entity, w.host, w.id, w.until, w.reason, w.author FROM judgements w
      UNION ALL
      SELECT w.kind, 'address' AS entity_kind, b.address AS entity, w.host, w.id, w.until, w.reason, w.author
      FROM spoken_of w
      JOIN address_bits b ON substr(b.bits, 1, w.length) = w.bits
      UNION ALL
      SELECT DISTINCT w.kind, 'subnet' AS entity_kind, n.subnet AS entity, w.host, w.id, w.until, w.reason, w.author
      FROM spoken_of w
      JOIN address_bits b ON substr(b.bits, 1, w.length) = w.bits
      JOIN networks n ON n.address = b.address
      WHERE w.length <= 1 + try_cast(split_part(n.subnet, '/', 2) AS INT)
    ) g
  ) j
) q
GROUP BY q.entity_kind, q.entity, q.host, q.id
