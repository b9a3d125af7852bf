//! One picture, film or other file of the tray.

use yew::prelude::*;

use hearth_shared::media::MediaKind;

use super::state::tray::{For, Item, Step};
use super::tray::Act;
use crate::text::{chats, media as words};
use crate::ui::avatar::own;
use crate::ui::icon::{Glyph, icon, small_icon};

#[derive(PartialEq, Properties)]
pub(super) struct TileProps {
    pub(super) item: Item,
    /// Its place, from 0, and how many there are.
    pub(super) at: usize,
    pub(super) of: usize,
    pub(super) rules: For,
    pub(super) onact: Callback<(u32, Act)>,
}

/// What can be seen of it here: the file itself, or what the server has.
pub(super) fn look(item: &Item, onlost: Callback<Event>) -> Html {
    let media = item.media.as_ref();
    let film = item.kind == MediaKind::Video;
    match (&item.preview, item.kind) {
        (heard, MediaKind::Audio) => html! {
            <span class="tile__file">
                { icon(Glyph::Mic) }<b>{ chats::VOICE }</b>
                if let Some(url) = heard {
                    <audio src={url.clone()} controls=true preload="metadata" aria-label={chats::VOICE} />
                }
            </span>
        },
        (_, MediaKind::File) => html! {
            <span class="tile__file">{ icon(Glyph::File) }<b>{ &item.name }</b><span>{ words::size(item.size) }</span></span>
        },
        (Some(url), MediaKind::Video) => {
            html! { <video src={url.clone()} preload="metadata" muted=true playsinline=true tabindex="-1" /> }
        }
        (Some(url), MediaKind::Image) => {
            html! { <img src={url.clone()} alt={item.alt.clone()} draggable="false" /> }
        }
        (None, _) => {
            let url = media.and_then(|media| {
                let small = media.medium_url.clone().or_else(|| media.thumb_url.clone());
                own(small.or_else(|| (!film).then(|| media.url.clone())))
            });
            match url {
                Some(src) => {
                    html! { <img {src} alt={item.alt.clone()} draggable="false" onerror={onlost} /> }
                }
                None => {
                    html! { <span class="tile__blank">{ icon(if film { Glyph::Film } else { Glyph::Photo }) }</span> }
                }
            }
        }
    }
}

/// One of them.
#[component]
pub(super) fn Tile(props: &TileProps) -> Html {
    let TileProps {
        item,
        at,
        of,
        onact,
        rules,
    } = props;
    let (at, of, key) = (*at, *of, item.key);
    let on = |act: Act| {
        let onact = onact.clone();
        move || onact.emit((key, act))
    };
    let button = |class: &'static str, act: Act, label: String, disabled: bool, inside: Html| {
        let act = on(act);
        html! {
            <button
                type="button" class={classes!("tile__btn", class)} aria-label={label} aria-disabled={disabled.then_some("true")}
                onclick={move |_: MouseEvent| if !disabled { act() }}
            >{ inside }</button>
        }
    };
    let thing = words::thing(item, at + 1, of);
    let (drag, over, end, lost) = (on(Act::Drag), on(Act::Over), on(Act::Drop), on(Act::Lost));
    let open = item.step != Step::Done;
    let failed = matches!(item.step, Step::Failed(_));
    // A message is said quickly: who wants another order chooses in that order.
    let movable = *rules == For::Post && of > 1;
    let described = !item.alt.trim().is_empty();
    let remove = if open && !failed {
        words::CANCEL_UPLOAD
    } else {
        words::REMOVE
    };
    html! {
        <li
            id={format!("{}-{key}", rules.list())} class={classes!("tray__item", open.then_some("tray__item--open"), failed.then_some("tray__item--failed"))}
            draggable={movable.to_string()} aria-label={thing.clone()}
            ondragstart={move |_: DragEvent| drag()} ondragenter={move |_: DragEvent| over()} ondragend={move |_: DragEvent| end()}
        >
            { look(item, Callback::from(move |_: Event| lost())) }
            { match &item.step {
                Step::Waiting => html! { <span class="tile__state">{ words::WAITING }</span> },
                Step::Going(part) => html! {
                    <span class="tile__state">
                        { words::percent(*part) }
                        <progress max="100" value={part.to_string()} aria-label={thing.clone()} />
                    </span>
                },
                Step::Failed(_) => html! { <span class="tile__state">{ small_icon(Glyph::Alert) }</span> },
                Step::Done => Html::default(),
            } }
            { button("tile__x", Act::Remove, words::about(remove, &thing), false, small_icon(Glyph::Close)) }
            <span class="tile__foot">
                if matches!(item.kind, MediaKind::Image | MediaKind::Video) {
                    { button("tile__alt", Act::Describe, words::about(words::ALT, &thing), false, html! { <>
                        if described { { small_icon(Glyph::Check) } }
                        { if described { words::ALT_DONE } else { words::ALT } }
                    </> }) }
                }
                if movable {
                    <>
                        { button("tile__earlier", Act::Earlier, words::about(words::EARLIER, &thing), at == 0, small_icon(Glyph::Back)) }
                        { button("tile__later", Act::Later, words::about(words::LATER, &thing), at + 1 == of, small_icon(Glyph::Forward)) }
                    </>
                }
            </span>
        </li>
    }
}
