DROP TABLE sessions;
DROP TABLE user_names;
DROP TABLE users;
DROP TABLE meta;
