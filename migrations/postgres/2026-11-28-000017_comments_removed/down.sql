DROP INDEX comments_removed;
