ALTER TABLE media DROP COLUMN detached_at;
DROP TABLE upload_pieces;
