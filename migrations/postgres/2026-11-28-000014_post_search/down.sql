DROP TABLE search_progress;
DROP TABLE post_search;
