-- The network of each IP address: /24 of IPv4, /64 of IPv6 in its shortest text. Names have none.
SELECT
  t.address,
  CASE
    WHEN t.is_v6 THEN concat(CASE
      WHEN t.g4 <> '0' THEN concat(t.g1, ':', t.g2, ':', t.g3, ':', t.g4)
      WHEN t.g3 <> '0' THEN concat(t.g1, ':', t.g2, ':', t.g3)
      WHEN t.g2 <> '0' THEN concat(t.g1, ':', t.g2)
      WHEN t.g1 <> '0' THEN t.g1
      ELSE '' END, '::/64')
    WHEN try_cast(split_part(t.address, '.', 4) AS INT) IS NOT NULL AND split_part(t.address, '.', 5) = ''
    THEN concat(split_part(t.address, '.', 1), '.', split_part(t.address, '.', 2), '.', split_part(t.address, '.', 3), '.0/24')
  END AS subnet
FROM (
  SELECT
    p.address,
    p.is_v6,
    -- Groups 1 to 4: those before `::`, zeros, or those after it where it stands among the first four.
    CASE WHEN p.heads >= 1 THEN split_part(p.head, ':', 1) WHEN p.tails >= 8 THEN split_part(p.tail, ':', greatest(p.tails - 7, 1)) ELSE '0' END AS g1,
    CASE WHEN p.heads >= 2 THEN split_part(p.head, ':', 2) WHEN p.tails >= 7 THEN split_part(p.tail, ':', greatest(p.tails - 6, 1)) ELSE '0' END AS g2,
    CASE WHEN p.heads >= 3 THEN split_part(p.head, ':', 3) WHEN p.tails >= 6 THEN split_part(p.tail, ':', greatest(p.tails - 5, 1)) ELSE '0' END AS g3,
    CASE WHEN p.heads >= 4 THEN split_part(p.head, ':', 4) WHEN p.tails >= 5 THEN split_part(p.tail, ':', greatest(p.tails - 4, 1)) ELSE '0' END AS g4
  FROM (
    SELECT
      h.address,
      h.is_v6,
      h.head,
      h.tail,
      CASE WHEN h.head = '' THEN 0 ELSE length(h.head) - length(replace(h.head, ':', '')) + 1 END AS heads,
      CASE WHEN h.tail = '' THEN 0 ELSE length(h.tail) - length(replace(h.tail, ':', '')) + 1 END AS tails
    FROM (
      SELECT a.address, a.address LIKE '%:%' AS is_v6, split_part(a.address, '::', 1) AS head, split_part(a.address, '::', 2) AS tail
      FROM (SELECT s.address FROM source_lines s UNION SELECT k.address FROM known_logins k) a
    ) h
  ) p
) t
