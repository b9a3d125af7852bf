-- Whether somebody has put a conversation above their others: 0 or 1.
ALTER TABLE conversation_members ADD COLUMN pinned BIGINT NOT NULL DEFAULT 0;

-- When a message was pinned in its conversation, while it is.
ALTER TABLE messages ADD COLUMN pinned_at BIGINT;
CREATE INDEX messages_pinned ON messages (conversation_id, pinned_at) WHERE pinned_at IS NOT NULL;

-- The words of messages, as `post_search` has those of posts. Beside them stands in which conversation a message was said
-- (`__c7`), and of two people who they are (`__u1 __u2`). The rowid is the id of the message.
CREATE VIRTUAL TABLE message_search USING fts5 (
    words,
    tokenize = "ascii tokenchars '_'",
    prefix = '1 2 3 4',
    detail = none,
    columnsize = 0
);
INSERT INTO message_search (message_search, rank) VALUES ('secure-delete', 1);
CREATE TRIGGER message_search_gone AFTER DELETE ON messages BEGIN
    DELETE FROM message_search WHERE rowid = OLD.id;
END;

-- Row 2: messages below this id are still to be indexed.
INSERT INTO search_progress (id, below) VALUES (2, 9223372036854775807);
