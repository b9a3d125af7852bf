//! Friends: asking, answering, parting.
//!
//! Owns the tables `friend_requests` and `friendships`. What must hold: a pair has at most one pending
//! request, whoever asked, and none when they are friends; a friendship is two rows, one from each side, and
//! both people's `friend_count` says how many they have. Whoever changes something between two people holds
//! both their rows' locks first, the lower id before the higher.
//!
//! Owns `blocks` and `hidden_suggestions` too: see [`blocks`] and [`suggestions`].

pub mod blocks;
pub mod http;
pub mod service;
pub mod store;
pub mod suggestions;
