-- One row: which database this is, and which secret its tokens were made with.
CREATE TABLE meta (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    epoch TEXT NOT NULL,
    secret_fingerprint TEXT NOT NULL
);

-- People. `*_key` columns hold what is compared: lower case, without diacritics.
CREATE TABLE users (
    id BIGINT NOT NULL PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    password_hash TEXT NOT NULL,
    rev BIGINT NOT NULL,
    friend_count BIGINT NOT NULL,
    post_count BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- The words of a person's names, for finding by prefix.
CREATE TABLE user_names (
    token TEXT COLLATE "C" NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id),
    PRIMARY KEY (token, user_id)
);
CREATE INDEX user_names_user ON user_names (user_id);

-- Signed-in devices. Tokens are kept as SHA-256 only.
CREATE TABLE sessions (
    id BIGINT NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    refresh_hash BYTEA NOT NULL,
    previous_hash BYTEA,
    generation BIGINT NOT NULL,
    user_agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    rotated_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX sessions_user ON sessions (user_id, id);
