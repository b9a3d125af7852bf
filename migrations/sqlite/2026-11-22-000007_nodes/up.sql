-- Who makes ids with which number, on PostgreSQL. Empty here: SQLite has one program, and its number is 0.
CREATE TABLE nodes (
    number BIGINT NOT NULL PRIMARY KEY CHECK (number BETWEEN 0 AND 1023),
    key TEXT NOT NULL,
    leased_until BIGINT NOT NULL,
    ids_until BIGINT NOT NULL
);
