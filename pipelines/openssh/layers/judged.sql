-- What people said, one row for each thing it is about; where something is both allowed and dismissed, it is allowed. to_json of a list of one
-- gives the text quoted and escaped; substr takes off the brackets.
SELECT q.entity_kind, q.entity, q.host, q.id, min(q.kind) AS kind, min(q.judgement) AS judgement
FROM (
  SELECT j.entity_kind, j.entity, j.host, j.id, j.kind,
    concat('{"kind":"', j.kind, '","until":"', j.until, '","reason":', substr(j.reasons, 2, length(j.reasons) - 2),
      ',"author":', substr(j.authors, 2, length(j.authors) - 2), '}') AS judgement
  FROM (
    SELECT g.*, to_json(array_repeat(g.reason, 1)) AS reasons, to_json(array_repeat(g.author, 1)) AS authors FROM judgements g
  ) j
) q
GROUP BY q.entity_kind, q.entity, q.host, q.id
