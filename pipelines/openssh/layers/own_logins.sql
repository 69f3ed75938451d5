-- Accepted logins of this file by addresses and users that are not suspicious.
SELECT
  a.user_name,
  a.address,
  floor(a.at_us / 3600000000.0) AS hour_no,
  CAST(sum(a.accepted) AS BIGINT) AS logins
FROM attempts a
LEFT JOIN entities f ON f.suspicious AND f.entity_kind = 'address' AND f.host = a.host AND f.entity = a.address
LEFT JOIN entities u ON u.suspicious AND u.entity_kind = 'user' AND u.host = a.host AND u.entity = a.user_name
WHERE a.line_no >= 1 AND a.accepted > 0 AND a.user_name IS NOT NULL AND f.entity IS NULL AND u.entity IS NULL
GROUP BY a.user_name, a.address, floor(a.at_us / 3600000000.0)
