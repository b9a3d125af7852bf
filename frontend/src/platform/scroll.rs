//! Where the page stood, per entry of the browser's history: a new page starts at its top, Back returns to
//! the same line and the same link.

use std::cell::RefCell;
use std::collections::HashMap;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, ScrollRestoration};
use yew::NodeRef;

use super::{dom, events};

/// An entry of the history; none for the one that the page was loaded with.
pub(crate) type Entry = Option<u32>;

#[derive(Clone, Default)]
struct Place {
    y: f64,
    link: Option<String>,
}

#[derive(Default)]
struct Places {
    current: Entry,
    moved: bool,
    known: HashMap<Entry, Place>,
}

thread_local! {
    static PLACES: RefCell<Places> = RefCell::default();
}

fn y() -> f64 {
    web_sys::window()
        .and_then(|window| window.scroll_y().ok())
        .unwrap_or_default()
}

/// The entry that the browser is at now; [`Places::current`] is the one whose page has been rendered.
fn entry() -> Entry {
    let state = web_sys::window()?.history().ok()?.state().ok()?;
    let id = js_sys::Reflect::get(&state, &"id".into()).ok()?.as_f64()?;
    Some(id as u32)
}

/// Starts to remember; once, for the life of the page.
pub(crate) fn start() {
    let history = web_sys::window().and_then(|window| window.history().ok());
    if let Some(history) = history {
        drop(history.set_scroll_restoration(ScrollRestoration::Manual));
    }
    let note = |place: &dyn Fn(&mut Place)| {
        PLACES.with_borrow_mut(|places| {
            let current = places.current;
            place(places.known.entry(current).or_default());
        });
    };
    events::on_window("scroll", move |_| {
        // Between leaving a page and the rendering of the next one the browser may scroll by itself.
        if PLACES.with_borrow(|places| places.current == entry()) {
            note(&|place| place.y = y());
        }
    })
    .forget();
    events::on_document("click", move |event| {
        let link = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|element| element.closest("a[href]").ok().flatten())
            .and_then(|link| link.get_attribute("href"));
        note(&|place| place.link.clone_from(&link));
    })
    .forget();
}

/// The page of an entry has been rendered: goes where it stood, or to the top of a new one. The first page
/// keeps the focus where the browser put it.
pub(crate) fn arrive(entry: Entry, first: bool) {
    let known = PLACES.with_borrow_mut(|places| {
        places.current = entry;
        places.moved = !first;
        let known = places.known.get(&entry).cloned();
        places.known.entry(entry).or_default();
        known
    });
    let place = known.clone().unwrap_or_default();
    go_to(place.y);
    if first {
        return;
    }
    let link = known
        .and(place.link)
        .and_then(|href| dom::find(&format!("main a[href=\"{href}\"]:not([aria-hidden])")));
    if let Some(target) = link.or_else(|| dom::find("main h1")) {
        dom::focus_quietly(&target);
    }
    go_to(place.y);
}

/// A heading has replaced the one that stood there while the page was loading, and the focus went with that.
pub(crate) fn settle(heading: &NodeRef) {
    let moved = PLACES.with_borrow(|places| places.moved);
    if let Some(heading) = heading
        .cast::<HtmlElement>()
        .filter(|_| moved && dom::focus_is_lost())
    {
        dom::focus_quietly(&heading);
    }
}

/// Scrolls at once; a smooth one would be motion that nobody asked for.
pub(crate) fn go_to(y: f64) {
    if let Some(window) = web_sys::window() {
        window.scroll_to_with_x_and_y(0.0, y);
    }
}
