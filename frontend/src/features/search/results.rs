//! What was found, as the page shows it: some of every kind, or all of one.

use hearth_shared::conversations::groups::GroupCard;
use hearth_shared::users::Person;
use yew::prelude::*;

use super::messages;
use super::view::{View, address};
use crate::context::App;
use crate::features::chats::state::finding::Finding;
use crate::features::friends::components::{RelationButton, mutual, person_row};
use crate::features::friends::{self, state::Listing};
use crate::features::groups::FoundRow;
use crate::features::lists::rest;
use crate::features::posts::PostList;
use crate::features::posts::state::ListId;
use crate::platform::api::Failure;
use crate::routes::Route;
use crate::store::Ptr;
use crate::text::{posts as post_words, search as words};
use crate::ui::icon::Glyph;
use crate::ui::link::Link;
use crate::ui::states::{empty, failed};

/// People and groups above the posts; the others have a page of their own.
const SOME: usize = 3;

/// Some of a list that others are shown beside.
#[derive(Debug, Clone, PartialEq)]
struct Some<T> {
    items: Vec<T>,
    /// How many have come, and whether there are more than these.
    number: (usize, bool),
    failure: Option<Failure>,
}

impl<T> Default for Some<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            number: (0, false),
            failure: None,
        }
    }
}

impl<T: Clone> Some<T> {
    fn of(list: &Listing<T>) -> Self {
        Self {
            items: list.items.iter().take(SOME).cloned().collect(),
            number: (list.items.len(), list.next.is_some()),
            failure: list.failure.clone(),
        }
    }
}

/// What was found for some words. It stays until there is an answer to the next ones.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Found {
    pub(super) words: String,
    people: Some<Person>,
    groups: Some<GroupCard>,
    messages: Ptr<Finding>,
}

impl Found {
    pub(super) fn new(
        words: &str,
        people: &Listing<Person>,
        groups: &Listing<GroupCard>,
        messages: Ptr<Finding>,
    ) -> Self {
        Self {
            words: words.to_owned(),
            people: Some::of(people),
            groups: Some::of(groups),
            messages,
        }
    }

    /// How many people, groups and messages have come, and whether there are more than these.
    pub(super) fn numbers(&self) -> [(usize, bool); 3] {
        let said = &self.messages.hits;
        let messages = (said.items.len(), said.next.is_some());
        [self.people.number, self.groups.number, messages]
    }
}

fn section(id: &'static str, title: &'static str, rest: Html) -> Html {
    html! {
        <section class="section" aria-labelledby={id}>
            <h2 class="section__title" {id}>{ title }</h2>
            { rest }
        </section>
    }
}

fn people_rows(people: &[Person]) -> Html {
    let row = |person: &Person| {
        let relation = html! { <RelationButton user={person.user.clone()} /> };
        html! {
            <li key={person.user.id.to_string()}>
                { person_row(&person.user, mutual(person.mutual_friend_count), relation) }
            </li>
        }
    };
    html! { <ul class="card people">{ for people.iter().map(row) }</ul> }
}

fn group_rows(cards: &[GroupCard]) -> Html {
    let row =
        |card: &GroupCard| html! { <li key={card.id.to_string()}><FoundRow card={card.clone()} /></li> };
    html! { <ul class="card people">{ for cards.iter().map(row) }</ul> }
}

/// Nothing, some with a way to all of them, or that it failed.
fn some_of<T>(
    some: &Some<T>,
    failure: &'static str,
    again: Callback<()>,
    show: impl FnOnce(&[T]) -> Html,
    all: Html,
) -> Html {
    if let Option::Some(why) = &some.failure {
        return failed(failure, why, again);
    }
    if some.items.is_empty() {
        return Html::default();
    }
    html! { <>{ show(&some.items) }if some.number.0 > SOME { { all } }</> }
}

fn see_all(view: View, text: &'static str, wanted: &str) -> Html {
    html! {
        <div class="more">
            <Link to={Route::Search} at={address(view, wanted)} class="btn btn--quiet">{ text }</Link>
        </div>
    }
}

fn find_people(app: &App, wanted: &str) -> Callback<bool> {
    let (app, wanted) = (app.clone(), wanted.to_owned());
    Callback::from(move |more| friends::actions::find(&app, &wanted, more, false))
}

/// Some of every kind.
pub(super) fn some(app: &App, found: &Found, more_groups: &Callback<bool>) -> Html {
    let none = if found.numbers() == [(0, false); 3] {
        words::nothing(&found.words)
    } else {
        words::no_posts(&found.words)
    };
    let people = some_of(
        &found.people,
        words::PEOPLE_FAILED,
        find_people(app, &found.words).reform(|()| false),
        people_rows,
        see_all(View::People, words::SEE_ALL, &found.words),
    );
    let groups = some_of(
        &found.groups,
        words::GROUPS_FAILED,
        more_groups.reform(|()| false),
        group_rows,
        see_all(View::Groups, words::ALL_GROUPS, &found.words),
    );
    let titled = |id, title, some: Html, bare: bool| if bare { some } else { section(id, title, some) };
    let bare = |failed: bool, empty: bool| failed || empty;
    html! {
        <>
            { titled("found-people", words::PEOPLE, people, bare(found.people.failure.is_some(), found.people.items.is_empty())) }
            { titled("found-groups", words::GROUPS, groups, bare(found.groups.failure.is_some(), found.groups.items.is_empty())) }
            { messages::some(app, &found.messages) }
            { posts(&found.words, &none) }
        </>
    }
}

/// Posts, page after page.
pub(super) fn posts(wanted: &str, none: &str) -> Html {
    section(
        "found-posts",
        words::POSTS,
        html! {
            <PostList
                list={ListId::Search(wanted.to_owned())} label={words::posts_with(wanted)}
                end={post_words::END_OF_POSTS}
            >
                { empty(Glyph::Search, none, Html::default()) }
            </PostList>
        },
    )
}

/// People, page after page.
pub(super) fn all_people(app: &App, wanted: &str, list: &Listing<Person>) -> Html {
    let load = find_people(app, wanted);
    section(
        "found-people",
        words::PEOPLE,
        html! {
            <>
                if !list.items.is_empty() { { people_rows(&list.items) } }
                { rest(list, words::PEOPLE_FAILED, &words::nobody(wanted), &load) }
            </>
        },
    )
}

/// Groups, page after page.
pub(super) fn all_groups(wanted: &str, list: &Listing<GroupCard>, load: &Callback<bool>) -> Html {
    section(
        "found-groups",
        words::GROUPS,
        html! {
            <>
                if !list.items.is_empty() { { group_rows(&list.items) } }
                { rest(list, words::GROUPS_FAILED, &words::no_groups(wanted), load) }
            </>
        },
    )
}
