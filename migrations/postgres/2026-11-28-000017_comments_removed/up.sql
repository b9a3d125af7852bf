-- Comments that were removed and whose words are still there, the oldest first: they go after a month.
-- The condition is that of `forget_comments::removed_before`, word for word.
CREATE INDEX comments_removed ON comments (deleted_at) WHERE deleted_at IS NOT NULL AND body <> '';
