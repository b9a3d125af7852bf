-- Whether somebody has put a conversation above their others: 0 or 1.
ALTER TABLE conversation_members ADD COLUMN pinned BIGINT NOT NULL DEFAULT 0;

-- When a message was pinned in its conversation, while it is.
ALTER TABLE messages ADD COLUMN pinned_at BIGINT;
CREATE INDEX messages_pinned ON messages (conversation_id, pinned_at) WHERE pinned_at IS NOT NULL;

-- The words of messages, as `post_search` has those of posts. Beside them stands in which conversation a message was said
-- (`__c7`), and of two people who they are (`__u1 __u2`).
CREATE TABLE message_search (
    message_id BIGINT NOT NULL PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    words TSVECTOR NOT NULL
);
CREATE INDEX message_search_words ON message_search USING gin (words);

-- Row 2: messages below this id are still to be indexed.
INSERT INTO search_progress (id, below) VALUES (2, 9223372036854775807);
