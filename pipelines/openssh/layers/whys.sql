-- Each listed entity with its sentence.
SELECT
  e.*,
  concat(
    CASE
      WHEN e.entity_kind <> 'address' THEN concat(e.entity_kind, ' ', e.entity)
      WHEN e.attempts = 0 THEN concat(CAST(e.lines AS STRING), CASE WHEN e.lines = 1 THEN ' line' ELSE ' lines' END, ' and no try at a login from ', e.source)
      WHEN e.failures = 0 THEN concat(
        CAST(e.successes AS STRING), CASE WHEN e.successes = 1 THEN ' accepted login' ELSE ' accepted logins' END,
        ' as ', CAST(e.distinct_users AS STRING), CASE WHEN e.distinct_users = 1 THEN ' user' ELSE ' users' END,
        ' from ', e.source, ' and none that failed'
      )
      ELSE concat(
        CAST(e.failures AS STRING), CASE WHEN e.failures = 1 THEN ' failed login' ELSE ' failed logins' END,
        ' for ', CAST(e.failed_users AS STRING), CASE WHEN e.failed_users = 1 THEN ' user' ELSE ' users' END,
        ' from ', e.source,
        CASE
          WHEN e.tries_us < 1000000 THEN ''
          WHEN e.tries_us < 2000000 THEN ' in 1 second'
          WHEN e.tries_us < 120000000 THEN concat(' in ', CAST(CAST(floor(e.tries_us / 1000000.0) AS BIGINT) AS STRING), ' seconds')
          WHEN e.tries_us < 7200000000 THEN concat(' in ', CAST(CAST(floor(e.tries_us / 60000000.0) AS BIGINT) AS STRING), ' minutes')
          WHEN e.tries_us < 172800000000 THEN concat(' in ', CAST(CAST(floor(e.tries_us / 3600000000.0) AS BIGINT) AS STRING), ' hours')
          ELSE concat(' in ', CAST(CAST(floor(e.tries_us / 86400000000.0) AS BIGINT) AS STRING), ' days')
        END,
        CASE
          WHEN e.rhythm_us < 120000000 THEN concat(', one every ', CAST(CAST(floor(e.rhythm_us / 1000000.0) AS BIGINT) AS STRING), ' seconds')
          WHEN e.rhythm_us < 7200000000 THEN concat(', one every ', CAST(CAST(floor(e.rhythm_us / 60000000.0) AS BIGINT) AS STRING), ' minutes')
          WHEN e.rhythm_us IS NOT NULL THEN concat(', one every ', CAST(CAST(floor(e.rhythm_us / 3600000000.0) AS BIGINT) AS STRING), ' hours')
          ELSE ''
        END,
        '; ', CAST(e.successes AS STRING), CASE WHEN e.successes = 1 THEN ' success' ELSE ' successes' END,
        CASE WHEN e.failures_below > 0 THEN concat(
          '; more than ', CAST(CAST(floor(1000 * e.failures_below / e.seen) / 10.0 AS DECIMAL(4,1)) AS STRING), ' % of addresses seen'
        ) ELSE '' END
      )
    END,
    CASE WHEN e.titles IS NOT NULL THEN concat('; detected: ', e.titles) ELSE '' END
  ) AS why
FROM (SELECT l.*, CASE WHEN l.entity = '' THEN 'an unknown address' ELSE l.entity END AS source FROM listed l) e
