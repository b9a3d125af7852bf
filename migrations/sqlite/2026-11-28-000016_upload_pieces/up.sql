-- The pieces of an upload, each under a name of its own below the `storage_key` of the upload: of two that arrive
-- at once for the same place, one has a row.
CREATE TABLE upload_pieces (
    upload_id BIGINT NOT NULL REFERENCES uploads (id),
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    PRIMARY KEY (upload_id, position)
);

-- Since when something belongs to nothing that belonged to a post before.
ALTER TABLE media ADD COLUMN detached_at BIGINT;
