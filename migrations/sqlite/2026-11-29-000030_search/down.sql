DROP TABLE message_search_terms;
DROP TABLE post_search_terms;
