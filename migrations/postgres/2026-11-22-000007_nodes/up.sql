-- Who makes ids with which number. `leased_until` is by the database's clock, `ids_until` by that of the node:
-- no id of this number is later. Rows stay, so that a number rests before somebody else takes it.
CREATE TABLE nodes (
    number BIGINT NOT NULL PRIMARY KEY CHECK (number BETWEEN 0 AND 1023),
    key TEXT NOT NULL,
    leased_until BIGINT NOT NULL,
    ids_until BIGINT NOT NULL
);
