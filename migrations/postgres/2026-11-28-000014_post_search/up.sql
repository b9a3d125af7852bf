-- The words of posts as the program folds them, and beside them who wrote the post (`__7`) and whether it is for
-- everybody (`__p`): what a search need not even look at. The first letters of words are there too (`_lak`), because
-- to look through all words that begin so takes too long.
CREATE TABLE post_search (
    post_id BIGINT NOT NULL PRIMARY KEY,
    words TSVECTOR NOT NULL
);
CREATE INDEX post_search_words ON post_search USING gin (words);

-- Posts below this id were written before there was a search, and are still to be indexed.
CREATE TABLE search_progress (
    id BIGINT NOT NULL PRIMARY KEY,
    below BIGINT NOT NULL
);
INSERT INTO search_progress (id, below) VALUES (1, 9223372036854775807);
