//! The lines of the palette, and where each of them leads.

use hearth_shared::conversations::groups::GroupCard;
use hearth_shared::posts::Post;
use hearth_shared::search::{FoundAll, FoundMessage};
use hearth_shared::users::UserCard;
use yew::prelude::*;
use yew_router::Routable;

use super::recent::Recent;
use crate::context::App;
use crate::features::friends::components::present;
use crate::features::groups::emblem::emblem;
use crate::features::search::excerpt::marked;
use crate::features::search::messages::hit;
use crate::features::search::view::{View, address};
use crate::routes::{Route, message_at};
use crate::text::{chats, first_name, groups, search as words};
use crate::ui::avatar::{Size, avatar, current, name};
use crate::ui::icon::{Glyph, icon};

/// What can be chosen.
pub(super) struct Line {
    pub(super) key: String,
    /// Where it leads.
    pub(super) to: String,
    pub(super) content: Html,
}

/// Lines of one kind.
pub(super) struct Section {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) lines: Vec<Line>,
}

fn plain(picture: Html, title: Html, note: Html) -> Html {
    html! { <>{ picture }<span class="t"><b>{ title }</b><span>{ note }</span></span></> }
}

fn person(user: &UserCard, prefix: &str) -> Line {
    let to = Route::Profile {
        username: user.username.clone(),
    };
    Line {
        key: format!("{prefix}{}", user.id),
        to: to.to_path(),
        content: plain(
            present(user, Size::Medium),
            name(user),
            html! { <>{ "@" }{ &user.username }</> },
        ),
    }
}

fn group(card: &GroupCard) -> Line {
    // Who is not in it comes in where there is a button for that.
    let to = if card.my_role.is_some() {
        Route::Chat { id: card.id }.to_path()
    } else {
        address(View::Groups, &card.group.title)
    };
    let note = match (card.my_role, card.invited) {
        (Some(_), _) => groups::people(card.member_count),
        (None, true) => words::INVITED.to_owned(),
        (None, false) => words::open_to_join(card.member_count),
    };
    Line {
        key: format!("g{}", card.id),
        to,
        content: plain(
            emblem(card.id, &card.group, Size::Medium),
            html! { { &card.group.title } },
            html! { { note } },
        ),
    }
}

fn post(post: &Post, text: &str) -> Line {
    let picture = avatar(&post.author, Size::Medium);
    let said = hit(name(&post.author), marked(&post.body, text), post.created_at);
    Line {
        key: format!("p{}", post.id),
        to: Route::Post { id: post.id }.to_path(),
        content: html! { <>{ picture }{ said }</> },
    }
}

fn message(app: &App, found: &FoundMessage, text: &str) -> Option<Line> {
    let message = &found.message;
    let id = message.conversation_id;
    let (picture, title) = match (&found.other, &found.group) {
        (Some(other), _) => (present(other, Size::Medium), name(other)),
        (None, Some(group)) => (emblem(id, group, Size::Medium), html! { { &group.title } }),
        (None, None) => return None,
    };
    let who = if message.sender.id == app.user.id {
        chats::YOU.to_owned()
    } else {
        first_name(&current(&message.sender).display_name).to_owned()
    };
    let said = html! { <>{ who }{ ": " }{ marked(&message.body, text) }</> };
    Some(Line {
        key: format!("m{}", message.id),
        to: message_at(id, message.number),
        content: html! { <>{ picture }{ hit(title, said, message.created_at) }</> },
    })
}

/// What was found. Kinds of which nothing was found are left out.
pub(super) fn of_found(app: &App, found: &FoundAll, text: &str) -> Vec<Section> {
    let all = [
        Section {
            id: "seek-people",
            title: words::PEOPLE,
            lines: found
                .people
                .iter()
                .map(|found| person(&found.user, "u"))
                .collect(),
        },
        Section {
            id: "seek-groups",
            title: words::GROUPS,
            lines: found.groups.iter().map(group).collect(),
        },
        Section {
            id: "seek-posts",
            title: words::POSTS,
            lines: found.posts.iter().map(|found| post(found, text)).collect(),
        },
        Section {
            id: "seek-messages",
            title: words::MESSAGES,
            lines: found
                .messages
                .iter()
                .filter_map(|found| message(app, found, text))
                .collect(),
        },
    ];
    all.into_iter()
        .filter(|section| !section.lines.is_empty())
        .collect()
}

/// What was opened last.
pub(super) fn of_recent(all: &[Recent]) -> Vec<Section> {
    let line = |recent: &Recent| match recent {
        Recent::Person(user) => person(user, "ru"),
        Recent::Chat(id, other) => Line {
            key: format!("rc{id}"),
            to: Route::Chat { id: *id }.to_path(),
            content: plain(
                present(other, Size::Medium),
                name(other),
                html! { { words::CHAT } },
            ),
        },
        Recent::Group(id, group) => Line {
            key: format!("rc{id}"),
            to: Route::Chat { id: *id }.to_path(),
            content: plain(
                emblem(*id, group, Size::Medium),
                html! { { &group.title } },
                html! { { words::GROUP } },
            ),
        },
    };
    let lines: Vec<Line> = all.iter().map(line).collect();
    if lines.is_empty() {
        return Vec::new();
    }
    vec![Section {
        id: "seek-recent",
        title: words::RECENT,
        lines,
    }]
}

/// The way to the page.
pub(super) fn to_page(text: &str) -> Line {
    Line {
        key: "page".to_owned(),
        to: address(View::All, text),
        content: html! {
            <>
                <span class="palette__glyph">{ icon(Glyph::Search) }</span>
                <span class="t"><b>{ words::see_all_for(text) }</b></span>
            </>
        },
    }
}
