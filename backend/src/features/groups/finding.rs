//! Finding groups by the words of their titles: first those that somebody is in, then those that they are invited to, then
//! public ones; of each by title. What others do does not change this order, so that pages meet.

use std::collections::HashSet;

use hearth_shared::conversations::groups::GroupCard;
use hearth_shared::ids::{Id, UserId};
use hearth_shared::page::Page;

use super::store::{self, GroupRow};
use crate::features::users::names;
use crate::platform::cursor;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// Where a search goes on: how near, title, id.
pub type Place = (usize, String, i64);

/// Groups of one's own that are looked through, and public ones that match. Whoever is in more, or finds more, finds the
/// others with another letter.
const LOOKED_AT_MAX: i64 = 1_000;

/// A page of a search. Private groups of others are not looked at.
///
/// # Errors
/// When a query fails.
pub fn groups(
    conn: &mut Conn,
    viewer: UserId,
    text: &str,
    size: u32,
    after: Option<&Place>,
) -> AppResult<Page<GroupCard>> {
    let words = names::words(text);
    if words.is_empty() {
        return Ok(Page {
            items: Vec::new(),
            next_cursor: None,
            seq: None,
        });
    }
    let mut known = HashSet::new();
    let mut found: Vec<(Place, GroupRow)> = Vec::new();
    let near = [
        store::of_member(conn, viewer, LOOKED_AT_MAX)?,
        store::of_invited(conn, viewer, LOOKED_AT_MAX)?,
        store::list_public(conn, &words, (i64::MAX, i64::MAX), LOOKED_AT_MAX)?,
    ];
    for (nearness, rows) in near.into_iter().enumerate() {
        for row in rows {
            let title = row.group().title;
            if has_all(&title, &words) && known.insert(row.id()) {
                found.push(((nearness, names::fold(&title), row.id().get()), row));
            }
        }
    }
    found.retain(|(place, _)| after.is_none_or(|after| place > after));
    found.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    found.truncate(size as usize + 1);
    let page = cursor::page("search-groups", found, size, |(place, _)| place.clone())?;
    let rows: Vec<GroupRow> = page.items.into_iter().map(|(_, row)| row).collect();
    Ok(Page {
        items: store::cards_of_rows(conn, viewer, &rows)?,
        next_cursor: page.next_cursor,
        seq: None,
    })
}

/// Whether a title has words that begin with each of some.
fn has_all(title: &str, words: &[String]) -> bool {
    let title = names::words(title);
    words
        .iter()
        .all(|word| title.iter().any(|of_title| of_title.starts_with(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_begin_one_of_the_title() {
        let has = |text: &str| has_all("Gärten der Woche", &names::words(text));
        assert!(has("woche gart") && has("G") && has("der"));
        assert!(!has("arten") && !has("gart club"));
    }
}
