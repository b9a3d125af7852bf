//! Pictures, films and other files beside the text: how each stands, in which order, what was not taken.

use hearth_shared::media::MediaKind;
use yew::prelude::*;

use super::describe::Describe;
use super::state::tray::{Item, Step, Tray};
use super::tile::Tile;
use super::uploads::Uploads;
use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::platform::{clock, dom};
use crate::text::{media as words, shell};
use crate::ui::button::icon_button;
use crate::ui::icon::{Glyph, small_icon};

#[derive(PartialEq, Properties)]
pub(crate) struct TrayViewProps {
    pub(crate) uploads: Uploads,
    pub(crate) tray: Tray,
}

/// What somebody does to one of them.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Act {
    Remove,
    Earlier,
    Later,
    Again,
    Describe,
    /// It was dragged over this one.
    Over,
    Drag,
    Drop,
    /// Its address no longer works.
    Lost,
}

/// All of them.
#[component]
pub(crate) fn TrayView(props: &TrayViewProps) -> Html {
    let app = use_app();
    let describing = use_state_eq(|| None::<u32>);
    let dragged = use_mut_ref(|| None::<u32>);
    let lost = use_mut_ref(Vec::new);
    let TrayViewProps { uploads, tray } = props;
    let rules = tray.rules;
    let list = rules.list();
    let of = tray.items().len();
    {
        // What was chosen last is to be seen.
        use_effect_with(of, move |of| {
            if *of > 0 {
                dom::reveal(&format!("#{list} > :last-child"));
            }
        });
    }
    let act = {
        let (app, uploads, describing) = (app.clone(), uploads.clone(), describing.setter());
        Callback::from(move |(key, act): (u32, Act)| {
            let place = uploads
                .tray()
                .read(|tray| tray.items().iter().position(|item| item.key == key));
            let Some(place) = place else { return };
            let put = |key: u32, to: usize| uploads.change(&app, |tray| tray.put(key, to));
            let stepped = |to: Option<usize>, side: &'static str| {
                let Some(now) = to.and_then(|to| put(key, to)) else {
                    return;
                };
                app.base.announce(words::moved(now, of));
                // The button has moved, and lost the focus by that.
                clock::afterwards(move || {
                    if let Some(button) = dom::find(&format!("#{list}-{key} .{side}")) {
                        dom::focus_quietly(&button);
                    }
                });
            };
            match act {
                Act::Remove => {
                    uploads.remove(&app, key);
                    // The next one, or the button that adds one.
                    clock::afterwards(move || {
                        let next = dom::find(&format!("#{list} > :nth-child({}) .tile__x", place + 1));
                        let next = next.or_else(|| dom::find(&format!("#{list} > :last-child .tile__x")));
                        if let Some(next) = next.or_else(|| dom::find(rules.field())) {
                            dom::focus_quietly(&next);
                        }
                    });
                }
                Act::Earlier => stepped(place.checked_sub(1), "tile__earlier"),
                Act::Later => stepped(Some(place + 1), "tile__later"),
                Act::Again => uploads.change(&app, |tray| tray.retry(key)),
                Act::Describe => describing.set(Some(key)),
                Act::Drag => *dragged.borrow_mut() = Some(key),
                Act::Over => {
                    if let Some(moving) = *dragged.borrow() {
                        put(moving, place);
                    }
                }
                Act::Drop => *dragged.borrow_mut() = None,
                Act::Lost => {
                    // Once: then it is not the address.
                    if !lost.borrow().contains(&key) {
                        lost.borrow_mut().push(key);
                        uploads.change(&app, |tray| tray.look_again(key));
                    }
                }
            }
        })
    };
    let dismiss = {
        let uploads = uploads.clone();
        Callback::from(move |()| uploads.tray().change(|tray| tray.refused.clear()))
    };
    let described = {
        let (app, uploads, describing) = (app.clone(), uploads.clone(), describing.clone());
        Callback::from(move |alt: Option<String>| {
            if let (Some(key), Some(alt)) = (*describing, alt) {
                uploads.change(&app, |tray| tray.describe(key, alt));
            }
            describing.set(None);
        })
    };
    let undescribed =
        |item: &Item| matches!(item.kind, MediaKind::Image | MediaKind::Video) && item.alt.trim().is_empty();
    html! {
        <>
            if !tray.items().is_empty() {
                <ul id={list} class={classes!("tray", (of == 1).then_some("tray--one"))} aria-label={words::tray(rules)}>
                    { for tray.items().iter().enumerate().map(|(at, item)| html! {
                        <Tile key={item.key} item={item.clone()} {at} {of} {rules} onact={act.clone()} />
                    }) }
                </ul>
            }
            { for tray.items().iter().enumerate().filter_map(|(at, item)| {
                let Step::Failed(stumble) = &item.step else { return None };
                let (act, key) = (act.clone(), item.key);
                Some(html! {
                    <p key={key} class="notice notice--problem tray__problem" role="alert">
                        { small_icon(Glyph::Alert) }
                        <span><b>{ words::thing(item, at + 1, of) }</b>{ ": " }{ &stumble.why }</span>
                        if stumble.again {
                            <button type="button" class="text-btn" onclick={move |_: MouseEvent| act.emit((key, Act::Again))}>{ shell::TRY_AGAIN }</button>
                        }
                    </p>
                })
            }) }
            if !tray.refused.is_empty() {
                <div class="notice notice--problem tray__problem" role="alert">
                    { small_icon(Glyph::Alert) }
                    <ul>{ for tray.refused.iter().map(|(name, refusal)| html! { <li>{ words::refused(name, *refusal) }</li> }) }</ul>
                    { icon_button(Glyph::Close, words::DISMISS, "icon-btn--s", false, &dismiss) }
                </div>
            }
            if tray.items().iter().any(undescribed) {
                <p class="meta tray__hint">{ words::ALT_REMINDER }</p>
            }
            if let Some(item) = describing.and_then(|key| tray.get(key)) {
                <Describe item={item.clone()} ondone={described} />
            }
        </>
    }
}
