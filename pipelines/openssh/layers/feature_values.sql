-- The features in long form. This list is the model's list of features.
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
