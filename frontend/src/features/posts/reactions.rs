//! The heart, and the other reactions behind it: a small menu beside it, or a long press.

use std::rc::Rc;

use hearth_shared::posts::{ReactionCounts, ReactionKind};
use yew::prelude::*;

use super::state::reacting::{Felt, total};
use crate::effect::use_effect_with;
use crate::platform::clock::Timeout;
use crate::platform::dom;
use crate::text::posts::{self as words, card};
use crate::ui::icon::{Glyph, small_icon};
use crate::ui::popup::use_popup;

/// A press of a finger is a long one after this.
const LONG_MILLIS: u32 = 450;
const ITEMS: &str = "[role=menuitemradio]";

/// How a reaction looks.
pub(super) fn symbol(kind: ReactionKind) -> Html {
    let sign = match kind {
        ReactionKind::Like => {
            return html! { <span class="feel feel--like" aria-hidden="true">{ small_icon(Glyph::Heart) }</span> };
        }
        ReactionKind::Love => "🥰",
        ReactionKind::Laugh => "😄",
        ReactionKind::Wow => "😮",
        ReactionKind::Sad => "😢",
        ReactionKind::Angry => "😠",
    };
    html! { <span class="feel" aria-hidden="true">{ sign }</span> }
}

#[derive(PartialEq, Properties)]
pub(super) struct ReactionsProps {
    /// One's own, as it is shown.
    pub(super) mine: Felt,
    /// All of them, with one's own.
    pub(super) counts: ReactionCounts,
    /// The smaller form, under a comment.
    #[prop_or_default]
    pub(super) small: bool,
    pub(super) onchoose: Callback<ReactionKind>,
    /// The count was pressed.
    pub(super) onwho: Callback<()>,
}

/// The heart, how many there are, and the menu of the others.
#[component]
pub(super) fn Reactions(props: &ReactionsProps) -> Html {
    let popup = use_popup();
    let pressing = use_mut_ref(|| None::<Timeout>);
    // The click that ends a long press chooses nothing.
    let held = use_mut_ref(|| false);
    {
        let root = popup.root.clone();
        use_effect_with(popup.is_open(), move |open| {
            if *open {
                dom::step_focus(Some(&root), ITEMS, true, false);
            }
        });
    }
    let press = {
        let (popup, pressing, held) = (popup.clone(), pressing.clone(), held.clone());
        Callback::from(move |event: PointerEvent| {
            *held.borrow_mut() = false;
            if event.pointer_type() != "touch" {
                return;
            }
            let (popup, held) = (popup.clone(), Rc::clone(&held));
            *pressing.borrow_mut() = Some(Timeout::new(LONG_MILLIS, move || {
                *held.borrow_mut() = true;
                popup.set(true);
            }));
        })
    };
    let release = {
        let pressing = pressing.clone();
        Callback::from(move |_: PointerEvent| drop(pressing.take()))
    };
    // Where the finger rests the browser would offer its own menu.
    let onmenu = Callback::from(move |event: MouseEvent| {
        if pressing.borrow().is_some() {
            event.prevent_default();
        }
    });
    let heart = {
        let (onchoose, mine) = (props.onchoose.clone(), props.mine);
        Callback::from(move |_: MouseEvent| {
            if !held.replace(false) {
                onchoose.emit(mine.unwrap_or(ReactionKind::Like));
            }
        })
    };
    let onkeydown = {
        let popup = popup.clone();
        Callback::from(move |event: KeyboardEvent| {
            let step = |forward| dom::step_focus(Some(&popup.root), ITEMS, forward, true);
            match event.key().as_str() {
                _ if !popup.is_open() => return,
                "ArrowRight" | "ArrowDown" => step(true),
                "ArrowLeft" | "ArrowUp" => step(false),
                "Escape" => popup.leave(),
                "Tab" => return popup.set(false),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let number = total(&props.counts);
    let who = {
        let onwho = props.onwho.clone();
        Callback::from(move |_: MouseEvent| onwho.emit(()))
    };
    let shown = props.mine.unwrap_or(ReactionKind::Like);
    let label = props.mine.map_or(words::LIKE, card::felt);
    let size = props.small.then_some("react--s");
    html! {
        <div class={classes!("react", size)} ref={popup.root.clone()} {onkeydown}>
            <button
                type="button" class={classes!("btn", "act", "act--like", format!("act--{}", shown.as_str()))}
                aria-pressed={props.mine.is_some().to_string()} onclick={heart} oncontextmenu={onmenu}
                onpointerdown={press} onpointerup={release.clone()} onpointercancel={release.clone()} onpointerleave={release}
            >
                if !props.small || props.mine.is_some() { { symbol(shown) } }
                <span>{ label }</span>
            </button>
            if number > 0 {
                <button type="button" class="btn act react__count" aria-haspopup="dialog" onclick={who} aria-label={card::who_button(number)}>
                    { for props.counts.keys().filter(|kind| **kind != shown || props.mine.is_none()).filter(|kind| **kind != ReactionKind::Like).take(2).map(|kind| symbol(*kind)) }
                    <span class="act__count">{ number }</span>
                </button>
            }
            <button
                type="button" class="btn act react__more" ref={popup.button.clone()} aria-label={card::MORE_REACTIONS}
                aria-haspopup="menu" aria-expanded={popup.is_open().to_string()} onclick={popup.toggle()}
            >{ small_icon(Glyph::Smile) }</button>
            if popup.is_open() {
                <div class="menu react__menu" role="menu" aria-label={card::MORE_REACTIONS}>
                    { for ReactionKind::ALL.into_iter().map(|kind| {
                        let (popup, onchoose) = (popup.clone(), props.onchoose.clone());
                        let choose = move |_: MouseEvent| {
                            popup.leave();
                            onchoose.emit(kind);
                        };
                        html! {
                            <button
                                type="button" role="menuitemradio" tabindex="-1" class="react__kind" onclick={choose}
                                aria-checked={(props.mine == Some(kind)).to_string()} aria-label={card::kind(kind)} title={card::kind(kind)}
                            >{ symbol(kind) }</button>
                        }
                    }) }
                </div>
            }
        </div>
    }
}
