//! What Hearth does, one folder per feature: `http.rs` (extract, call, reply) → `service.rs` (rules) →
//! `store.rs` (SQL). Any store may read any table; only its owner writes it.

pub mod auth;
pub mod friends;
pub mod posts;
pub mod users;

use crate::platform::routes::Routes;

/// Every operation of every feature.
pub fn routes() -> Routes {
    let mut routes = Routes::default();
    auth::http::mount(&mut routes);
    users::http::mount(&mut routes);
    friends::http::mount(&mut routes);
    posts::http::mount(&mut routes);
    routes
}
