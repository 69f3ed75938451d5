-- The score of each address, in nats, and its contributions as JSON, largest first.
SELECT
  i.host,
  i.address,
  i.score,
  i.failures_below,
  concat('[', concat_ws(',',
    max(CASE WHEN i.place = 1 THEN i.item END),
    max(CASE WHEN i.place = 2 THEN i.item END),
    max(CASE WHEN i.place = 3 THEN i.item END),
    max(CASE WHEN i.place = 4 THEN i.item END),
    max(CASE WHEN i.place = 5 THEN i.item END),
    max(CASE WHEN i.place = 6 THEN i.item END),
    max(CASE WHEN i.place = 7 THEN i.item END)
  ), ']') AS contributions
FROM (
  SELECT
    c.host,
    c.address,
    c.place,
    t.score,
    t.failures_below,
    concat('{"feature":"', c.feature,
      '","value":', trim(TRAILING '.' FROM trim(TRAILING '0' FROM CAST(c.value AS STRING))),
      ',"tail_probability":', CAST(c.tail_probability AS STRING),
      ',"share":', CAST(CAST(CASE WHEN t.score > 0 THEN CAST(c.points AS DOUBLE) / CAST(t.score AS DOUBLE) ELSE 0 END AS DECIMAL(18,6)) AS STRING),
      '}') AS item
  FROM contributions c
  JOIN (
    SELECT
      p.host,
      p.address,
      CAST(sum(p.points) AS DECIMAL(18,6)) AS score,
      max(CASE WHEN p.feature = 'failures' THEN CAST(p.below AS DOUBLE) ELSE 0 END) AS failures_below
    FROM contributions p
    GROUP BY p.host, p.address
  ) t ON t.host = c.host AND t.address = c.address
) i
GROUP BY i.host, i.address, i.score, i.failures_below
