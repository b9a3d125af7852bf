-- How two who are no friends came to write to each other. `requested_by` asks: what they write is a request until the other
-- one accepts it, at `accepted_at`. Neither stands there between friends, and where nothing can be written any more. Whoever
-- has put a request away has no row in `conversation_members`.
ALTER TABLE conversations ADD COLUMN requested_by BIGINT REFERENCES users (id);
ALTER TABLE conversations ADD COLUMN accepted_at BIGINT;
CREATE INDEX conversations_requested ON conversations (requested_by, created_at)
    WHERE requested_by IS NOT NULL AND accepted_at IS NULL;

-- Who may write first, of those who are no friends.
ALTER TABLE privacy_settings ADD COLUMN messages TEXT NOT NULL DEFAULT 'everyone';
