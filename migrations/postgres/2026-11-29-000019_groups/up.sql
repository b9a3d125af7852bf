-- Groups: conversations with a title, into which people come and out of which they go. One that has ended has no row here
-- and no members; what was said in it is removed little by little.
CREATE TABLE groups (
    conversation_id BIGINT NOT NULL PRIMARY KEY REFERENCES conversations (id),
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    visibility TEXT NOT NULL,
    history TEXT NOT NULL,
    member_count BIGINT NOT NULL
);
CREATE INDEX groups_public ON groups (member_count, conversation_id) WHERE visibility = 'public';

-- The requests that made groups. They outlive them, or a request that comes again would make another one.
CREATE TABLE group_requests (
    creator_id BIGINT NOT NULL REFERENCES users (id),
    client_id TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    conversation_id BIGINT NOT NULL,
    PRIMARY KEY (creator_id, client_id)
);

-- The words of the titles of public groups, by which they are found.
CREATE TABLE group_words (
    word TEXT COLLATE "C" NOT NULL,
    conversation_id BIGINT NOT NULL REFERENCES groups (conversation_id),
    PRIMARY KEY (word, conversation_id)
);
CREATE INDEX group_words_group ON group_words (conversation_id);

-- Who is asked into a group and has not answered.
CREATE TABLE group_invitations (
    conversation_id BIGINT NOT NULL REFERENCES groups (conversation_id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    by_id BIGINT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, user_id)
);
CREATE INDEX group_invitations_user ON group_invitations (user_id, created_at, conversation_id);
CREATE INDEX group_invitations_group ON group_invitations (conversation_id, created_at, user_id);
CREATE INDEX group_invitations_by ON group_invitations (by_id, user_id);

-- `rank`: 0 owns the group, 1 is an administrator, 2 a member. What has a number up to `since_number` or a position up to
-- `since_seq` was before they came and is not theirs to see. `listed_from`: their place in the list while nothing is said.
ALTER TABLE conversation_members ADD COLUMN rank BIGINT NOT NULL DEFAULT 2;
ALTER TABLE conversation_members ADD COLUMN since_number BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversation_members ADD COLUMN since_seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversation_members ADD COLUMN listed_from BIGINT NOT NULL DEFAULT 0;
UPDATE conversation_members SET listed_from = conversation_id;
CREATE INDEX conversation_members_rank ON conversation_members (conversation_id, rank, user_id);

-- What happens to a group itself: who did it, after which message, and which rank was given. Messages have none of these.
ALTER TABLE conversation_events ADD COLUMN actor_id BIGINT REFERENCES users (id);
ALTER TABLE conversation_events ADD COLUMN after_number BIGINT;
ALTER TABLE conversation_events ADD COLUMN rank BIGINT;
CREATE INDEX conversation_events_lines ON conversation_events (conversation_id, after_number, seq)
    WHERE actor_id IS NOT NULL;
