DROP INDEX groups_picture;
ALTER TABLE groups DROP COLUMN picture_id;
