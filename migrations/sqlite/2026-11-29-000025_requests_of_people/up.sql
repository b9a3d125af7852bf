-- The requests of a person and to them, for the end of their account: what they have put away has no row in
-- `conversation_members`. By `low_id` the pair leads to them.
CREATE INDEX conversations_requested_high ON conversations (high_id) WHERE requested_by IS NOT NULL;
