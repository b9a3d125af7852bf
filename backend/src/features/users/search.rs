//! Finding people by name, the nearest first.

use hearth_shared::ids::UserId;
use hearth_shared::page::{Page, page_size};
use hearth_shared::problem::ErrorCode;
use hearth_shared::users::{PeopleQuery, Person};
use hearth_shared::valid::Valid;

use super::store::Circle;
use super::{names, store};
use crate::features::friends;
use crate::platform::cursor;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// Where a search goes on: circle, name, id.
pub type Place = (usize, String, i64);

const CIRCLES: [Circle; 3] = [Circle::Friends, Circle::FriendsOfFriends, Circle::Others];

/// Fills a page from the nearest circle outwards: three queries at most.
pub fn people(
    conn: &mut Conn,
    viewer: UserId,
    query: &Valid<PeopleQuery>,
    after: Option<Place>,
) -> AppResult<Page<Person>> {
    let size = page_size(query.limit);
    let prefixes = names::words(&query.q);
    let mut found: Vec<Place> = Vec::new();
    if !prefixes.is_empty() {
        let (first, mut key) = match after {
            // Such a name was never kept, and PostgreSQL takes none.
            Some((_, name, _)) if name.contains('\0') => return Err(ErrorCode::InvalidCursor.into()),
            Some((circle, name, id)) => (circle, Some((name, id))),
            None => (0, None),
        };
        for (index, circle) in CIRCLES.iter().enumerate().skip(first) {
            let wanted = i64::from(size) + 1 - i64::try_from(found.len()).unwrap_or(i64::MAX);
            if wanted > 0 {
                let rows = store::search(conn, viewer, *circle, &prefixes, key.take().as_ref(), wanted)?;
                found.extend(rows.into_iter().map(|(name, id)| (index, name, id)));
            }
        }
    }
    let page = cursor::page("people", found, size, Place::clone)?;
    let ids: Vec<i64> = page.items.iter().map(|(_, _, id)| *id).collect();
    Ok(Page {
        items: friends::store::people(conn, viewer, &ids)?,
        next_cursor: page.next_cursor,
        seq: None,
    })
}
