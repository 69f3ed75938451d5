-- Each listed entity with its sentence. A user is named where there is but one, and only by letters, digits and `_.-`: an attacker writes the names.
SELECT
  e.*,
  concat(
    CASE
      WHEN e.entity_kind <> 'address' THEN concat(e.entity_kind, ' ', e.entity)
      WHEN e.attempts = 0 THEN concat(CAST(e.lines AS STRING), CASE WHEN e.lines = 1 THEN ' line' ELSE ' lines' END, ' and no try at a login from ', e.source)
      WHEN e.failures = 0 THEN concat(
        CAST(e.successes AS STRING), CASE WHEN e.successes = 1 THEN ' accepted login' ELSE ' accepted logins' END,
        ' as ', coalesce(e.accepted_name, concat(CAST(e.distinct_users AS STRING), CASE WHEN e.distinct_users = 1 THEN ' user' ELSE ' users' END)),
        ' from ', e.source, ' and none that failed'
      )
      ELSE concat(
        CAST(e.failures AS STRING), CASE WHEN e.failures = 1 THEN ' failed login' ELSE ' failed logins' END,
        ' for ', coalesce(e.failed_name, concat(CAST(e.failed_users AS STRING), CASE WHEN e.failed_users = 1 THEN ' user' ELSE ' users' END)),
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
        CASE WHEN e.accepted_name IS NULL THEN '' ELSE concat(' as ', e.accepted_name) END,
        CASE WHEN e.failures_below > 0 THEN concat(
          '; more than ', CAST(CAST(floor(1000 * e.failures_below / e.seen) / 10.0 AS DECIMAL(4,1)) AS STRING), ' % of addresses seen'
        ) ELSE '' END
      )
    END,
    CASE WHEN e.titles IS NOT NULL THEN concat('; detected: ', e.titles) ELSE '' END
  ) AS why
FROM (
  SELECT
    l.*,
    CASE WHEN l.entity = '' THEN 'an unknown address' ELSE l.entity END AS source,
    CASE WHEN length(a.failed_user) BETWEEN 1 AND 32 AND translate(lower(a.failed_user), 'abcdefghijklmnopqrstuvwxyz0123456789_.-', '') = ''
      THEN concat('user ', a.failed_user) END AS failed_name,
    CASE WHEN length(a.accepted_user) BETWEEN 1 AND 32 AND translate(lower(a.accepted_user), 'abcdefghijklmnopqrstuvwxyz0123456789_.-', '') = ''
      THEN concat('user ', a.accepted_user) END AS accepted_name
  FROM listed l
  LEFT JOIN address_attempts a ON l.entity_kind = 'address' AND a.host = l.host AND a.address = l.entity
) e
