//! Finding people by name: first those whose names begin as searched for, then those who are a typo away; of
//! each the nearest first. Or by their whole address, if they want that.

use std::collections::{BTreeMap, HashSet};

use hearth_shared::ids::UserId;
use hearth_shared::page::{Page, page_size};
use hearth_shared::users::{PeopleQuery, Person};

use super::names;
use super::store::search::{self as store, Match, Wanted};
use super::store::words;
use crate::features::friends;
use crate::features::friends::store::circle::Circle;
use crate::features::privacy;
use crate::platform::cursor;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// Where a search goes on: with or without typos, how near, name, id.
pub type Place = (usize, usize, String, i64);

/// People of one search who are looked at. Whoever matches beyond that is found with another letter.
const LOOKED_AT_MAX: i64 = 6_000;

/// A page of a search.
///
/// # Errors
/// When a query fails.
pub fn people(
    conn: &mut Conn,
    viewer: UserId,
    query: &PeopleQuery,
    after: Option<Place>,
) -> AppResult<Page<Person>> {
    if names::is_address(&query.q) {
        let found = store::by_address(conn, viewer, &names::fold_email(&query.q))?;
        let ids: Vec<i64> = found.filter(|_| after.is_none()).into_iter().collect();
        return Ok(Page {
            items: friends::store::people(conn, viewer, &ids)?,
            next_cursor: None,
            seq: None,
        });
    }
    let size = page_size(query.limit);
    let found = Search::new(conn, viewer, &query.q)?.after(conn, after, size as usize + 1)?;
    let page = cursor::page("people", found, size, Place::clone)?;
    let ids: Vec<i64> = page.items.iter().map(|(_, _, _, id)| *id).collect();
    Ok(Page {
        items: friends::store::people(conn, viewer, &ids)?,
        next_cursor: page.next_cursor,
        seq: None,
    })
}

struct Search {
    viewer: UserId,
    words: Vec<String>,
    circle: Circle,
}

impl Search {
    fn new(conn: &mut Conn, viewer: UserId, text: &str) -> AppResult<Self> {
        Ok(Self {
            viewer,
            words: names::words(text),
            circle: Circle::of(conn, viewer)?,
        })
    }

    /// So many people after a place, in order.
    fn after(&self, conn: &mut Conn, after: Option<Place>, wanted: usize) -> AppResult<Vec<Place>> {
        if self.words.is_empty() {
            return Ok(Vec::new());
        }
        let exact: Vec<Wanted> = self.words.iter().map(|word| plain(word)).collect();
        let exact = self.matches(conn, &exact)?;
        let mut places = self.places(0, &exact, &HashSet::new());
        let is_after = |place: &Place| after.as_ref().is_none_or(|after| place > after);
        places.retain(is_after);
        if places.len() < wanted {
            let mut close = Vec::with_capacity(self.words.len());
            for word in &self.words {
                close.push(Wanted {
                    prefix: word.clone(),
                    close: words::close_to(conn, word)?,
                });
            }
            if close.iter().any(|word| !word.close.is_empty()) {
                let known: HashSet<i64> = exact.keys().copied().collect();
                let close = self.matches(conn, &close)?;
                let mut more = self.places(1, &close, &known);
                more.retain(is_after);
                places.append(&mut more);
            }
        }
        places.truncate(wanted);
        Ok(places)
    }

    fn matches(&self, conn: &mut Conn, words: &[Wanted]) -> AppResult<BTreeMap<i64, Match>> {
        // Friends are found however many others are.
        let mut all = store::friends(conn, self.viewer, words)?;
        all.extend(store::people(conn, self.viewer, words, LOOKED_AT_MAX)?);
        Ok(all.into_iter().map(|found| (found.id, found)).collect())
    }

    fn places(&self, round: usize, matches: &BTreeMap<i64, Match>, known: &HashSet<i64>) -> Vec<Place> {
        let mut places: Vec<Place> = matches
            .values()
            .filter(|found| !known.contains(&found.id))
            .filter_map(|found| Some((round, self.nearness(found)?, found.name_key.clone(), found.id)))
            .collect();
        places.sort_unstable();
        places
    }

    /// Friends, friends of friends, others; `None` for those who are not to be found by the viewer.
    fn nearness(&self, found: &Match) -> Option<usize> {
        if self.circle.friends.contains(&found.id) {
            return Some(0);
        }
        let shared = self.circle.shared_with(found.id);
        let reached = found
            .findable
            .as_deref()
            .is_none_or(|reach| privacy::service::reaches(privacy::store::reach_of(reach), shared));
        reached.then_some(if shared > 0 { 1 } else { 2 })
    }
}

fn plain(word: &str) -> Wanted {
    Wanted {
        prefix: word.to_owned(),
        close: Vec::new(),
    }
}
