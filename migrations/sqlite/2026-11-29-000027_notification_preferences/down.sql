DROP TABLE notification_quiet_hours;
DROP TABLE notification_preferences;
