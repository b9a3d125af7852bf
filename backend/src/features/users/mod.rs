//! People: their account row, their card, their page, finding them by name.
//!
//! Owns the tables `users`, `user_names` and `profile_fields`. What must hold: `friend_count` and `post_count` change in the
//! transaction of what they count; the address leaves the store only towards
//! its owner, and on their page to whom they show it; a field of a page is seen by its audience, decided in
//! [`profile`].

pub mod http;
pub mod http_pictures;
pub mod names;
pub mod pictures;
pub mod profile;
pub mod search;
pub mod service;
pub mod standing;
pub mod store;
pub mod store_login;
pub mod store_standing;
pub mod store_profile;
