-- Who tried whom in each hour (counted from the epoch), and the filters that any of those lines fits: tells cheaply where it is worth to look.
SELECT l.source_id, l.account_id, CAST(floor(l.at_us / 3600000000.0) AS BIGINT) AS hour_no, bit_or(l.fits) AS fits
FROM looks l
GROUP BY l.source_id, l.account_id, CAST(floor(l.at_us / 3600000000.0) AS BIGINT)
