//! Locks on rows, which PostgreSQL has; on SQLite there is one writer, and nothing to wait for. They are taken in the order
//! of posts, people, conversations, media, streams.

use diesel::prelude::*;

use crate::platform::db::conn::Conn;

/// Locks rows until the end of the transaction. SQLite has one writer, which is lock enough.
///
/// # Errors
/// When the lock does not come in time, or the query fails.
pub fn lock_post(conn: &mut Conn, post: i64) -> QueryResult<()> {
    use crate::schema::posts;
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(conn) => posts::table
            .find(post)
            .select(posts::id)
            .for_no_key_update()
            .execute(conn)
            .map(drop),
    }
}

/// As [`lock_post`], for several; in ascending order, so that no two transactions wait for each other.
///
/// # Errors
/// As [`lock_post`].
pub fn lock_posts(conn: &mut Conn, ids: &[i64]) -> QueryResult<()> {
    use crate::schema::posts;
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(conn) => posts::table
            .filter(posts::id.eq_any(ids))
            .order(posts::id)
            .select(posts::id)
            .for_no_key_update()
            .execute(conn)
            .map(drop),
    }
}

/// As [`lock_posts`], for messages.
///
/// # Errors
/// As [`lock_post`].
pub fn lock_messages(conn: &mut Conn, ids: &[i64]) -> QueryResult<()> {
    use crate::schema::messages;
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(conn) => messages::table
            .filter(messages::id.eq_any(ids))
            .order(messages::id)
            .select(messages::id)
            .for_no_key_update()
            .execute(conn)
            .map(drop),
    }
}

/// As [`lock_post`], for pictures and films, against their being cleared away; in ascending order.
///
/// # Errors
/// As [`lock_post`].
pub fn lock_media(conn: &mut Conn, ids: &[i64]) -> QueryResult<()> {
    use crate::schema::media;
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(conn) => media::table
            .filter(media::id.eq_any(ids))
            .order(media::id)
            .select(media::id)
            .for_no_key_update()
            .execute(conn)
            .map(drop),
    }
}

/// As [`lock_post`], for a conversation.
///
/// # Errors
/// As [`lock_post`].
pub fn lock_conversation(conn: &mut Conn, conversation: i64) -> QueryResult<()> {
    use crate::schema::conversations;
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(conn) => conversations::table
            .find(conversation)
            .select(conversations::id)
            .for_no_key_update()
            .execute(conn)
            .map(drop),
    }
}

/// As [`lock_post`], for the streams of some people; in ascending order, as [`lock_people`].
///
/// # Errors
/// As [`lock_post`].
pub fn lock_streams(conn: &mut Conn, people: &[i64]) -> QueryResult<()> {
    use crate::schema::user_streams;
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(conn) => user_streams::table
            .filter(user_streams::user_id.eq_any(people))
            .order(user_streams::user_id)
            .select(user_streams::user_id)
            .for_no_key_update()
            .execute(conn)
            .map(drop),
    }
}

/// As [`lock_post`], for two people; in ascending order, so that no two transactions wait for each other.
///
/// # Errors
/// As [`lock_post`].
pub fn lock_people(conn: &mut Conn, people: [i64; 2]) -> QueryResult<()> {
    use crate::schema::users;
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(conn) => users::table
            .filter(users::id.eq_any(people))
            .order(users::id)
            .select(users::id)
            .for_no_key_update()
            .execute(conn)
            .map(drop),
    }
}

/// As [`lock_post`], for all administrators.
///
/// # Errors
/// As [`lock_post`].
pub fn lock_admins(conn: &mut Conn) -> QueryResult<()> {
    use crate::schema::users;
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Postgres(conn) => users::table
            .filter(users::role.eq("admin"))
            .order(users::id)
            .select(users::id)
            .for_no_key_update()
            .execute(conn)
            .map(drop),
    }
}
