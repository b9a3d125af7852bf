//! What Hearth's server and its clients must agree on.
//!
//! Reading order: [`endpoint`] says what an API operation is, [`problem`] what an error is, [`valid`] how a
//! body is checked, [`ids`], [`time`] and [`page`] are the small words they use. Then one module per feature
//! holds its bodies, limits, rules and endpoints; [`realtime`] says how what happens reaches everybody it is
//! for, and [`api`] lists every operation once.
//!
//! Nothing here knows the server (no actix, no diesel) or the browser (no yew): the same code runs in both.

pub mod endpoint;
pub mod problem;
pub mod push;
pub mod valid;

pub mod ids;
pub mod page;
pub mod time;

pub mod auth;
pub mod blocks;
pub mod conversations;
pub mod digests;
pub mod friends;
pub mod instance;
pub mod leaving;
pub mod media;
pub mod notifications;
pub mod pages;
pub mod posts;
pub mod privacy;
pub mod reports;
pub mod rich_text;
pub mod search;
pub mod suggestions;
pub mod users;

pub mod realtime;

pub mod api;
