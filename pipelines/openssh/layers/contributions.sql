-- Right tail of the empirical distribution (ECOD, Li et al. 2022): the share of entities whose value is at least this one; its -ln is
-- what the feature adds to the score. Decimals, so that the sum does not depend on its order.
SELECT
  fv.host,
  fv.address,
  fv.feature,
  fv.value,
  b.below,
  b.total,
  b.tail_probability,
  b.points
FROM feature_values fv
JOIN baseline b ON b.feature = fv.feature AND b.value = fv.level
