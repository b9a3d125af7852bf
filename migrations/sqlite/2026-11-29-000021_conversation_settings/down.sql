ALTER TABLE conversation_members DROP COLUMN settings_version;
ALTER TABLE conversation_members DROP COLUMN archived_number;
ALTER TABLE conversation_members DROP COLUMN muted;
