-- Pictures. The bytes lie in the media store under `storage_key`; a row is written after they are safe there.
-- `purpose` says what it belongs to: `upload` (nothing yet), `avatar`, `cover`.
CREATE TABLE media (
    id BIGINT NOT NULL PRIMARY KEY,
    owner_id BIGINT NOT NULL REFERENCES users (id),
    purpose TEXT NOT NULL,
    storage_key TEXT NOT NULL UNIQUE,
    format TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    size BIGINT NOT NULL,
    stored_size BIGINT NOT NULL,
    blurhash TEXT NOT NULL,
    alt_text TEXT NOT NULL,
    name TEXT NOT NULL,
    attached_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX media_owner ON media (owner_id, id);
CREATE INDEX media_unattached ON media (created_at) WHERE attached_at IS NULL;

-- `avatar_name` is the name under which everybody who has the card gets the picture; another with every picture.
ALTER TABLE users ADD COLUMN bio TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN birth_year_shown BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN avatar_id BIGINT;
ALTER TABLE users ADD COLUMN avatar_name TEXT;
ALTER TABLE users ADD COLUMN cover_id BIGINT;
CREATE UNIQUE INDEX users_avatar_name ON users (avatar_name);

-- What people say about themselves, and to whom. `email` has an audience here and its value in `users`.
CREATE TABLE profile_fields (
    user_id BIGINT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    audience TEXT NOT NULL,
    PRIMARY KEY (user_id, name)
);
