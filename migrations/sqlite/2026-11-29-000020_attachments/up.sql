-- What stands beside messages. Something stands beside one post or one message, never beside two.
CREATE TABLE message_media (
    message_id BIGINT NOT NULL REFERENCES messages (id),
    position BIGINT NOT NULL,
    media_id BIGINT NOT NULL UNIQUE REFERENCES media (id),
    PRIMARY KEY (message_id, position)
);

-- What a file that comes in pieces is to become: `video` or `file`.
ALTER TABLE uploads ADD COLUMN kind TEXT NOT NULL DEFAULT 'video';
