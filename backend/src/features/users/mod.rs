//! People: their account row, their card, their page, finding them by name.
//!
//! Owns the tables `users` and `user_names`. What must hold: `friend_count` and `post_count` change in the
//! transaction of what they count; the address leaves the store only towards its owner.

pub mod http;
pub mod names;
pub mod search;
pub mod service;
pub mod standing;
pub mod store;
pub mod store_standing;
