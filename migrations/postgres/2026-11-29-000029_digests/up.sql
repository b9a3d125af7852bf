-- The mails that tell people once a day what they have not seen. `number` counts those that were sent; `told_seq` is up to
-- which position of their stream they have told. The one that is under way stands beside it until it is sent: which job
-- sends it, up to where it tells, and how often it was handed to the mail server. `with_words` is whether the person wants
-- to read in them what was written. Who has no row has had none, and wants no words.
CREATE TABLE digests (
    user_id BIGINT NOT NULL PRIMARY KEY REFERENCES users (id),
    number BIGINT NOT NULL,
    told_seq BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    job_id BIGINT,
    going_seq BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    with_words BIGINT NOT NULL
);
