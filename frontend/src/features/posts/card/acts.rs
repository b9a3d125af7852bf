//! What everybody can do with a post: react, comment, pass it on.

use hearth_shared::posts::{Original, ReactionKind, Shared};
use yew::prelude::*;

use super::super::dialogs::share::ShareDialogProps;
use super::super::dialogs::who::{ReactorsOf, WhoProps};
use super::super::reaction_actions;
use super::super::reactions::Reactions;
use super::super::state::Entry;
use crate::context::use_app;
use crate::parts::Over;
use crate::store::Ptr;
use crate::text::posts::{self as words, card};
use crate::ui::icon::{Glyph, small_icon};

#[derive(PartialEq, Properties)]
pub(super) struct ActsProps {
    pub(super) entry: Ptr<Entry>,
    /// The comments are shown.
    pub(super) expanded: bool,
    pub(super) oncomment: Callback<()>,
}

/// The row of actions under a post.
#[component]
pub(super) fn Acts(props: &ActsProps) -> Html {
    let app = use_app();
    let (who, sharing) = (use_state_eq(|| false), use_state_eq(|| false));
    let entry = &props.entry;
    let post = &entry.post;
    let react = use_callback((app, entry.key.clone()), |kind: ReactionKind, (app, key)| {
        reaction_actions::react(app, key, kind)
    });
    let set = |handle: &UseStateHandle<bool>, on: bool| {
        let handle = handle.clone();
        Callback::from(move |()| handle.set(on))
    };
    let share = {
        let sharing = sharing.clone();
        Callback::from(move |_: MouseEvent| sharing.set(true))
    };
    let comment = {
        let oncomment = props.oncomment.clone();
        Callback::from(move |_: MouseEvent| oncomment.emit(()))
    };
    let original = passed_on(entry);
    html! {
        <div class="acts" role="group" aria-label={words::POST_ACTIONS}>
            <Reactions
                mine={entry.reacting.shown(post.my_reaction)}
                counts={entry.reacting.counts(&post.reactions, post.my_reaction)}
                onchoose={react} onwho={set(&who, true)}
            />
            <button type="button" class="btn act act--comment" aria-expanded={props.expanded.to_string()} onclick={comment}>
                { small_icon(Glyph::Comment) }
                <span>{ words::COMMENT }</span>
                if post.comment_count > 0 { <span class="act__count">{ post.comment_count }</span> }
            </button>
            if original.is_some() {
                <button type="button" class="btn act act--share" aria-haspopup="dialog" onclick={share}>
                    { small_icon(Glyph::Share) }
                    <span>{ card::SHARE }</span>
                    if post.share_count > 0 { <span class="act__count">{ post.share_count }</span> }
                </button>
            }
            if *who {
                { Over::Who(WhoProps { of: ReactorsOf::Post(post.id), counts: post.reactions.clone(), onclose: set(&who, false) }).html() }
            }
            if let Some(original) = original.filter(|_| *sharing) {
                { Over::Share(ShareDialogProps { original, onclose: set(&sharing, false) }).html() }
            }
        </div>
    }
}

/// What is passed on: of a post that passes one on itself, that one; nothing when that cannot be seen.
fn passed_on(entry: &Entry) -> Option<Original> {
    match &entry.post.shared {
        None => Some(Original::from(entry.post.clone())),
        Some(Shared::Post(original)) => Some((**original).clone()),
        Some(Shared::Unavailable) => None,
    }
}
