-- The picture of a group: one of the person who chose it, whose `purpose` is `group`. A picture is that of one group.
ALTER TABLE groups ADD COLUMN picture_id BIGINT REFERENCES media (id);
CREATE UNIQUE INDEX groups_picture ON groups (picture_id);
