-- The words of posts as the program folds them, and beside them who wrote the post (`__7`) and whether it is for
-- everybody (`__p`): what a search need not even look at. The rowid is the id of the post. Words that are removed are
-- gone from the file, not only marked as gone.
CREATE VIRTUAL TABLE post_search USING fts5 (
    words,
    tokenize = "ascii tokenchars '_'",
    prefix = '1 2 3',
    detail = none,
    columnsize = 0
);
INSERT INTO post_search (post_search, rank) VALUES ('secure-delete', 1);

-- Posts below this id were written before there was a search, and are still to be indexed.
CREATE TABLE search_progress (
    id BIGINT NOT NULL PRIMARY KEY,
    below BIGINT NOT NULL
);
INSERT INTO search_progress (id, below) VALUES (1, 9223372036854775807);
