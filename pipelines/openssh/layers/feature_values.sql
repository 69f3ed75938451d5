-- The features in long form; this list is the model's list of features. What the whole internet does all day is no sign of anything: four
-- failures are free, and three more with each login that was accepted; they count as none. An agent offers one key after the other, so keys of users
-- who exist do not count towards it. `level` is the value cut to three significant digits:
-- what the tables of the model hold, so that they stay small however many addresses there are. Cut as text, which is exact on every engine.
SELECT
  m.host,
  m.address,
  m.feature,
  m.value,
  CAST(CAST(rpad(substr(m.micros, 1, 3), CAST(length(m.micros) AS INT), '0') AS BIGINT) / 1000000 AS DECIMAL(18,6)) AS level
FROM (
  SELECT u.host, u.address, u.feature, u.value, CAST(CAST(u.value * 1000000 AS BIGINT) AS STRING) AS micros
  FROM (
    SELECT
      g.host,
      g.address,
      t.feature,
      CAST(CASE
        WHEN t.feature = 'bad_sessions' AND g.bad_sessions > g.free THEN g.bad_sessions
        WHEN t.feature = 'regularity' THEN g.regularity
        WHEN g.failures - g.key_failures <= g.free THEN 0
        WHEN t.feature = 'failures' THEN g.failures
        WHEN t.feature = 'failing_hours' AND g.failing_hours > g.free THEN g.failing_hours
        WHEN t.feature = 'failure_share' THEN g.failure_share
        WHEN t.feature = 'failed_users' THEN g.failed_users
        WHEN t.feature = 'invalid_user_share' THEN g.invalid_user_share
        WHEN t.feature = 'failures_10min_max' THEN g.failures_10min_max
        ELSE 0 END AS DECIMAL(18,6)) AS value
    FROM (SELECT f.*, 4 + 3 * f.successes AS free FROM features f) g
    CROSS JOIN (
      SELECT 'failures' AS feature UNION ALL SELECT 'failure_share' UNION ALL SELECT 'failed_users' UNION ALL SELECT 'invalid_user_share'
      UNION ALL SELECT 'failures_10min_max' UNION ALL SELECT 'failing_hours' UNION ALL SELECT 'regularity' UNION ALL SELECT 'bad_sessions'
    ) t
  ) u
) m
