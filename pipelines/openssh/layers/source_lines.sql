-- Every (host, address) that a line names. Lines and times count this file alone; accepted logins those carried along as well.
SELECT
  s.host,
  s.address,
  count(CASE WHEN s.line_no >= 1 THEN 1 END) AS lines,
  count(DISTINCT CASE WHEN s.line_no >= 1 THEN s.pid END) AS sessions,
  count(DISTINCT CASE WHEN s.line_no >= 1 AND s.outcome = 'failure' THEN s.pid END) AS bad_sessions,
  min(CASE WHEN s.line_no >= 1 THEN s.at_us END) AS first_us,
  max(CASE WHEN s.line_no >= 1 THEN s.at_us END) AS last_us,
  min(CASE WHEN s.line_no >= 1 THEN s.line_no END) AS first_line,
  max(CASE WHEN s.line_no >= 1 THEN s.line_no END) AS last_line,
  CAST(sum(CASE WHEN s.line_no >= 1 AND s.invalid_user = 0 AND s.method IN ('publickey', 'hostbased', 'gssapi-with-mic') THEN s.failed ELSE 0 END) AS BIGINT) AS key_failures,
  CAST(sum(s.accepted) AS BIGINT) AS logins,
  count(CASE WHEN s.outcome = 'failure' THEN 1 END) AS bad_lines
FROM signals s
GROUP BY s.host, s.address
