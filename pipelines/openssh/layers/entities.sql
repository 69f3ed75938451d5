-- Every address with its score and detections, and every user or host that a detection names; who is flagged, by whom, how severely. What a
-- person allowed or dismissed is not flagged; `suspicious` is what the model must not learn from: also what was dismissed.
SELECT
  j.*,
  j.severity_rank >= 2 AS flagged,
  j.found_rank >= 2 AND coalesce(j.judged_kind, '') <> 'allow' AS suspicious,
  CASE
    WHEN j.severity_rank < 2 THEN NULL
    WHEN j.by_model AND j.detection_rank >= 2 THEN 'both'
    WHEN j.by_model THEN 'model'
    WHEN j.detection_rank >= 2 THEN 'detections'
  END AS agreement,
  row_number() OVER (
    PARTITION BY j.severity_rank >= 2
    ORDER BY j.severity_rank DESC, j.score DESC NULLS LAST, j.entity_kind, j.host, j.entity
  ) AS place
FROM (
  SELECT
    e.*,
    coalesce(h.kind, a.kind) AS judged_kind,
    coalesce(h.judgement, a.judgement) AS judgement,
    greatest(e.detection_rank, CASE WHEN e.by_model THEN 2 ELSE 0 END) AS found_rank,
    CASE WHEN coalesce(h.kind, a.kind) IS NULL THEN greatest(e.detection_rank, CASE WHEN e.by_model THEN 2 ELSE 0 END) ELSE 0 END AS severity_rank
  FROM (
    SELECT
      'address' AS entity_kind,
      f.host,
      f.address AS entity,
      f.first_us AS start_us,
      f.last_us AS end_us,
      s.score,
      s.failures_below,
      s.seen,
      coalesce(s.score > t.threshold, false) AS by_model,
      coalesce(d.severity_rank, 0) AS detection_rank,
      coalesce(d.detection_count, 0) AS detection_count,
      coalesce(d.detections, '[]') AS detections,
      d.titles,
      f.lines,
      CAST(f.attempts AS BIGINT) AS attempts,
      CAST(f.failures AS BIGINT) AS failures,
      CAST(f.successes AS BIGINT) AS successes,
      f.distinct_users,
      CAST(f.failed_users AS BIGINT) AS failed_users,
      f.last_try_us - f.first_try_us AS tries_us,
      CASE WHEN f.regularity > 0.5 THEN f.median_gap_us END AS rhythm_us
    FROM features f
    JOIN scores s ON s.host = f.host AND s.address = f.address
    CROSS JOIN score_threshold t
    LEFT JOIN entity_detections d ON d.entity_kind = 'address' AND d.host = f.host AND d.entity = f.address
    UNION ALL
    SELECT
      d.entity_kind,
      d.host,
      d.entity,
      d.start_us,
      d.end_us,
      CAST(NULL AS DECIMAL(18,6)) AS score,
      CAST(NULL AS BIGINT) AS failures_below,
      CAST(NULL AS BIGINT) AS seen,
      false AS by_model,
      d.severity_rank AS detection_rank,
      d.detection_count,
      d.detections,
      d.titles,
      CAST(NULL AS BIGINT) AS lines,
      CAST(NULL AS BIGINT) AS attempts,
      CAST(NULL AS BIGINT) AS failures,
      CAST(NULL AS BIGINT) AS successes,
      CAST(NULL AS BIGINT) AS distinct_users,
      CAST(NULL AS BIGINT) AS failed_users,
      CAST(NULL AS BIGINT) AS tries_us,
      CAST(NULL AS DOUBLE) AS rhythm_us
    FROM entity_detections d
    WHERE d.entity_kind <> 'address'
  ) e
  LEFT JOIN judged h ON h.entity_kind = e.entity_kind AND h.entity = e.entity AND h.host = e.host AND h.id IS NULL
  LEFT JOIN judged a ON a.entity_kind = e.entity_kind AND a.entity = e.entity AND a.host IS NULL AND a.id IS NULL
) j
