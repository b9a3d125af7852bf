//! Conversations of two and of groups.
//!
//! Owns the tables `conversations`, `conversation_members`, `messages`, `message_reactions`, `message_mentions` and
//! `conversation_events`. What must hold:
//! a pair has one conversation; messages are numbered and events positioned without a gap, because both are
//! given under the lock of the conversation's row; a `client_id` makes one message, however often it is sent;
//! read positions only move forward, and what is unread is counted from them; who is not a member does not know
//! that the conversation exists; of two who are no friends one asks and the other one answers before anything else is told.

pub mod http;
pub mod service;
pub mod store;
