-- The addresses of this file and the networks that people spoke of as bits: 4 or 6, then 32 or 128 digits, so that a network covers an address
-- that begins with its first ones. Empty while nobody spoke of a network. Names have none.
SELECT
  h.address,
  concat(h.family, replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
    translate(h.digits, '0123456789abcdef', 'ghijklmnopqrstuv'),
    'g', '0000'), 'h', '0001'), 'i', '0010'), 'j', '0011'), 'k', '0100'), 'l', '0101'), 'm', '0110'), 'n', '0111'),
    'o', '1000'), 'p', '1001'), 'q', '1010'), 'r', '1011'), 's', '1100'), 't', '1101'), 'u', '1110'), 'v', '1111')) AS bits
FROM (
  SELECT
    p.address,
    CASE WHEN p.is_v6 THEN '6' ELSE '4' END AS family,
    CASE
      WHEN p.is_v6 THEN concat(
        lpad(CASE WHEN p.heads >= 1 THEN split_part(p.head, ':', 1)
          WHEN p.tails >= 8 THEN split_part(p.tail, ':', greatest(p.tails - 7, 1)) ELSE '0' END, 4, '0'),
        lpad(CASE WHEN p.heads >= 2 THEN split_part(p.head, ':', 2)
          WHEN p.tails >= 7 THEN split_part(p.tail, ':', greatest(p.tails - 6, 1)) ELSE '0' END, 4, '0'),
        lpad(CASE WHEN p.heads >= 3 THEN split_part(p.head, ':', 3)
          WHEN p.tails >= 6 THEN split_part(p.tail, ':', greatest(p.tails - 5, 1)) ELSE '0' END, 4, '0'),
        lpad(CASE WHEN p.heads >= 4 THEN split_part(p.head, ':', 4)
          WHEN p.tails >= 5 THEN split_part(p.tail, ':', greatest(p.tails - 4, 1)) ELSE '0' END, 4, '0'),
        lpad(CASE WHEN p.heads >= 5 THEN split_part(p.head, ':', 5)
          WHEN p.tails >= 4 THEN split_part(p.tail, ':', greatest(p.tails - 3, 1)) ELSE '0' END, 4, '0'),
        lpad(CASE WHEN p.heads >= 6 THEN split_part(p.head, ':', 6)
          WHEN p.tails >= 3 THEN split_part(p.tail, ':', greatest(p.tails - 2, 1)) ELSE '0' END, 4, '0'),
        lpad(CASE WHEN p.heads >= 7 THEN split_part(p.head, ':', 7)
          WHEN p.tails >= 2 THEN split_part(p.tail, ':', greatest(p.tails - 1, 1)) ELSE '0' END, 4, '0'),
        lpad(CASE WHEN p.heads >= 8 THEN split_part(p.head, ':', 8)
          WHEN p.tails >= 1 THEN split_part(p.tail, ':', greatest(p.tails - 0, 1)) ELSE '0' END, 4, '0'))
      ELSE concat(
        lpad(lower(hex(try_cast(split_part(p.address, '.', 1) AS BIGINT))), 2, '0'),
        lpad(lower(hex(try_cast(split_part(p.address, '.', 2) AS BIGINT))), 2, '0'),
        lpad(lower(hex(try_cast(split_part(p.address, '.', 3) AS BIGINT))), 2, '0'),
        lpad(lower(hex(try_cast(split_part(p.address, '.', 4) AS BIGINT))), 2, '0'))
    END AS digits
  FROM (
    SELECT
      s.*,
      CASE WHEN s.head = '' THEN 0 ELSE length(s.head) - length(replace(s.head, ':', '')) + 1 END AS heads,
      CASE WHEN s.tail = '' THEN 0 ELSE length(s.tail) - length(replace(s.tail, ':', '')) + 1 END AS tails
    FROM (
      SELECT a.address, a.address LIKE '%:%' AS is_v6, split_part(a.address, '::', 1) AS head, split_part(a.address, '::', 2) AS tail
      FROM (
        SELECT n.address
        FROM networks n
        CROSS JOIN (SELECT count(*) AS networks FROM judgements j WHERE j.entity_kind = 'subnet') c
        WHERE n.subnet IS NOT NULL AND c.networks > 0
        UNION
        SELECT split_part(j.entity, '/', 1) AS address FROM judgements j WHERE j.entity_kind = 'subnet'
      ) a
      WHERE a.address LIKE '%:%' OR (translate(a.address, '0123456789', '') = '...'
        AND a.address NOT LIKE '%..%' AND a.address NOT LIKE '.%' AND a.address NOT LIKE '%.')
    ) s
  ) p
) h
