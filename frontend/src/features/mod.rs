//! One module per feature: pages in `mod.rs`, their parts in `components.rs`, what changes without a browser
//! in `state.rs`, what talks to the server in `actions.rs`.

pub(crate) mod activity;
pub(crate) mod auth;
pub(crate) mod chats;
pub(crate) mod friends;
pub(crate) mod groups;
pub(crate) mod lists;
pub(crate) mod media;
pub(crate) mod posts;
pub(crate) mod search;
pub(crate) mod users;
