-- What happens to a message after it was sent. One that was removed keeps its number and loses its words.
ALTER TABLE messages ADD COLUMN edited_at BIGINT;
ALTER TABLE messages ADD COLUMN deleted_at BIGINT;
ALTER TABLE messages ADD COLUMN reply_to_id BIGINT REFERENCES messages (id);
CREATE INDEX messages_reply_to ON messages (reply_to_id) WHERE reply_to_id IS NOT NULL;

-- The emoji that people put on messages.
CREATE TABLE message_reactions (
    message_id BIGINT NOT NULL REFERENCES messages (id),
    emoji TEXT NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (message_id, emoji, user_id)
);
CREATE INDEX message_reactions_user ON message_reactions (user_id, message_id);
