-- Pictures and films of posts. A film has its length and, as a picture of its own, its first sight (`poster_id`).
ALTER TABLE media ADD COLUMN kind TEXT NOT NULL DEFAULT 'image';
ALTER TABLE media ADD COLUMN duration_ms BIGINT;
ALTER TABLE media ADD COLUMN poster_id BIGINT;
CREATE INDEX media_poster ON media (poster_id) WHERE poster_id IS NOT NULL;

CREATE TABLE post_media (
    post_id BIGINT NOT NULL REFERENCES posts (id),
    position BIGINT NOT NULL,
    media_id BIGINT NOT NULL UNIQUE REFERENCES media (id),
    PRIMARY KEY (post_id, position)
);

-- Files that come in pieces. `received` bytes are safe in the media store, in `pieces` parts under `storage_key`;
-- `media_id` is what it became.
CREATE TABLE uploads (
    id BIGINT NOT NULL PRIMARY KEY,
    owner_id BIGINT NOT NULL REFERENCES users (id),
    client_id TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    storage_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    received BIGINT NOT NULL,
    pieces BIGINT NOT NULL,
    media_id BIGINT,
    created_at BIGINT NOT NULL,
    touched_at BIGINT NOT NULL,
    UNIQUE (owner_id, client_id)
);
CREATE INDEX uploads_touched ON uploads (touched_at);

-- What a post passes on. The original may go for good; what is left then is that there was one.
ALTER TABLE posts ADD COLUMN shared_post_id BIGINT;
ALTER TABLE posts ADD COLUMN share_count BIGINT NOT NULL DEFAULT 0;
CREATE INDEX posts_shared ON posts (shared_post_id, id) WHERE shared_post_id IS NOT NULL;
-- What was removed is cleared away after a month.
CREATE INDEX posts_removed ON posts (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX post_reactions_latest ON post_reactions (post_id, created_at, user_id);

-- One level of replies: `parent_id` is always a comment that has none itself. Its `reply_count` and the counts of
-- reactions are kept in the transaction that changes what they count.
ALTER TABLE comments ADD COLUMN parent_id BIGINT REFERENCES comments (id);
ALTER TABLE comments ADD COLUMN reply_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE comments ADD COLUMN like_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE comments ADD COLUMN love_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE comments ADD COLUMN laugh_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE comments ADD COLUMN wow_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE comments ADD COLUMN sad_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE comments ADD COLUMN angry_count BIGINT NOT NULL DEFAULT 0;
-- Who removed it; of a reply that went with its parent, nobody.
ALTER TABLE comments ADD COLUMN deleted_by BIGINT;
CREATE INDEX comments_top ON comments (post_id, id) WHERE parent_id IS NULL;
CREATE INDEX comments_replies ON comments (parent_id, id) WHERE parent_id IS NOT NULL;

-- What a comment said before each change.
CREATE TABLE comment_edits (
    id BIGINT NOT NULL PRIMARY KEY,
    comment_id BIGINT NOT NULL REFERENCES comments (id),
    body TEXT NOT NULL,
    replaced_at BIGINT NOT NULL
);
CREATE INDEX comment_edits_comment ON comment_edits (comment_id, id);

CREATE TABLE comment_reactions (
    comment_id BIGINT NOT NULL REFERENCES comments (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (comment_id, user_id)
);
CREATE INDEX comment_reactions_user ON comment_reactions (user_id);
CREATE INDEX comment_reactions_latest ON comment_reactions (comment_id, created_at, user_id);

-- Who is named in a text: `name` as it was written, after the @. `place` is `post` or `comment`.
CREATE TABLE mentions (
    place TEXT NOT NULL,
    place_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id),
    PRIMARY KEY (place, place_id, name)
);
CREATE INDEX mentions_user ON mentions (user_id);

-- Hashtags of posts, as they are compared: lower case.
CREATE TABLE post_tags (
    tag TEXT COLLATE "C" NOT NULL,
    post_id BIGINT NOT NULL REFERENCES posts (id),
    PRIMARY KEY (tag, post_id)
);
CREATE INDEX post_tags_post ON post_tags (post_id);

-- What a person keeps, and what they do not want to hear of.
CREATE TABLE saved_posts (
    user_id BIGINT NOT NULL REFERENCES users (id),
    post_id BIGINT NOT NULL REFERENCES posts (id),
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, post_id)
);
CREATE INDEX saved_posts_latest ON saved_posts (user_id, saved_at, post_id);
CREATE INDEX saved_posts_post ON saved_posts (post_id);

CREATE TABLE muted_people (
    user_id BIGINT NOT NULL REFERENCES users (id),
    other_id BIGINT NOT NULL REFERENCES users (id),
    since BIGINT NOT NULL,
    PRIMARY KEY (user_id, other_id),
    CHECK (user_id <> other_id)
);
CREATE INDEX muted_people_since ON muted_people (user_id, since, other_id);
CREATE INDEX muted_people_other ON muted_people (other_id);

CREATE TABLE muted_posts (
    user_id BIGINT NOT NULL REFERENCES users (id),
    post_id BIGINT NOT NULL REFERENCES posts (id),
    since BIGINT NOT NULL,
    PRIMARY KEY (user_id, post_id)
);
CREATE INDEX muted_posts_post ON muted_posts (post_id);

-- What people ask the host to look at. `subject_kind` is `post`, `comment` or `person`; the subject may be gone.
CREATE TABLE reports (
    id BIGINT NOT NULL PRIMARY KEY,
    reporter_id BIGINT NOT NULL REFERENCES users (id),
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    closed_at BIGINT,
    UNIQUE (reporter_id, subject_kind, subject_id)
);
CREATE INDEX reports_open ON reports (id) WHERE closed_at IS NULL;
CREATE INDEX reports_subject ON reports (subject_kind, subject_id);

-- What people are told of a post, or of what was said on it, is shown to those who may see that post.
ALTER TABLE notifications ADD COLUMN post_id BIGINT;
UPDATE notifications SET post_id = subject_id WHERE kind IN ('reaction', 'comment');
CREATE INDEX notifications_post ON notifications (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX notifications_mentions ON notifications (user_id, seq) WHERE kind = 'mention';
