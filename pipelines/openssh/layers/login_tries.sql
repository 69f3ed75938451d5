-- The tries at a login of this file, each with the failures of its address in the 600 s up to and including it, and the gap to the try before.
-- A repeated message is one row that weighs `tries`. Names stand in sources and accounts.
SELECT
  t.*,
  CAST(sum(t.failed) OVER (
    PARTITION BY t.source_id ORDER BY t.at_us RANGE BETWEEN 600000000 PRECEDING AND CURRENT ROW
  ) AS BIGINT) AS failures_10min,
  t.at_us - lag(t.at_us) OVER (PARTITION BY t.source_id ORDER BY t.at_us) AS gap_us
FROM (
  SELECT
    l.source_id,
    l.account_id,
    l.at_us,
    l.line_no,
    l.tries,
    CASE WHEN (l.fits & 1) <> 0 THEN l.tries ELSE 0 END AS failed,
    CASE WHEN (l.fits & 2) <> 0 THEN l.tries ELSE 0 END AS accepted,
    CASE WHEN (l.fits & 4) <> 0 THEN l.tries ELSE 0 END AS invalid_user
  FROM looks l
  WHERE (l.fits & 3) <> 0 AND l.line_no >= 1
) t
