-- Who does not exist for whom: two rows for each pair, one from each side, while either of the two blocks the
-- other. `mine`: the user blocks; `theirs`: the other one does; `quiet`: the user blocks too, and is not told so,
-- because the other one had blocked them before.
CREATE TABLE blocks (
    user_id BIGINT NOT NULL REFERENCES users (id),
    other_id BIGINT NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (user_id, other_id),
    CHECK (user_id <> other_id)
);
CREATE INDEX blocks_since ON blocks (user_id, kind, since, other_id);
CREATE INDEX blocks_other ON blocks (other_id);

-- Who may ask, see and find a person; 1 is yes, 0 no. Who has changed nothing has no row: see
-- `PrivacySettings::default`.
CREATE TABLE privacy_settings (
    user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users (id),
    friend_requests TEXT NOT NULL,
    friend_list TEXT NOT NULL,
    findable TEXT NOT NULL,
    find_by_email BIGINT NOT NULL,
    show_online BIGINT NOT NULL
);

-- Suggestions that a person does not want to see again.
CREATE TABLE hidden_suggestions (
    user_id BIGINT NOT NULL REFERENCES users (id),
    other_id BIGINT NOT NULL REFERENCES users (id),
    PRIMARY KEY (user_id, other_id)
);
CREATE INDEX hidden_suggestions_other ON hidden_suggestions (other_id);

-- What is left of a word of somebody's name without one or two of its letters, and the word itself: two words that
-- differ by a typo have one of these in common.
CREATE TABLE name_remainders (
    remainder TEXT NOT NULL,
    token TEXT NOT NULL,
    PRIMARY KEY (remainder, token)
) WITHOUT ROWID;
CREATE INDEX name_remainders_token ON name_remainders (token);

