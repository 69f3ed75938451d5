SELECT
  d.id AS detection,
  d.title,
  d.technique,
  d.severity,
  d.entity_kind,
  CASE WHEN substr(d.host, 1, 1) IN ('=', '+', '-', '@', chr(9), chr(10), chr(13), '＝', '＋', '－', '＠')
    THEN concat(chr(39), d.host) ELSE d.host END AS host,
  CASE WHEN substr(d.entity, 1, 1) IN ('=', '+', '-', '@', chr(9), chr(10), chr(13), '＝', '＋', '－', '＠')
    THEN concat(chr(39), d.entity) ELSE d.entity END AS entity,
  d.observed,
  d.threshold,
  concat(replace(CAST(timestamp_micros(d.start_us) AS STRING), ' ', 'T'), 'Z') AS window_start,
  concat(replace(CAST(timestamp_micros(d.end_us) AS STRING), ' ', 'T'), 'Z') AS window_end,
  d.first_line,
  d.last_line,
  d.fired_line
FROM detection_hits d
ORDER BY d.host, d.entity_kind, d.entity, d.id
