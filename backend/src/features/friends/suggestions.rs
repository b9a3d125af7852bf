//! People whom one may know: friends of friends, those with the most friends in common first. Who has no friends
//! yet is shown who is new here.

use std::collections::HashMap;

use hearth_shared::ids::UserId;
use hearth_shared::page::Page;
use hearth_shared::suggestions::{NAMED_FRIENDS_MAX, Reason, Suggestion};

use super::store::circle::Circle;
use super::store::suggestions as store;
use crate::features::users;
use crate::platform::cursor;
use crate::platform::db::{Conn, Outcome, Tx};
use crate::platform::error::AppResult;
use crate::platform::extract::Actor;

/// Where a list of suggestions goes on: friends in common, id; both downwards.
pub type Place = (u32, i64);

/// People who are looked at together.
const BATCH: usize = 200;

/// A page of suggestions.
///
/// # Errors
/// When a query fails.
pub fn page(conn: &mut Conn, viewer: UserId, after: Option<Place>, size: u32) -> AppResult<Page<Suggestion>> {
    let circle = Circle::of(conn, viewer)?;
    let wanted = size as usize + 1;
    let found = if circle.friends.is_empty() {
        newcomers(conn, viewer, after, wanted)?
    } else {
        nearest(conn, viewer, &circle, after, wanted)?
    };
    let page = cursor::page("suggestions", found, size, |place| *place)?;
    let items = show(conn, viewer, &page.items)?;
    Ok(Page {
        items,
        next_cursor: page.next_cursor,
        seq: None,
    })
}

fn nearest(
    conn: &mut Conn,
    viewer: UserId,
    circle: &Circle,
    after: Option<Place>,
    wanted: usize,
) -> AppResult<Vec<Place>> {
    let strangers = circle
        .mutual
        .iter()
        .filter(|(id, _)| !circle.friends.contains(id))
        .map(|(id, count)| (*count, *id));
    let mut ranked: Vec<Place> = strangers
        .filter(|place| after.is_none_or(|after| *place < after))
        .collect();
    ranked.sort_unstable_by(|a, b| b.cmp(a));
    let mut found = Vec::with_capacity(wanted);
    for batch in ranked.chunks(BATCH) {
        let ids: Vec<i64> = batch.iter().map(|(_, id)| *id).collect();
        let open = store::suggestable(conn, viewer, &ids, |id| circle.shared_with(id))?;
        found.extend(batch.iter().filter(|(_, id)| open.contains(id)));
        if found.len() >= wanted {
            break;
        }
    }
    found.truncate(wanted);
    Ok(found)
}

fn newcomers(conn: &mut Conn, viewer: UserId, after: Option<Place>, wanted: usize) -> AppResult<Vec<Place>> {
    let mut below = after.map_or(i64::MAX, |(_, id)| id);
    let mut found = Vec::with_capacity(wanted);
    while found.len() < wanted {
        let ids = store::newest(conn, below, BATCH as i64)?;
        let Some(last) = ids.last() else { break };
        below = *last;
        let open = store::suggestable(conn, viewer, &ids, |_| 0)?;
        found.extend(ids.iter().filter(|id| open.contains(id)).map(|id| (0, *id)));
    }
    found.truncate(wanted);
    Ok(found)
}

fn show(conn: &mut Conn, viewer: UserId, places: &[Place]) -> AppResult<Vec<Suggestion>> {
    let ids: Vec<i64> = places.iter().map(|(_, id)| *id).collect();
    let named = match places.first() {
        Some((count, _)) if *count > 0 => store::named_friends(conn, viewer, &ids, NAMED_FRIENDS_MAX)?,
        _ => HashMap::new(),
    };
    let mut people: Vec<i64> = named.values().flatten().copied().collect();
    people.extend(&ids);
    people.sort_unstable();
    people.dedup();
    let cards = users::store::cards(conn, &people)?;
    let suggestion = |(count, id): &Place| {
        let friends = named.get(id).into_iter().flatten();
        Some(Suggestion {
            user: cards.get(id)?.clone(),
            reason: if *count > 0 {
                Reason::MutualFriends
            } else {
                Reason::NewHere
            },
            mutual_friend_count: *count,
            mutual_friends: friends.filter_map(|friend| cards.get(friend).cloned()).collect(),
            // Who takes no requests from the viewer is not suggested to them.
            can_request: true,
        })
    };
    Ok(places.iter().filter_map(suggestion).collect())
}

/// Never suggests a person to the caller again. Whether there is such a person is not told.
///
/// # Errors
/// When the database fails.
pub fn hide(tx: &mut Tx<'_>, actor: &Actor, other: UserId) -> AppResult<Outcome<()>> {
    let known = users::store::exists(tx.conn(), other)?;
    if known && store::hide(tx.conn(), actor.user_id, other)? {
        Ok(Outcome::Commit(()))
    } else {
        Ok(Outcome::RollBack(()))
    }
}
