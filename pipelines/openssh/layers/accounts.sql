-- Every (host, user name), numbered: where rows are many, the number stands for both.
SELECT g.*, row_number() OVER (ORDER BY g.host, g.user_name) AS account_id
FROM (
  SELECT s.host, s.user_name
  FROM signals s
  WHERE s.user_name IS NOT NULL
  GROUP BY s.host, s.user_name
) g
