DROP INDEX sessions_ended;
DROP TABLE user_events;
DROP TABLE user_streams;
