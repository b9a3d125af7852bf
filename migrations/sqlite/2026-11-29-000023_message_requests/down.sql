ALTER TABLE privacy_settings DROP COLUMN messages;
DROP INDEX conversations_requested;
ALTER TABLE conversations DROP COLUMN accepted_at;
ALTER TABLE conversations DROP COLUMN requested_by;
