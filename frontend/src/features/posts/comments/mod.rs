//! The comments under a post and the fields in which one writes them.

mod edit;
mod form;
mod replies;
mod row;

use yew::prelude::*;

use self::form::CommentForm;
use self::row::CommentRow;
use super::comment_actions as actions;
use super::state::thread::{Parent, Strand};
use super::state::{Entry, PostKey};
use crate::context::{App, use_app};
use crate::store::Ptr;
use crate::text::{errors, posts as words, shell};
use crate::ui::button::{Button, Kind};
use crate::ui::icon::{Glyph, small_icon};

#[derive(PartialEq, Properties)]
pub(super) struct CommentsProps {
    pub(super) entry: Ptr<Entry>,
    /// Grows when the reader wants to write.
    pub(super) asked: u32,
}

/// All that is shown of the comments of a post.
#[component]
pub(super) fn Comments(props: &CommentsProps) -> Html {
    let app = use_app();
    let entry = &props.entry;
    let thread = &entry.thread;
    let count = thread.earlier(entry.post.comment_count);
    html! {
        <section class="comments" aria-label={words::comments_on(&entry.post.author.display_name)}>
            { earlier(&app, &entry.key, None, thread.top(), words::earlier_comments(count), count) }
            if !thread.top().items.is_empty() {
                <ul class="comments__list">
                    { for thread.top().items.iter().map(|item| html! {
                        <CommentRow key={item.key()} entry={entry.clone()} item={item.clone()} />
                    }) }
                </ul>
            }
            <CommentForm post={entry.key.clone()} asked={props.asked} />
        </section>
    }
}

/// The way to those that came before the ones that are shown, when there are any.
fn earlier(app: &App, post: &PostKey, parent: Parent, strand: &Strand, text: String, count: u32) -> Html {
    let load = {
        let (app, post) = (app.clone(), post.clone());
        Callback::from(move |()| actions::load_earlier(&app, &post, parent))
    };
    if let Some(failure) = &strand.failure {
        html! {
            <p class="delivery delivery--failed" role="alert">
                { small_icon(Glyph::Alert) }
                <span>{ words::EARLIER_FAILED }{ " " }{ errors::failure(failure) }</span>
                <button type="button" class="text-btn" onclick={move |_: MouseEvent| load.emit(())}>
                    { shell::TRY_AGAIN }
                </button>
            </p>
        }
    } else if count > 0 {
        html! {
            <div><Button kind={Kind::Ghost} class="comments__earlier" {text} busy={strand.loading} onclick={load} /></div>
        }
    } else {
        Html::default()
    }
}
