//! Finding posts by their words.
//!
//! Owns the tables `post_search` and `search_progress`. What must hold: the words of a post change in the transaction
//! that changes the post ([`service::post_changed`]), and are gone with it; what is found is what the viewer may see,
//! by the rule of `posts::policy`, asked in the same query; nothing says how much else there is.

pub mod http;
pub mod indexing;
pub mod service;
pub mod store;
pub mod words;
