-- J1: a slug of each user's name, where there is none.
-- azu:table users
-- azu:where slug IS NULL OR slug = ''
UPDATE users
SET slug = regexp_replace(lower(name) COLLATE "C", '[^a-z0-9]+', '-', 'g') || '-' || id
WHERE {range};
