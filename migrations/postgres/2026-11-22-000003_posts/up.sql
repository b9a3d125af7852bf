-- Who may see a post. A row, so that groups and lists of friends can become audiences.
CREATE TABLE audiences (
    id BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL
);
INSERT INTO audiences (id, kind) VALUES (1, 'public'), (2, 'friends'), (3, 'only_me');

-- `*_count` columns are kept in the transaction that changes what they count.
CREATE TABLE posts (
    id BIGINT NOT NULL PRIMARY KEY,
    author_id BIGINT NOT NULL REFERENCES users (id),
    client_id TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    body TEXT NOT NULL,
    audience_id BIGINT NOT NULL REFERENCES audiences (id),
    like_count BIGINT NOT NULL,
    love_count BIGINT NOT NULL,
    laugh_count BIGINT NOT NULL,
    wow_count BIGINT NOT NULL,
    sad_count BIGINT NOT NULL,
    angry_count BIGINT NOT NULL,
    comment_count BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    edited_at BIGINT,
    deleted_at BIGINT,
    UNIQUE (author_id, client_id)
);
CREATE INDEX posts_author ON posts (author_id, id);

-- What a post said before each change.
CREATE TABLE post_edits (
    id BIGINT NOT NULL PRIMARY KEY,
    post_id BIGINT NOT NULL REFERENCES posts (id),
    body TEXT NOT NULL,
    audience_id BIGINT NOT NULL REFERENCES audiences (id),
    replaced_at BIGINT NOT NULL
);
CREATE INDEX post_edits_post ON post_edits (post_id, id);

CREATE TABLE post_reactions (
    post_id BIGINT NOT NULL REFERENCES posts (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (post_id, user_id)
);
CREATE INDEX post_reactions_user ON post_reactions (user_id);

CREATE TABLE comments (
    id BIGINT NOT NULL PRIMARY KEY,
    post_id BIGINT NOT NULL REFERENCES posts (id),
    author_id BIGINT NOT NULL REFERENCES users (id),
    client_id TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    edited_at BIGINT,
    deleted_at BIGINT,
    UNIQUE (author_id, client_id)
);
CREATE INDEX comments_post ON comments (post_id, id);
