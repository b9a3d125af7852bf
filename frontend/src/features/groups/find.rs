//! Public groups, to be found and joined.

use std::collections::HashSet;

use hearth_shared::conversations::groups::{GroupCard, GroupsQuery, ListGroups};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::components::{group_row, join_button, open_link};
use crate::context::{App, use_app};
use crate::effect::use_effect_with;
use crate::features::friends::components::search_field;
use crate::features::friends::filter::SEARCH_PAUSE_MILLIS;
use crate::features::lists::{load, rest, use_list};
use crate::platform::clock::Timeout;
use crate::store::use_selected;
use crate::text::groups as words;
use crate::ui::button::Kind;

/// A field and what it finds.
#[component]
pub(super) fn OpenToJoin() -> Html {
    let app = use_app();
    let list = use_list::<GroupCard>();
    let shown = use_selected(&list, (), |list, ()| list.clone());
    let invitations = use_selected(&app.chats, (), |chats, ()| chats.invitations.clone());
    let mine = use_selected(&app.chats, (), |chats, ()| chats.list.clone());
    let query = use_state_eq(String::new);
    let pause = use_mut_ref(|| None::<Timeout>);
    let ask = use_callback(
        (app.clone(), list, (*query).clone()),
        |more: bool, (app, list, query)| {
            let query = GroupsQuery {
                q: Some(query.trim().to_owned()).filter(|q| !q.is_empty()),
                cursor: list.read(|list| list.next.clone()).filter(|_| more),
                limit: None,
            };
            let api = app.base.api.clone();
            load(
                list,
                more,
                Box::pin(async move { api.get(&ListGroups {}, &query).await }),
            );
        },
    );
    use_effect_with(ask.clone(), |ask| ask.emit(false));
    let typed = {
        let set = query.setter();
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            let set = set.clone();
            *pause.borrow_mut() = Some(Timeout::new(SEARCH_PAUSE_MILLIS, move || set.set(text)));
        })
    };
    let everything = query.trim().is_empty();
    let is_mine = |card: &GroupCard| card.my_role.is_some() || mine.find(card.id).is_some();
    // One's own stand above already; who looks for a name finds them here, too.
    // One that has lost members since the last page comes again.
    let mut seen = HashSet::new();
    let cards = shown.items.iter().filter(|card| seen.insert(card.id));
    let cards = cards.filter(|card| !everything || !is_mine(card));
    let rows: Vec<Html> = cards
        .map(|card| {
            let joining = invitations.is_joining(card.id);
            html! { <li key={card.id.to_string()}>{ row(&app, card, is_mine(card), joining) }</li> }
        })
        .collect();
    let nothing = if everything {
        words::NONE_OPEN.to_owned()
    } else {
        words::none_called(query.trim())
    };
    let all_mine = rows.is_empty() && !shown.items.is_empty() && shown.next.is_none();
    html! {
        <section class="section" aria-labelledby="open-to-join">
            <h2 class="section__title" id="open-to-join">{ words::OPEN_TO_JOIN }</h2>
            { search_field("find-groups", words::SEARCH_LABEL, typed) }
            if !rows.is_empty() {
                <ul class="card people" aria-busy={shown.loading.to_string()}>{ rows }</ul>
            } else if all_mine {
                <p class="card quiet-line">{ &nothing }</p>
            }
            { rest(&shown, words::OPEN_FAILED, &nothing, &ask) }
        </section>
    }
}

#[derive(PartialEq, Properties)]
pub(crate) struct FoundRowProps {
    pub(crate) card: GroupCard,
}

/// A group that was found by its title, and the way into it.
#[component]
pub(crate) fn FoundRow(props: &FoundRowProps) -> Html {
    let app = use_app();
    let id = props.card.id;
    let joining = use_selected(&app.chats, id, |chats, id| chats.invitations.is_joining(*id));
    let mine = use_selected(&app.chats, id, |chats, id| chats.list.find(*id).is_some());
    row(&app, &props.card, mine || props.card.my_role.is_some(), joining)
}

fn row(app: &App, card: &GroupCard, mine: bool, joining: bool) -> Html {
    let title = card.group.title.as_str();
    let note = html! {
        <>
            <p class="meta">{ words::people(card.member_count) }</p>
            if !card.group.description.is_empty() { <p class="group__about">{ &card.group.description }</p> }
        </>
    };
    let rest = if mine {
        open_link(card.id, title)
    } else {
        join_button(app, card.id, title, Kind::Quiet, joining)
    };
    group_row(card.id, &card.group, mine, note, rest)
}
