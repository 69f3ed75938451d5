-- All lines that name an address, tries or not.
SELECT
  s.host,
  s.address,
  count(*) AS lines,
  count(DISTINCT s.pid) AS sessions,
  min(s.at_us) AS first_us,
  max(s.at_us) AS last_us
FROM signals s
GROUP BY s.host, s.address
