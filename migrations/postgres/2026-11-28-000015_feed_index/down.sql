DROP INDEX posts_feed;
