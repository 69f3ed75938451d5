-- What people said of networks, each with the bits that all its addresses begin with.
SELECT l.*, substr(b.bits, 1, l.length) AS bits
FROM (
  SELECT j.*, split_part(j.entity, '/', 1) AS address, 1 + try_cast(split_part(j.entity, '/', 2) AS INT) AS length
  FROM judgements j
  WHERE j.entity_kind = 'subnet'
) l
JOIN address_bits b ON b.address = l.address
WHERE l.length IS NOT NULL
