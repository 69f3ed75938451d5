-- The contributions of each listed address as JSON, largest first.
SELECT
  i.host,
  i.address,
  concat('[', concat_ws(',',
    max(CASE WHEN i.place = 1 THEN i.item END),
    max(CASE WHEN i.place = 2 THEN i.item END),
    max(CASE WHEN i.place = 3 THEN i.item END),
    max(CASE WHEN i.place = 4 THEN i.item END),
    max(CASE WHEN i.place = 5 THEN i.item END),
    max(CASE WHEN i.place = 6 THEN i.item END),
    max(CASE WHEN i.place = 7 THEN i.item END),
    max(CASE WHEN i.place = 8 THEN i.item END)
  ), ']') AS contributions
FROM (
  SELECT
    c.host,
    c.address,
    row_number() OVER (PARTITION BY c.host, c.address ORDER BY c.points DESC, c.feature) AS place,
    concat('{"feature":"', c.feature,
      '","value":', trim(TRAILING '.' FROM trim(TRAILING '0' FROM CAST(c.value AS STRING))),
      ',"tail_probability":', CAST(c.tail_probability AS STRING),
      ',"share":', CAST(CAST(CASE WHEN l.score > 0 THEN CAST(c.points AS DOUBLE) / CAST(l.score AS DOUBLE) ELSE 0 END AS DECIMAL(18,6)) AS STRING),
      '}') AS item
  FROM listed l
  JOIN contributions c ON c.host = l.host AND c.address = l.entity
  WHERE l.entity_kind = 'address'
) i
GROUP BY i.host, i.address
