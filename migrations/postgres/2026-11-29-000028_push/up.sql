-- Browsers that are told of what happens while they show no page of ours: at which address of which push service, and with
-- which keys only they can open what is sent. One for each session, with which it ends; a browser that somebody else signs
-- in with is theirs, so no two rows have one address. `failures` counts those since a push service last took something,
-- and until `paused_until` nothing more is tried.
CREATE TABLE push_subscriptions (
    id BIGINT NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    session_id BIGINT NOT NULL UNIQUE REFERENCES sessions (id) ON DELETE CASCADE,
    endpoint TEXT NOT NULL,
    endpoint_hash BYTEA NOT NULL UNIQUE,
    p256dh BYTEA NOT NULL,
    auth BYTEA NOT NULL,
    previews BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_ok_at BIGINT,
    failures BIGINT NOT NULL,
    paused_until BIGINT NOT NULL
);
CREATE INDEX push_subscriptions_user ON push_subscriptions (user_id, id);
