-- The words of the two indexes, one after another: a search names those that begin as its last word does.
CREATE VIRTUAL TABLE post_search_terms USING fts5vocab (post_search, instance);
CREATE VIRTUAL TABLE message_search_terms USING fts5vocab (message_search, instance);
