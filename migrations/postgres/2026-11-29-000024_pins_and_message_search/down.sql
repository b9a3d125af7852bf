DELETE FROM search_progress WHERE id = 2;
DROP TABLE message_search;
DROP INDEX messages_pinned;
ALTER TABLE messages DROP COLUMN pinned_at;
ALTER TABLE conversation_members DROP COLUMN pinned;
