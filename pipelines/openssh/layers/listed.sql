-- The entities that anomalies.json lists: all that are flagged or detected, and the best scored of the others.
SELECT e.*
FROM entities e
CROSS JOIN settings n
WHERE e.flagged OR e.detection_count > 0 OR e.place <= n.unflagged_kept
