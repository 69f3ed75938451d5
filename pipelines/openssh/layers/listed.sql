-- The entities that anomalies.json lists: all that are flagged, detected or judged, and the best scored of the others.
SELECT e.*
FROM entities e
CROSS JOIN settings n
WHERE e.flagged OR e.detection_count > 0 OR e.judgement IS NOT NULL OR e.place <= n.unflagged_kept
