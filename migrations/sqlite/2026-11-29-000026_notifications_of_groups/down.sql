DROP TABLE message_mentions;
DELETE FROM notification_actors WHERE notification_id IN (SELECT id FROM notifications WHERE conversation_id IS NOT NULL);
DELETE FROM notifications WHERE conversation_id IS NOT NULL;
DROP INDEX notifications_mentions;
CREATE INDEX notifications_mentions ON notifications (user_id, seq) WHERE kind = 'mention';
DROP INDEX notifications_requests;
CREATE INDEX notifications_requests ON notifications (user_id, seq)
    WHERE kind IN ('friend_request', 'friend_request_accepted');
DROP INDEX notifications_conversation;
ALTER TABLE notifications DROP COLUMN conversation_id;
