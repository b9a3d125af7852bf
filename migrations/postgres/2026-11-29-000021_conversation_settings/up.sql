-- What somebody has set for themselves: `muted` is 0 or 1; while no message above `archived_number` has come, the
-- conversation is put away. Of two versions the one of the larger `settings_version` is the later.
ALTER TABLE conversation_members ADD COLUMN muted BIGINT NOT NULL DEFAULT 0;
ALTER TABLE conversation_members ADD COLUMN archived_number BIGINT;
ALTER TABLE conversation_members ADD COLUMN settings_version BIGINT NOT NULL DEFAULT 0;
