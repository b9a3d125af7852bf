//! What a post or a comment said before it was changed.

use hearth_shared::ids::{CommentId, PostId};
use hearth_shared::page::PageQuery;
use hearth_shared::posts::{Edit, ListCommentEdits, ListPostEdits};
use yew::prelude::*;

use super::{load, rest, use_list};
use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::store::use_selected;
use crate::text::posts::card as words;
use crate::ui::dialog::Dialog;
use crate::ui::rich::rich;
use crate::ui::when::When;

/// Of what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum EditsOf {
    Post(PostId),
    Comment(CommentId),
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct HistoryProps {
    pub(crate) of: EditsOf,
    /// The text as it is.
    pub(crate) now: AttrValue,
    pub(crate) onclose: Callback<()>,
}

/// The dialog.
#[component]
pub(crate) fn History(props: &HistoryProps) -> Html {
    let app = use_app();
    let list = use_list::<Edit>();
    let shown = use_selected(&list, (), |list, ()| list.clone());
    let ask = use_callback((app, list, props.of), |more: bool, (app, list, of)| {
        let query = PageQuery {
            limit: None,
            cursor: list.read(|list| list.next.clone()).filter(|_| more),
        };
        let (api, of) = (app.base.api.clone(), *of);
        let asking = Box::pin(async move {
            match of {
                EditsOf::Post(post_id) => api.get(&ListPostEdits { post_id }, &query).await,
                EditsOf::Comment(comment_id) => api.get(&ListCommentEdits { comment_id }, &query).await,
            }
        });
        load(list, more, asking);
    });
    use_effect_with(ask.clone(), |ask| ask.emit(false));
    html! {
        <Dialog id="history" title={words::HISTORY} onclose={props.onclose.clone()} first="h2" class="history">
            <ol class="history__list">
                <li class="history__one">
                    <p class="meta">{ words::AS_IT_IS }</p>
                    <div class="history__text">{ version(&props.now) }</div>
                </li>
                { for shown.items.iter().map(|edit| html! {
                    <li key={edit.replaced_at.to_string()} class="history__one">
                        <p class="meta">{ words::UNTIL }{ " " }<When at={edit.replaced_at} /></p>
                        <div class="history__text">{ version(&edit.body) }</div>
                    </li>
                }) }
            </ol>
            { rest(&shown, words::HISTORY_FAILED, words::HISTORY_EMPTY, &ask) }
        </Dialog>
    }
}

fn version(body: &str) -> Html {
    if body.is_empty() {
        html! { <span class="meta">{ words::NO_TEXT }</span> }
    } else {
        rich(body)
    }
}
