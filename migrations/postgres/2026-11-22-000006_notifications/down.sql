DROP TABLE notification_marks;
DROP TABLE notification_actors;
DROP TABLE notifications;
