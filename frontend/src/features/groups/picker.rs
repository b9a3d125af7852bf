//! Choosing friends: a list of them with a box for each, and a field that narrows it. Whom one has chosen stays chosen,
//! whatever the list shows.

use hearth_shared::conversations::groups::INVITED_AT_ONCE;
use hearth_shared::ids::UserId;
use yew::prelude::*;

use crate::features::friends::components::search_field;
use crate::features::friends::filter::use_friends;
use crate::platform::dom;
use crate::text::{friends as people, groups as words};
use crate::ui::avatar::{Size, avatar, name};
use crate::ui::button::Button;
use crate::ui::skeleton::person_skeletons;
use crate::ui::states::failed;

#[derive(PartialEq, Properties)]
pub(super) struct PickerProps {
    pub(super) legend: &'static str,
    pub(super) chosen: Vec<UserId>,
    /// Those who cannot be chosen, because they are there already.
    pub(super) without: Vec<UserId>,
    pub(super) onchange: Callback<Vec<UserId>>,
}

/// The list.
#[component]
pub(super) fn FriendsPicker(props: &PickerProps) -> Html {
    let friends = use_friends();
    let list = &friends.list;
    let (chosen, full) = (&props.chosen, props.chosen.len() >= INVITED_AT_ONCE);
    let shown = friends.shown.iter();
    let shown = shown.filter(|friend| !props.without.contains(&friend.user.id));
    let rows: Vec<Html> = shown
        .map(|friend| {
            let id = friend.user.id;
            let on = chosen.contains(&id);
            let toggle = {
                let (chosen, onchange) = (chosen.clone(), props.onchange.clone());
                move |_: Event| {
                    let mut chosen = chosen.clone();
                    if on {
                        chosen.retain(|one| *one != id);
                    } else {
                        chosen.push(id);
                    }
                    onchange.emit(chosen);
                }
            };
            html! {
                <li key={id.to_string()}>
                    <label class="option">
                        <input type="checkbox" checked={on} disabled={full && !on} onchange={toggle} />
                        { avatar(&friend.user, Size::Small) }
                        <span>{ name(&friend.user) }{ " " }<span class="meta">{ "@" }{ &friend.user.username }</span></span>
                    </label>
                </li>
            }
        })
        .collect();
    let nobody = if !friends.query.is_empty() {
        people::no_friend(&friends.query)
    } else if list.items.is_empty() {
        words::NO_FRIENDS.to_owned()
    } else {
        words::NOBODY_TO_INVITE.to_owned()
    };
    // In a form Enter would send it from the field.
    let onkeydown = Callback::from(|event: KeyboardEvent| {
        if event.key() == "Enter" && dom::is_typing(event.target()) {
            event.prevent_default();
        }
    });
    html! {
        <fieldset class="choice" {onkeydown}>
            <legend>{ props.legend }</legend>
            if friends.many() {
                { search_field("pick-friends", people::FILTER_LABEL, friends.typed.clone()) }
            }
            if let Some(failure) = &list.failure {
                { failed(people::FRIENDS_FAILED, failure, friends.load.reform(|()| false)) }
            } else if list.known {
                if rows.is_empty() && list.next.is_none() { <p class="form-row__hint">{ nobody }</p> }
                <ul class="picker">
                    { rows }
                    if list.next.is_some() && !friends.asked {
                        <li class="more"><Button text={people::SHOW_MORE} busy={list.loading} onclick={friends.load.reform(|()| true)} /></li>
                    }
                </ul>
            } else {
                { person_skeletons(2) }
            }
            <p class="form-row__hint" role="status">
                if !chosen.is_empty() { { words::chosen(chosen.len()) } }
            </p>
        </fieldset>
    }
}
