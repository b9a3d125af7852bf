-- What people are told of: one row for each recipient, kind and subject. `seq` is the place in the list: the
-- position in the recipient's stream at which it last had news. It has been read when `read_seq` is not below.
CREATE TABLE notifications (
    id BIGINT NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES users (id),
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    detail_id BIGINT,
    actor_count BIGINT NOT NULL,
    read_seq BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (user_id, kind, subject_id)
);
CREATE INDEX notifications_place ON notifications (user_id, seq);
CREATE INDEX notifications_unread ON notifications (user_id, seq) WHERE read_seq < seq;
CREATE INDEX notifications_requests ON notifications (user_id, seq)
    WHERE kind IN ('friend_request', 'friend_request_accepted');

-- Who did it, each once.
CREATE TABLE notification_actors (
    notification_id BIGINT NOT NULL REFERENCES notifications (id),
    actor_id BIGINT NOT NULL REFERENCES users (id),
    acted_seq BIGINT NOT NULL,
    PRIMARY KEY (notification_id, actor_id)
);
CREATE INDEX notification_actors_latest ON notification_actors (notification_id, acted_seq);

-- Up to which place people have seen their notifications.
CREATE TABLE notification_marks (
    user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users (id),
    seen_seq BIGINT NOT NULL
);
