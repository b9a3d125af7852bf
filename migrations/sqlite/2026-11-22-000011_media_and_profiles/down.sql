DROP TABLE profile_fields;
DROP INDEX users_avatar_name;
ALTER TABLE users DROP COLUMN cover_id;
ALTER TABLE users DROP COLUMN avatar_name;
ALTER TABLE users DROP COLUMN avatar_id;
ALTER TABLE users DROP COLUMN birth_year_shown;
ALTER TABLE users DROP COLUMN bio;
DROP TABLE media;
