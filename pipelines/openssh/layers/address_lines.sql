-- All lines of this file that name an address, tries or not.
SELECT o.source_id, o.host, o.address, o.lines, o.sessions, o.bad_sessions, o.key_failures, o.first_us, o.last_us, o.first_line, o.last_line
FROM sources o
WHERE o.lines > 0
