-- What people are told of a group, or of what was said in it, knows its conversation: it is shown to those who are asked into
-- it, or are in it.
ALTER TABLE notifications ADD COLUMN conversation_id BIGINT;
CREATE INDEX notifications_conversation ON notifications (conversation_id) WHERE conversation_id IS NOT NULL;
DROP INDEX notifications_requests;
CREATE INDEX notifications_requests ON notifications (user_id, seq)
    WHERE kind IN ('friend_request', 'friend_request_accepted', 'group_invitation', 'group_invitation_accepted');
DROP INDEX notifications_mentions;
CREATE INDEX notifications_mentions ON notifications (user_id, seq) WHERE kind IN ('mention', 'message_mention');

-- Who is named in a message of a group: `name` as it was written, after the @. They were in the group then; that they may see
-- the message now is another question. A message that was removed names nobody.
CREATE TABLE message_mentions (
    message_id BIGINT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id),
    conversation_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (message_id, name)
);
CREATE INDEX message_mentions_latest ON message_mentions (user_id, conversation_id, number);
