//! The replies to a comment, and the field for one more.

use hearth_shared::ids::CommentId;
use yew::prelude::*;

use super::super::comment_actions as actions;
use super::super::state::Entry;
use super::earlier;
use super::form::CommentForm;
use super::row::CommentRow;
use crate::context::use_app;
use crate::platform::{clock, dom};
use crate::store::Ptr;
use crate::text::posts::comments as words;
use crate::ui::icon::{Glyph, small_icon};

#[derive(PartialEq, Properties)]
pub(super) struct RepliesProps {
    pub(super) entry: Ptr<Entry>,
    /// The replies to which comment.
    pub(super) to: CommentId,
    pub(super) count: u32,
    /// Grows when the reader wants to answer.
    pub(super) asked: u32,
    pub(super) onask: Callback<()>,
    pub(super) onleave: Callback<()>,
}

/// The replies.
#[component]
pub(super) fn Replies(props: &RepliesProps) -> Html {
    let app = use_app();
    let node = use_node_ref();
    let (entry, to) = (&props.entry, props.to);
    let thread = &entry.thread;
    let open = thread.is_open(to);
    let strand = thread.replies(to);
    let toggle = {
        let (app, key) = (app.clone(), entry.key.clone());
        Callback::from(move |_: MouseEvent| actions::show_replies(&app, &key, to, !open))
    };
    let leave = {
        let (node, onleave) = (node.clone(), props.onleave.clone());
        Callback::from(move |()| {
            onleave.emit(());
            let node = node.clone();
            clock::afterwards(move || {
                if dom::focus_is_lost() {
                    dom::focus_within(&node, "button");
                }
            });
        })
    };
    if props.count == 0 && props.asked == 0 && strand.is_none_or(|strand| strand.items.is_empty()) {
        return Html::default();
    }
    html! {
        <div class="replies" ref={node}>
            if props.count > 0 {
                <button type="button" class="text-btn replies__toggle" aria-expanded={open.to_string()} onclick={toggle}>
                    { small_icon(Glyph::Reply) }
                    <span>{ if open { words::HIDE_REPLIES.to_owned() } else { words::show_replies(props.count) } }</span>
                </button>
            }
            if let Some(strand) = strand.filter(|_| open) {
                { earlier(&app, &entry.key, Some(to), strand, words::earlier_replies(strand.earlier(props.count)), strand.earlier(props.count)) }
                if !strand.items.is_empty() {
                    <ul class="comments__list" aria-label={words::REPLIES}>
                        { for strand.items.iter().map(|item| html! {
                            <CommentRow key={item.key()} entry={entry.clone()} item={item.clone()} onreply={Some(props.onask.clone())} />
                        }) }
                    </ul>
                }
            }
            if props.asked > 0 {
                <CommentForm post={entry.key.clone()} parent={Some(to)} asked={props.asked} onleave={leave} />
            }
        </div>
    }
}
