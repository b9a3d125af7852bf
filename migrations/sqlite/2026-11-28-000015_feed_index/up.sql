-- What an author's friends may see, the newest last: the feed looks at the end of each friend's part and nowhere else.
-- The condition is that of `dialect::newest_posts`, word for word.
CREATE INDEX posts_feed ON posts (author_id, id) WHERE deleted_at IS NULL AND audience_id IN (1, 2);
