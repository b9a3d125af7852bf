ALTER TABLE uploads DROP COLUMN kind;
DROP TABLE message_media;
