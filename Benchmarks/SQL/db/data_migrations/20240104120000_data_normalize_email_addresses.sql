-- J4: writes e-mail addresses in small letters and without blanks around them; of those that are the same then, all but
-- the first get a number.
-- azu:table users
-- azu:where email <> lower(btrim(email, E' \t\n\r'))
WITH c AS MATERIALIZED (
  SELECT id, lower(btrim(email, E' \t\n\r')) AS norm FROM users WHERE {range}
), r AS (
  SELECT id, norm, row_number() OVER (PARTITION BY norm ORDER BY id) > 1
    OR EXISTS (SELECT 1 FROM users e WHERE e.email = c.norm) AS dup
  FROM c
)
UPDATE users u
SET email = CASE WHEN dup THEN split_part(norm, '@', 1) || '_' || r.id || '@' || split_part(norm, '@', 2) ELSE norm END
FROM r
WHERE r.id = u.id;
