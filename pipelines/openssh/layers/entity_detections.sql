-- The detections of each entity, folded; JSON in id order.
SELECT
  d.entity_kind,
  d.host,
  d.entity,
  count(*) AS detection_count,
  max(d.severity_rank) AS severity_rank,
  min(d.start_us) AS start_us,
  max(d.end_us) AS end_us,
  concat('[', array_join(array_sort(collect_list(concat(
    '{"id":"', d.id, '","technique":"', d.technique, '","severity":"', d.severity,
    '","observed":', CAST(d.observed AS STRING), ',"threshold":', CAST(d.threshold AS STRING),
    ',"first_line":', CAST(d.first_line AS STRING), ',"last_line":', CAST(d.last_line AS STRING), '}'
  ))), ','), ']') AS detections,
  array_join(array_sort(collect_list(d.title)), ', ') AS titles
FROM detection_hits d
GROUP BY d.entity_kind, d.host, d.entity
