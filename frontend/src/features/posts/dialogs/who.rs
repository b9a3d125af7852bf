//! Who reacted to a post or a comment, and how.

use hearth_shared::ids::{CommentId, PostId};
use hearth_shared::posts::{
    ListCommentReactors, ListReactors, ReactionCounts, ReactionKind, Reactor, ReactorsQuery,
};
use yew::prelude::*;

use super::super::reactions::symbol;
use super::super::state::reacting::{Felt, total};
use super::{load, rest, use_list};
use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::routes::Route;
use crate::store::use_selected;
use crate::text::posts::card as words;
use crate::ui::avatar::{Size, avatar, name};
use crate::ui::dialog::Dialog;
use crate::ui::link::Link;

/// To what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum ReactorsOf {
    Post(PostId),
    Comment(CommentId),
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct WhoProps {
    pub(crate) of: ReactorsOf,
    /// How many of each kind there are.
    pub(crate) counts: ReactionCounts,
    pub(crate) onclose: Callback<()>,
}

/// The dialog.
#[component]
pub(crate) fn Who(props: &WhoProps) -> Html {
    let kind = use_state_eq(|| None::<ReactionKind>);
    let filter = |to: Felt| {
        let on = *kind == to;
        let count = match to {
            None => total(&props.counts),
            Some(kind) => props.counts.get(&kind).copied().unwrap_or(0),
        };
        let choose = {
            let kind = kind.clone();
            Callback::from(move |_: MouseEvent| kind.set(to))
        };
        html! {
            <button
                type="button" class="who__kind" aria-pressed={on.to_string()} onclick={choose}
                aria-label={words::only_kind(to, count)}
            >
                if let Some(kind) = to { { symbol(kind) } } else { <span>{ words::ALL }</span> }
                <span aria-hidden="true">{ count }</span>
            </button>
        }
    };
    html! {
        <Dialog id="who" title={words::WHO_REACTED} onclose={props.onclose.clone()} first="h2" class="who">
            if props.counts.len() > 1 {
                <div class="who__kinds" role="group" aria-label={words::KINDS}>
                    { filter(None) }
                    { for props.counts.keys().map(|kind| filter(Some(*kind))) }
                </div>
            }
            <Reactors key={kind.map_or("all", ReactionKind::as_str)} of={props.of} kind={*kind} />
        </Dialog>
    }
}

#[derive(PartialEq, Properties)]
struct ReactorsProps {
    of: ReactorsOf,
    kind: Felt,
}

/// The people, of one kind or of all.
#[component]
fn Reactors(props: &ReactorsProps) -> Html {
    let app = use_app();
    let list = use_list::<Reactor>();
    let shown = use_selected(&list, (), |list, ()| list.clone());
    let ask = use_callback(
        (app, list, props.of, props.kind),
        |more: bool, (app, list, of, kind)| {
            let query = ReactorsQuery {
                kind: *kind,
                limit: Some(50),
                cursor: list.read(|list| list.next.clone()).filter(|_| more),
            };
            let (api, of) = (app.base.api.clone(), *of);
            let asking = Box::pin(async move {
                match of {
                    ReactorsOf::Post(post_id) => api.get(&ListReactors { post_id }, &query).await,
                    ReactorsOf::Comment(comment_id) => {
                        api.get(&ListCommentReactors { comment_id }, &query).await
                    }
                }
            });
            load(list, more, asking);
        },
    );
    use_effect_with(ask.clone(), |ask| ask.emit(false));
    html! {
        <>
            if !shown.items.is_empty() {
                <ul class="who__list">
                    { for shown.items.iter().map(|one| html! {
                        <li key={one.user.id.to_string()} class="who__one">
                            { avatar(&one.user, Size::Medium) }
                            <Link to={Route::Profile { username: one.user.username.clone() }} class="name">{ name(&one.user) }</Link>
                            <span class="grow" />
                            <span class="vh">{ words::kind(one.kind) }</span>{ symbol(one.kind) }
                        </li>
                    }) }
                </ul>
            }
            { rest(&shown, words::WHO_FAILED, words::WHO_NOBODY, &ask) }
        </>
    }
}
