-- Every (host, address) with its network, numbered: where rows are many, the number stands for both. A stranger is an address from which no
-- login was accepted, here or before.
SELECT
  g.host,
  g.address,
  n.subnet,
  g.lines,
  g.sessions,
  g.bad_sessions,
  g.key_failures,
  g.first_us,
  g.last_us,
  g.first_line,
  g.last_line,
  g.logins,
  g.bad_lines,
  g.logins = 0 AND k.address IS NULL AS stranger,
  row_number() OVER (ORDER BY g.host, g.address) AS source_id,
  dense_rank() OVER (ORDER BY g.host) AS host_id,
  dense_rank() OVER (ORDER BY g.address) AS address_id,
  CASE WHEN n.subnet IS NOT NULL THEN dense_rank() OVER (ORDER BY g.host, n.subnet) END AS subnet_id
FROM source_lines g
JOIN networks n ON n.address = g.address
LEFT JOIN (SELECT DISTINCT c.address FROM known_logins c) k ON k.address = g.address
