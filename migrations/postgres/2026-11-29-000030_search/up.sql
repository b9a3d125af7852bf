-- Longer beginnings of words have entries of their own from now on (`_garden`): everything is indexed once more, the newest
-- first, while the server runs. What is not yet is found as before, more slowly.
INSERT INTO search_progress (id, below) VALUES (1, 9223372036854775807), (2, 9223372036854775807)
ON CONFLICT (id) DO UPDATE SET below = excluded.below;
