-- What people may do on this Hearth, and whether they are here. Whoever is suspended, waits for their deletion
-- (`deletion_at`: when it is due) or has been deleted (`deleted_at`) does not exist for the others.
ALTER TABLE users ADD COLUMN role TEXT NOT NULL DEFAULT 'member';
ALTER TABLE users ADD COLUMN suspended_at BIGINT;
ALTER TABLE users ADD COLUMN deletion_at BIGINT;
ALTER TABLE users ADD COLUMN deletion_messages TEXT;
ALTER TABLE users ADD COLUMN deleted_at BIGINT;
CREATE INDEX users_admins ON users (id) WHERE role = 'admin';
CREATE INDEX users_deletion ON users (deletion_at) WHERE deletion_at IS NOT NULL;

-- Names that nobody may take yet: whoever had them has been deleted. Hashed, because the name went with them.
CREATE TABLE retired_usernames (
    name_hash TEXT NOT NULL PRIMARY KEY,
    retired_until BIGINT NOT NULL
);

-- To find what a person who is deleted did to others.
CREATE INDEX notification_actors_actor ON notification_actors (actor_id);

-- What was done to accounts: when, by whom (nobody: the host, at the command line), about whom, from which
-- network. Only added to: see the triggers.
CREATE TABLE audit_events (
    id BIGINT NOT NULL PRIMARY KEY,
    created_at BIGINT NOT NULL,
    action TEXT NOT NULL,
    actor_id BIGINT REFERENCES users (id),
    subject_id BIGINT REFERENCES users (id),
    network TEXT,
    details TEXT
);
CREATE INDEX audit_events_subject ON audit_events (subject_id, id);
CREATE INDEX audit_events_created ON audit_events (created_at);

-- Nothing in it is changed, but that network and details of somebody who was deleted go. Nothing goes before it
-- is 180 days old.
CREATE FUNCTION audit_events_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.id = OLD.id AND NEW.created_at = OLD.created_at AND NEW.action = OLD.action
            AND NEW.actor_id IS NOT DISTINCT FROM OLD.actor_id
            AND NEW.subject_id IS NOT DISTINCT FROM OLD.subject_id
            AND NEW.network IS NULL AND NEW.details IS NULL
            AND EXISTS (SELECT 1 FROM users WHERE id = OLD.subject_id AND deleted_at IS NOT NULL)
        THEN
            RETURN NEW;
        END IF;
    ELSIF TG_OP = 'DELETE' THEN
        IF OLD.created_at <= EXTRACT(EPOCH FROM clock_timestamp()) * 1000 - 15552000000 THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'audit_events is only added to';
END
$$;
CREATE TRIGGER audit_events_only_added_to BEFORE UPDATE OR DELETE ON audit_events
FOR EACH ROW EXECUTE FUNCTION audit_events_refuse();
CREATE TRIGGER audit_events_not_emptied BEFORE TRUNCATE ON audit_events
FOR EACH STATEMENT EXECUTE FUNCTION audit_events_refuse();
