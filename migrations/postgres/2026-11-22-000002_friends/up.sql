-- Requests that wait for an answer. The pair is kept in order, so that two who ask each other meet in one row.
CREATE TABLE friend_requests (
    id BIGINT NOT NULL PRIMARY KEY,
    low_id BIGINT NOT NULL REFERENCES users (id),
    high_id BIGINT NOT NULL REFERENCES users (id),
    from_id BIGINT NOT NULL REFERENCES users (id),
    to_id BIGINT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    UNIQUE (low_id, high_id),
    CHECK (low_id < high_id)
);
CREATE INDEX friend_requests_from ON friend_requests (from_id, id);
CREATE INDEX friend_requests_to ON friend_requests (to_id, id);

-- Two rows for each friendship, one from each side.
CREATE TABLE friendships (
    user_id BIGINT NOT NULL REFERENCES users (id),
    friend_id BIGINT NOT NULL REFERENCES users (id),
    since BIGINT NOT NULL,
    PRIMARY KEY (user_id, friend_id),
    CHECK (user_id <> friend_id)
);
CREATE INDEX friendships_since ON friendships (user_id, since, friend_id);
