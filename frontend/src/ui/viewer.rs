//! One picture of several, large over the page: arrow keys, buttons and a swipe lead to the others.

use std::cell::Cell;

use hearth_shared::ids::MediaId;
use hearth_shared::media::Media;
use yew::prelude::*;

use super::button::icon_button;
use super::dialog::Dialog;
use super::icon::Glyph;
use super::picture::Picture;
use crate::platform::{dom, scroll};
use crate::routes;
use crate::text::users as words;

/// Where the middle size of a photo is large enough.
const PHONE: &str = "(max-width: 599.98px)";
/// A finger that goes so far means the next one.
const SWIPE: i32 = 48;

thread_local! {
    /// The address that is shown was come to by opening a picture: closing it goes back.
    static OPENED: Cell<bool> = const { Cell::new(false) };
}

/// Opens a picture over the page: the address says which, so that Back closes it.
pub(crate) fn open(address: &str) {
    OPENED.set(true);
    scroll::stay();
    routes::push(address);
}

/// Shows another one.
pub(crate) fn turn(address: &str) {
    scroll::stay();
    routes::replace(address);
}

/// Closes it; who came by its address goes to the page beneath it.
pub(crate) fn close(beneath: &str) {
    if OPENED.replace(false) {
        scroll::stay();
        dom::back();
    } else {
        turn(beneath);
    }
}

#[derive(PartialEq, Properties)]
pub(crate) struct ViewerProps {
    pub(crate) photos: Vec<Media>,
    pub(crate) at: usize,
    /// Another one is wanted.
    pub(crate) go: Callback<MediaId>,
    pub(crate) onclose: Callback<()>,
    /// The picture does not come.
    pub(crate) onlost: Callback<()>,
}

/// The viewer.
#[component]
pub(crate) fn Viewer(props: &ViewerProps) -> Html {
    let from = use_mut_ref(|| None::<(i32, i32)>);
    let (photos, at) = (&props.photos, props.at);
    let Some(one) = photos.get(at) else {
        return Html::default();
    };
    let step = |to: Option<usize>| {
        let target = to.and_then(|to| photos.get(to)).map(|photo| photo.id);
        let go = props.go.clone();
        let act = Callback::from(move |()| {
            if let Some(target) = target {
                go.emit(target);
            }
        });
        (act, target.is_none())
    };
    let (back, first) = step(at.checked_sub(1));
    let (forward, last) = step(Some(at + 1));
    let onkeydown = {
        let (back, forward) = (back.clone(), forward.clone());
        move |event: KeyboardEvent| match event.key().as_str() {
            "ArrowLeft" => back.emit(()),
            "ArrowRight" => forward.emit(()),
            _ => {}
        }
    };
    let touch = {
        let from = from.clone();
        move |event: PointerEvent| {
            *from.borrow_mut() =
                (event.pointer_type() == "touch").then(|| (event.client_x(), event.client_y()));
        }
    };
    let leave = {
        let (back, forward) = (back.clone(), forward.clone());
        move |event: PointerEvent| {
            let Some((x, y)) = from.take() else { return };
            let (along, across) = (event.client_x() - x, event.client_y() - y);
            if along.abs() > SWIPE && along.abs() > across.abs() * 2 {
                if along > 0 {
                    back.emit(())
                } else {
                    forward.emit(())
                }
            }
        }
    };
    let mut large = one.clone();
    if dom::matches_media(PHONE) {
        large.url = large.medium_url.take().unwrap_or(large.url);
    }
    let several = photos.len() > 1;
    html! {
        <Dialog
            id="viewer" class="dialog--viewer" title={words::photo_of(at + 1, photos.len())}
            onclose={props.onclose.clone()} first=".viewer"
        >
            <figure class="viewer" tabindex="-1" {onkeydown} onpointerdown={touch} onpointerup={leave}>
                <Picture key={one.url.clone()} media={large} onlost={props.onlost.clone()} />
                if !one.alt_text.is_empty() { <figcaption class="meta" aria-hidden="true">{ &one.alt_text }</figcaption> }
                if several {
                    <div class="viewer__steps">
                        { icon_button(Glyph::Back, words::PREVIOUS_PHOTO, "", first, &back) }
                        { icon_button(Glyph::Forward, words::NEXT_PHOTO, "", last, &forward) }
                    </div>
                }
            </figure>
        </Dialog>
    }
}
