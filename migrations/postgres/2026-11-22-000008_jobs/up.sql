-- Work that is done after the answer. `due_at` is when somebody may take it, 0 for at once; whoever takes it
-- moves it to the end of the lease, so that it is taken again when that node dies. `attempts` counts the takings.
CREATE TABLE jobs (
    id BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    once_key TEXT UNIQUE,
    every_ms BIGINT,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    leased_by TEXT,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    dead_at BIGINT
);
CREATE INDEX jobs_due ON jobs (due_at, id) WHERE dead_at IS NULL;
CREATE INDEX jobs_dead ON jobs (id) WHERE dead_at IS NOT NULL;
