DROP TABLE comments;
DROP TABLE post_reactions;
DROP TABLE post_edits;
DROP TABLE posts;
DROP TABLE audiences;
