-- The detections of each entity, folded; JSON in id order, titles with the most severe first. One that a person dismissed is told and does not count.
SELECT
  d.entity_kind,
  d.host,
  d.entity,
  count(*) AS detection_count,
  max(CASE WHEN h.id IS NULL AND a.id IS NULL THEN d.severity_rank ELSE 0 END) AS severity_rank,
  min(d.start_us) AS start_us,
  max(d.end_us) AS end_us,
  concat('[', array_join(array_sort(collect_list(concat(
    '{"id":"', d.id, '","technique":"', d.technique, '","severity":"', d.severity,
    '","observed":', CAST(d.observed AS STRING), ',"threshold":', CAST(d.threshold AS STRING),
    ',"first_line":', CAST(d.first_line AS STRING), ',"last_line":', CAST(d.last_line AS STRING),
    CASE WHEN h.id IS NULL AND a.id IS NULL THEN '' ELSE ',"dismissed":true' END, '}'
  ))), ','), ']') AS detections,
  concat_ws(', ',
    nullif(array_join(array_sort(collect_list(CASE WHEN d.severity_rank >= 3 THEN d.title END)), ', '), ''),
    nullif(array_join(array_sort(collect_list(CASE WHEN d.severity_rank = 2 THEN d.title END)), ', '), ''),
    nullif(array_join(array_sort(collect_list(CASE WHEN d.severity_rank < 2 THEN d.title END)), ', '), '')
  ) AS titles
FROM detection_hits d
LEFT JOIN judged h ON h.entity_kind = d.entity_kind AND h.entity = d.entity AND h.id = d.id AND h.host = d.host
LEFT JOIN judged a ON a.entity_kind = d.entity_kind AND a.entity = d.entity AND a.id = d.id AND a.host IS NULL
GROUP BY d.entity_kind, d.host, d.entity
