-- Where each person's stream stands. A position is taken under the lock of this row, in the transaction that
-- writes what it is about. `last_event_at` is by the database's own clock: whoever looks for what has moved
-- must not depend on the clocks of several programs.
CREATE TABLE user_streams (
    user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users (id),
    last_seq BIGINT NOT NULL,
    last_event_at BIGINT NOT NULL
);
CREATE INDEX user_streams_moved ON user_streams (last_event_at);
INSERT INTO user_streams (user_id, last_seq, last_event_at) SELECT id, 0, 0 FROM users;

-- What happened to a person. References, never content: what is read later is the object as it is then.
CREATE TABLE user_events (
    user_id BIGINT NOT NULL REFERENCES users (id),
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    detail_id BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, seq)
);

-- Sessions that have ended lately must be found by programs that hold their sockets.
CREATE INDEX sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL;
