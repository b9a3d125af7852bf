//! What Hearth does, one folder per feature: `http.rs` (extract, call, reply) → `service.rs` (rules) →
//! `store.rs` (SQL). Any store may read any table; only its owner writes it.

pub mod admin;
pub mod auth;
pub mod conversations;
pub mod digests;
pub mod friends;
pub mod groups;
pub mod media;
pub mod notifications;
pub mod posts;
pub mod privacy;
pub mod push;
pub mod realtime;
pub mod search;
pub mod users;

use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::routes::Routes;

/// The newest id that any of the features has given: the clock must not be behind it.
///
/// # Errors
/// When a query fails.
pub fn latest_id(conn: &mut Conn) -> AppResult<Option<i64>> {
    let latest = [
        users::store::latest_id(conn)?,
        auth::store::latest_id(conn)?,
        auth::store_invitations::latest_id(conn)?,
        friends::store::latest_id(conn)?,
        posts::store::latest_id(conn)?,
        posts::store::comments::latest_id(conn)?,
        media::store::latest_id(conn)?,
        media::store::uploads::latest_id(conn)?,
        conversations::store::latest_id(conn)?,
        conversations::store::messages::latest_id(conn)?,
        notifications::store::latest_id(conn)?,
        push::store::latest_id(conn)?,
        admin::reports::latest_id(conn)?,
    ];
    Ok(latest.into_iter().flatten().max())
}

/// Every operation of every feature.
pub fn routes() -> Routes {
    let mut routes = Routes::default();
    auth::http::mount(&mut routes);
    users::http::mount(&mut routes);
    friends::http::mount(&mut routes);
    media::http::mount(&mut routes);
    privacy::http::mount(&mut routes);
    posts::http::mount(&mut routes);
    posts::http_comments::mount(&mut routes);
    search::http::mount(&mut routes);
    conversations::http::mount(&mut routes);
    groups::http::mount(&mut routes);
    groups::http_members::mount(&mut routes);
    groups::http_pictures::mount(&mut routes);
    notifications::http::mount(&mut routes);
    digests::http::mount(&mut routes);
    push::http::mount(&mut routes);
    realtime::http::mount(&mut routes);
    admin::http::mount(&mut routes);
    routes
}
