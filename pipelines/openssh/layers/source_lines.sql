-- Every (host, address) that a line names. Lines and times count this file alone; accepted logins those carried along as well. Folded by pid
-- first, which counts sessions without DISTINCT: its tables cannot leave memory.
SELECT
  p.host,
  p.address,
  CAST(sum(p.lines) AS BIGINT) AS lines,
  count(CASE WHEN p.lines > 0 THEN p.pid END) AS sessions,
  count(CASE WHEN p.failing > 0 THEN p.pid END) AS bad_sessions,
  min(p.first_us) AS first_us,
  max(p.last_us) AS last_us,
  min(p.first_line) AS first_line,
  max(p.last_line) AS last_line,
  CAST(sum(p.key_failures) AS BIGINT) AS key_failures,
  CAST(sum(p.logins) AS BIGINT) AS logins,
  CAST(sum(p.bad_lines) AS BIGINT) AS bad_lines
FROM (
  SELECT
    s.host,
    s.address,
    s.pid,
    count(CASE WHEN s.line_no >= 1 THEN 1 END) AS lines,
    count(CASE WHEN s.line_no >= 1 AND s.outcome = 'failure' THEN 1 END) AS failing,
    min(CASE WHEN s.line_no >= 1 THEN s.at_us END) AS first_us,
    max(CASE WHEN s.line_no >= 1 THEN s.at_us END) AS last_us,
    min(CASE WHEN s.line_no >= 1 THEN s.line_no END) AS first_line,
    max(CASE WHEN s.line_no >= 1 THEN s.line_no END) AS last_line,
    sum(CASE WHEN s.line_no >= 1 AND s.invalid_user = 0 AND s.method IN ('publickey', 'hostbased', 'gssapi-with-mic') THEN s.failed ELSE 0 END) AS key_failures,
    sum(s.accepted) AS logins,
    count(CASE WHEN s.outcome = 'failure' THEN 1 END) AS bad_lines
  FROM signals s
  GROUP BY s.host, s.address, s.pid
) p
GROUP BY p.host, p.address
