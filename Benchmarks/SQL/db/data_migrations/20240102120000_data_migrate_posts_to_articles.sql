-- J2: copies posts, with their comments and tags; posts that have an article already are left out.
-- azu:table posts
-- azu:where NOT EXISTS (SELECT 1 FROM articles a WHERE a.legacy_post_id = {row}.id)
INSERT INTO articles (title, content, author_id, published_at, status, legacy_post_id)
SELECT title, body, user_id, created_at,
  CASE status WHEN 'published' THEN 'live' WHEN 'archived' THEN 'archived' ELSE 'draft' END, id
FROM posts
WHERE {range};

-- The posts of the batch are the same ones, though they have articles now.
INSERT INTO comments (article_id, user_id, content, created_at)
SELECT a.id, c.user_id, c.body, c.created_at
FROM posts p JOIN articles a ON a.legacy_post_id = p.id JOIN post_comments c ON c.post_id = p.id
WHERE {range:p};

INSERT INTO article_tags (article_id, tag_id)
SELECT a.id, t.tag_id
FROM posts p JOIN articles a ON a.legacy_post_id = p.id JOIN post_tags t ON t.post_id = p.id
WHERE {range:p};
