//! People to pick from while one writes: a list that floats beside the caret. The focus stays in the text; what is
//! chosen with the arrow keys is told by `aria-activedescendant` there.

use hearth_shared::users::UserCard;
use yew::prelude::*;

use super::avatar::{Size, avatar, name};
use crate::effect::use_effect_with;
use crate::platform::float::{self, Place};

#[derive(PartialEq, Properties)]
pub(crate) struct SuggestProps {
    pub(crate) id: String,
    pub(crate) label: &'static str,
    pub(crate) people: Vec<UserCard>,
    /// Which of them Enter takes.
    pub(crate) chosen: usize,
    /// Beside what.
    pub(crate) place: Place,
    pub(crate) onpick: Callback<usize>,
}

/// The name of one line of a list.
pub(crate) fn option_id(list: &str, at: usize) -> String {
    format!("{list}-{at}")
}

/// A list of people.
#[component]
pub(crate) fn Suggest(props: &SuggestProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((props.place, props.people.len()), move |(place, _)| {
            float::show(&node, *place)
        });
    }
    // Pressing must not take the focus out of the text.
    let onmousedown = Callback::from(|event: MouseEvent| event.prevent_default());
    html! {
        <ul ref={node} id={props.id.clone()} class="float suggest" popover="manual" role="listbox" aria-label={props.label} {onmousedown}>
            { for props.people.iter().enumerate().map(|(at, user)| {
                let pick = props.onpick.reform(move |_: MouseEvent| at);
                html! {
                    <li
                        key={user.id.to_string()} id={option_id(&props.id, at)} class="suggest__item" role="option"
                        aria-selected={(at == props.chosen).to_string()} onclick={pick}
                    >
                        { avatar(user, Size::Small) }
                        <b>{ name(user) }</b>
                        <span class="meta">{ "@" }{ &user.username }</span>
                    </li>
                }
            }) }
        </ul>
    }
}
