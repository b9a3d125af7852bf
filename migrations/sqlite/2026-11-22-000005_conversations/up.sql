-- Conversations. `low_id` and `high_id` are the two people of a direct one, in order, so that a pair has one.
-- `last_seq` counts events, `last_number` messages; both are given under the lock of this row.
CREATE TABLE conversations (
    id BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    low_id BIGINT REFERENCES users (id),
    high_id BIGINT REFERENCES users (id),
    last_seq BIGINT NOT NULL,
    last_number BIGINT NOT NULL,
    last_message_id BIGINT,
    membership_version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_event_at BIGINT NOT NULL,
    UNIQUE (low_id, high_id),
    CHECK (low_id < high_id)
);
CREATE INDEX conversations_moved ON conversations (last_event_at);

-- Who is in them, and up to which message they have read.
CREATE TABLE conversation_members (
    conversation_id BIGINT NOT NULL REFERENCES conversations (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    read_number BIGINT NOT NULL,
    read_at BIGINT,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, user_id)
);
CREATE INDEX conversation_members_user ON conversation_members (user_id, conversation_id);

-- What was said. Numbered 1, 2, 3 ... in each conversation, without a gap.
CREATE TABLE messages (
    id BIGINT NOT NULL PRIMARY KEY,
    conversation_id BIGINT NOT NULL REFERENCES conversations (id),
    number BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    sender_id BIGINT NOT NULL REFERENCES users (id),
    client_id TEXT NOT NULL,
    request_hash BLOB NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (sender_id, client_id),
    UNIQUE (conversation_id, number)
);

-- What happened in a conversation; references, as in user_events.
CREATE TABLE conversation_events (
    conversation_id BIGINT NOT NULL REFERENCES conversations (id),
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, seq)
);
