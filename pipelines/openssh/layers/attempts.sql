-- The tries at a login with their names.
SELECT o.host, o.address, a.user_name, t.*
FROM login_tries t
JOIN sources o ON o.source_id = t.source_id
LEFT JOIN accounts a ON a.account_id = t.account_id
