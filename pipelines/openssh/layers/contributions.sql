-- Right tail of the empirical distribution (ECOD, Li et al. 2022): the share of entities whose value is at least this one; its -ln is
-- what the feature adds to the score. Decimals, so that the sum does not depend on its order.
SELECT
  c.host,
  c.address,
  c.feature,
  c.value,
  c.below,
  c.tail_probability,
  c.points,
  row_number() OVER (PARTITION BY c.host, c.address ORDER BY c.points DESC, c.feature) AS place
FROM (
  SELECT
    fv.host,
    fv.address,
    fv.feature,
    fv.value,
    b.below,
    CAST((b.total - b.below) / b.total AS DECIMAL(18,6)) AS tail_probability,
    CAST(-ln((b.total - b.below) / b.total) AS DECIMAL(18,12)) AS points
  FROM feature_values fv
  JOIN baseline b ON b.feature = fv.feature AND b.value = fv.value
) c
