//! A list of people whom one has set apart: blocked, muted. Who is let go leaves it at once, and comes back to their
//! place when that did not work.

use std::pin::Pin;

use hearth_shared::page::{Cursor, Page, PageQuery};
use hearth_shared::time::Timestamp;
use hearth_shared::users::UserCard;
use yew::prelude::*;

use super::context::Own;
use crate::platform::api::Failure;
use crate::platform::spawn;
use crate::store::Store;
use crate::ui::avatar::{Size, avatar};
use crate::ui::button::Button;
use crate::ui::icon::Glyph;
use crate::ui::skeleton::person_skeletons;
use crate::ui::states::{empty, failed};

/// Somebody, and since when.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) user: UserCard,
    pub(super) since: Timestamp,
}

/// What is known of the list.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct List {
    people: Vec<Entry>,
    next: Option<Cursor>,
    pub(super) known: bool,
    loading: bool,
    failure: Option<Failure>,
}

impl List {
    /// A page is asked for, the first one or one more; where it begins.
    pub(super) fn begin(&mut self, more: bool) -> PageQuery {
        self.loading = true;
        self.failure = None;
        PageQuery {
            limit: None,
            cursor: self.next.clone().filter(|_| more),
        }
    }

    /// It has come, or has not.
    pub(super) fn settle(&mut self, more: bool, outcome: Result<Page<Entry>, Failure>) {
        self.loading = false;
        match outcome {
            Ok(page) => {
                if !more {
                    self.people.clear();
                }
                for entry in page.items {
                    self.put_back(usize::MAX, entry);
                }
                self.next = page.next_cursor;
                self.known = true;
            }
            Err(failure) => self.failure = Some(failure),
        }
    }

    /// Takes somebody out; where they stood.
    pub(super) fn take(&mut self, user: &UserCard) -> Option<(usize, Entry)> {
        let at = self.people.iter().position(|entry| entry.user.id == user.id)?;
        Some((at, self.people.remove(at)))
    }

    /// Puts somebody in.
    pub(super) fn put_back(&mut self, at: usize, entry: Entry) {
        if self.people.iter().all(|other| other.user.id != entry.user.id) {
            self.people.insert(at.min(self.people.len()), entry);
        }
    }
}

/// The same page of what any such list has.
pub(super) fn page_of<T>(page: Page<T>, entry: fn(T) -> Entry) -> Page<Entry> {
    Page {
        items: page.items.into_iter().map(entry).collect(),
        next_cursor: page.next_cursor,
        seq: page.seq,
    }
}

/// A page on its way, without the name of its operation, so that what follows exists once in the binary.
pub(super) type Answer = Pin<Box<dyn Future<Output = Result<Page<Entry>, Failure>>>>;
/// How a list reads its pages.
pub(super) type Reading = fn(Own, PageQuery) -> Answer;

/// Reads a list from its top, or one more page of it.
pub(super) fn load(own: &Own, store: &Store<List>, more: bool, read: Reading) {
    let query = store.change(|list| list.begin(more));
    let (own, store) = (own.clone(), store.clone());
    spawn(async move {
        let outcome = read(own, query).await;
        store.change(|list| list.settle(more, outcome));
    });
}

/// What such a list says and does.
pub(super) struct Telling<'a> {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) empty: &'static str,
    pub(super) failed: &'static str,
    pub(super) more: &'static str,
    pub(super) more_failed: &'static str,
    /// What the button beside each does.
    pub(super) action: &'static str,
    pub(super) label: fn(&str, &str) -> String,
    pub(super) since: &'a dyn Fn(Timestamp) -> String,
    pub(super) onact: Callback<UserCard>,
    /// Reads the list again, or more of it.
    pub(super) again: Callback<()>,
}

/// The list.
pub(super) fn section(list: &List, telling: &Telling<'_>) -> Html {
    let Telling { id, title, again, .. } = telling;
    html! {
        <section class="section" aria-labelledby={*id}>
            <h2 class="section__title" id={*id}>{ *title }</h2>
            if !list.known {
                if let Some(failure) = &list.failure {
                    { failed(telling.failed, failure, again.clone()) }
                } else {
                    { person_skeletons(2) }
                }
            } else if list.people.is_empty() && list.next.is_none() {
                { empty(Glyph::Check, telling.empty, Html::default()) }
            } else {
                <ul class="card people">
                    { for list.people.iter().map(|entry| row(entry, telling)) }
                </ul>
                if let Some(failure) = &list.failure {
                    { failed(telling.more_failed, failure, again.clone()) }
                } else if list.next.is_some() {
                    <div class="more"><Button text={telling.more} busy={list.loading} onclick={again} /></div>
                }
            }
        </section>
    }
}

fn row(entry: &Entry, telling: &Telling<'_>) -> Html {
    let user = entry.user.clone();
    let label = (telling.label)(telling.action, &user.display_name);
    let onclick = {
        let (user, onact) = (user.clone(), telling.onact.clone());
        Callback::from(move |()| onact.emit(user.clone()))
    };
    html! {
        <li class="person" key={user.id.to_string()}>
            { avatar(&user, Size::Post) }
            <div class="person__text">
                <b>{ &user.display_name }</b>
                <p class="meta person__note"><span>{ "@" }{ &user.username }</span><span>{ (telling.since)(entry.since) }</span></p>
            </div>
            <Button text={telling.action} {label} {onclick} />
        </li>
    }
}

#[cfg(test)]
mod tests {
    use hearth_shared::ids::{Id, UserId};

    use super::*;

    fn person(id: i64) -> Entry {
        Entry {
            user: UserCard {
                id: UserId::new(id),
                username: format!("u{id}"),
                display_name: format!("Person {id}"),
                avatar_url: None,
                rev: 1,
            },
            since: Timestamp::from_millis(id),
        }
    }

    fn page(ids: &[i64]) -> Page<Entry> {
        Page {
            items: ids.iter().copied().map(person).collect(),
            next_cursor: Some(Cursor("next".into())),
            seq: None,
        }
    }

    fn ids(list: &List) -> Vec<i64> {
        list.people.iter().map(|entry| entry.user.id.get()).collect()
    }

    #[test]
    fn somebody_comes_back_to_their_place_and_only_once() {
        let mut list = List::default();
        list.settle(false, Ok(page(&[3, 2, 1])));
        let (at, taken) = list.take(&person(2).user).unwrap();
        assert_eq!(ids(&list), [3, 1]);
        list.put_back(at, taken.clone());
        list.put_back(0, taken);
        assert_eq!(ids(&list), [3, 2, 1]);
        assert!(list.take(&person(9).user).is_none());
    }

    #[test]
    fn pages_follow_each_other_and_a_failed_one_keeps_the_list() {
        let mut list = List::default();
        assert_eq!(list.begin(true).cursor, None);
        list.settle(false, Ok(page(&[3])));
        assert_eq!(list.begin(true).cursor, Some(Cursor("next".into())));
        list.settle(true, Err(Failure::Unreachable));
        assert!(list.failure.is_some() && ids(&list) == [3]);
        list.begin(true);
        list.settle(true, Ok(page(&[3, 2])));
        assert_eq!(ids(&list), [3, 2]);
        list.settle(false, Ok(page(&[4])));
        assert_eq!(ids(&list), [4]);
    }
}
