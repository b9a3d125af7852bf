//! Finding posts and messages by their words; and, beside them, people by their names and groups by their titles, as their
//! own features find them.
//!
//! Owns the tables `post_search`, `message_search` and `search_progress`. What must hold: the words of a post or a message
//! change in the transaction that changes it ([`service::post_changed`], [`service::messages_changed`]), and are gone with
//! it; what is found is what the viewer may see, by the rule of `posts::policy` or as a member of the conversation, asked
//! in the same query; nothing counts what else there is.

pub mod http;
pub mod indexing;
pub mod service;
pub mod store;
pub mod words;
