//! What people are told, beyond what is said about posts: what they want to hear of ([`preferences`]).

mod preferences;
