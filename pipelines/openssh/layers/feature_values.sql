-- The features in long form; this list is the model's list of features. `level` is the value cut to three significant digits: what the tables of
-- the model hold, so that they stay small however many addresses there are. Cut as text, which is exact on every engine.
SELECT
  m.host,
  m.address,
  m.feature,
  m.value,
  CAST(CAST(rpad(substr(m.micros, 1, 3), CAST(length(m.micros) AS INT), '0') AS BIGINT) / 1000000 AS DECIMAL(18,6)) AS level
FROM (
  SELECT u.*, CAST(CAST(u.value * 1000000 AS BIGINT) AS STRING) AS micros
  FROM (
    SELECT f.host, f.address, 'failures' AS feature, f.failures AS value FROM features f
    UNION ALL
    SELECT f.host, f.address, 'failure_share' AS feature, f.failure_share AS value FROM features f
    UNION ALL
    SELECT f.host, f.address, 'failed_users' AS feature, f.failed_users AS value FROM features f
    UNION ALL
    SELECT f.host, f.address, 'invalid_user_share' AS feature, f.invalid_user_share AS value FROM features f
    UNION ALL
    SELECT f.host, f.address, 'failures_10min_max' AS feature, f.failures_10min_max AS value FROM features f
    UNION ALL
    SELECT f.host, f.address, 'failing_hours' AS feature, f.failing_hours AS value FROM features f
    UNION ALL
    SELECT f.host, f.address, 'regularity' AS feature, f.regularity AS value FROM features f
  ) u
) m
