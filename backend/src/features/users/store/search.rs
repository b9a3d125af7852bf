//! Queries of the search for people.

use diesel::prelude::*;
use hearth_shared::ids::{Id, UserId};

use crate::features::friends::store::blocks::hidden_from;
use crate::features::privacy;
use crate::features::users::store_standing::active;
use crate::platform::db::Conn;
use crate::schema::{friendships, privacy_settings, user_names, users};

/// A word that is searched for.
pub struct Wanted {
    /// What a word of the name begins with.
    pub prefix: String,
    /// Or what it is instead.
    pub close: Vec<String>,
}

/// Somebody whose name matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// By which lists are ordered.
    pub name_key: String,
    /// Who.
    pub id: i64,
    /// Who finds them, in the text form of the settings; `None` when they have changed nothing.
    pub findable: Option<String>,
}

/// The viewer's friends whose names match all words.
pub fn friends(conn: &mut Conn, viewer: UserId, words: &[Wanted]) -> QueryResult<Vec<Match>> {
    let friends = friendships::table
        .filter(friendships::user_id.eq(viewer.get()))
        .select(friendships::friend_id);
    let mut query = users::table
        .filter(users::id.eq_any(friends))
        .filter(active())
        .into_boxed();
    for word in words {
        // Asked for each friend: they are fewer than those who have such a word in their names.
        let named = user_names::table
            .filter(user_names::user_id.eq(users::id))
            .filter(user_names::token.ge(word.prefix.clone()))
            .filter(user_names::token.lt(format!("{}\u{10ffff}", word.prefix)));
        let close = user_names::table
            .filter(user_names::user_id.eq(users::id))
            .filter(user_names::token.eq_any(word.close.clone()));
        query = query.filter(diesel::dsl::exists(named).or(diesel::dsl::exists(close)));
    }
    let rows: Vec<(String, i64)> = query.select((users::name_key, users::id)).load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(name_key, id)| Match {
            name_key,
            id,
            findable: None,
        })
        .collect())
}

/// People whose names match all words, friends among them; not the viewer, not those who do not exist for the
/// viewer, not those whom nobody finds. At most `limit`.
pub fn people(conn: &mut Conn, viewer: UserId, words: &[Wanted], limit: i64) -> QueryResult<Vec<Match>> {
    let mut query = users::table
        .left_join(privacy_settings::table)
        .filter(users::id.ne(viewer.get()))
        .filter(users::id.ne_all(hidden_from(viewer)))
        .filter(active())
        .filter(
            privacy_settings::findable
                .is_null()
                .or(privacy_settings::findable.ne(privacy::store::NOBODY)),
        )
        .select((users::name_key, users::id, privacy_settings::findable.nullable()))
        .into_boxed();
    for word in words {
        let begins = user_names::token
            .ge(word.prefix.clone())
            .and(user_names::token.lt(format!("{}\u{10ffff}", word.prefix)));
        let named = user_names::table.select(user_names::user_id);
        query = if word.close.is_empty() {
            query.filter(users::id.eq_any(named.filter(begins)))
        } else {
            let close = user_names::token.eq_any(word.close.clone());
            query.filter(users::id.eq_any(named.filter(begins.or(close))))
        };
    }
    let rows: Vec<(String, i64, Option<String>)> = query.limit(limit).load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(name_key, id, findable)| Match {
            name_key,
            id,
            findable,
        })
        .collect())
}

/// Whom an address belongs to, if they want to be found by it and exist for the viewer.
pub fn by_address(conn: &mut Conn, viewer: UserId, email_key: &str) -> QueryResult<Option<i64>> {
    users::table
        .inner_join(privacy_settings::table)
        .filter(users::email_key.eq(email_key))
        .filter(privacy_settings::find_by_email.eq(privacy::store::YES))
        .filter(users::id.ne(viewer.get()))
        .filter(users::id.ne_all(hidden_from(viewer)))
        .filter(active())
        .select(users::id)
        .first(conn)
        .optional()
}
