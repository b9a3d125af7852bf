-- What a person wants to be told of and where; 1 is yes, 0 no. Only what differs from the default has a row: see
-- `Topic::default_for`. By its key, which people to tell is found without looking at what else they have chosen.
CREATE TABLE notification_preferences (
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    topic TEXT NOT NULL,
    channel TEXT NOT NULL,
    wanted BIGINT NOT NULL,
    PRIMARY KEY (user_id, topic, channel)
);

-- When devices are to be silent: from one minute of the day to another, by the clocks of a place. Who has no row is
-- never left in peace.
CREATE TABLE notification_quiet_hours (
    user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    from_minute BIGINT NOT NULL,
    to_minute BIGINT NOT NULL,
    time_zone TEXT NOT NULL,
    CHECK (from_minute <> to_minute)
);
