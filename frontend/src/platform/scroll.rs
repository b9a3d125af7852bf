//! Where the page stood, per entry of the browser's history: a new page starts at its top, Back returns to
//! the same line and the same link.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, ScrollRestoration};
use yew::NodeRef;

use super::{clock, dom, events, spawn};

/// What can be read on: the place of a page is that of the first of them on the screen.
const READ: &str = "main article[data-post]";
const READ_ID: &str = "data-post";
/// After Back the page is held in its place so many times, this long each: what is measured or loaded late moves it.
const HOLDS: u32 = 20;
const HOLD_MILLIS: u32 = 50;

/// An entry of the history; none for the one that the page was loaded with.
pub(crate) type Entry = Option<u32>;

/// An element that is read, and how far below the edge of the screen it stands.
#[derive(Clone)]
struct Anchor {
    id: String,
    top: f64,
}

impl Anchor {
    fn find() -> Option<Self> {
        let element = dom::first_on_screen(READ)?;
        Some(Self {
            id: element.get_attribute(READ_ID)?,
            top: element.get_bounding_client_rect().top(),
        })
    }

    /// Scrolls so that it stands there again.
    fn restore(&self) {
        let element = dom::find(&format!("{READ}[{READ_ID}=\"{}\"]", self.id));
        let moved = element.map_or(0.0, |element| element.get_bounding_client_rect().top() - self.top);
        if moved.abs() >= 0.5 {
            go_to(y() + moved);
        }
    }
}

#[derive(Clone, Default)]
struct Place {
    y: f64,
    /// Where what is read stood; more exact than `y`, because what is above it may have changed.
    anchor: Option<Anchor>,
    link: Option<String>,
}

#[derive(Default)]
struct Places {
    current: Entry,
    moved: bool,
    known: HashMap<Entry, Place>,
    /// What the next page leaves as it is.
    stays: Stays,
}

#[derive(Default, PartialEq)]
enum Stays {
    #[default]
    Nothing,
    /// It is a part of this one.
    All,
    /// The reader goes on typing.
    Focus,
}

thread_local! {
    static PLACES: RefCell<Places> = RefCell::default();
    /// How far the end of a held element was from where its reader stood.
    static HELD: Cell<Option<i32>> = const { Cell::new(None) };
    /// Where what is read stood before something was put above it.
    static ANCHOR: RefCell<Option<Anchor>> = const { RefCell::new(None) };
    /// Grows with every arrival and whenever the reader does something: then nothing is held in its place any more.
    static TURN: Cell<u32> = const { Cell::new(0) };
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
    // The page that is left is still there: the next one is rendered after this.
    events::on_window("popstate", |_| leave()).forget();
    for touched in ["wheel", "touchstart", "pointerdown", "keydown"] {
        events::on_window(touched, |_| TURN.set(TURN.get() + 1)).forget();
    }
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

/// What is gone to next is a part of the page that is shown: it stays where it is, and so does the focus.
pub(crate) fn stay() {
    PLACES.with_borrow_mut(|places| places.stays = Stays::All);
}

/// What is gone to next begins at its top, and the focus stays where it is.
pub(crate) fn go_on_typing() {
    PLACES.with_borrow_mut(|places| places.stays = Stays::Focus);
}

/// The page will be left: notes where it stands.
pub(crate) fn leave() {
    let anchor = Anchor::find();
    PLACES.with_borrow_mut(|places| {
        let current = places.current;
        places.known.entry(current).or_default().anchor = anchor;
    });
}

/// The page of an entry has been rendered: goes where it stood, or to the top of a new one. The first page
/// keeps the focus where the browser put it.
pub(crate) fn arrive(entry: Entry, first: bool) {
    let stays = PLACES.with_borrow_mut(|places| std::mem::take(&mut places.stays));
    if stays == Stays::All {
        return PLACES.with_borrow_mut(|places| {
            places.current = entry;
            places.known.entry(entry).or_default().y = y();
        });
    }
    let known = PLACES.with_borrow_mut(|places| {
        places.current = entry;
        places.moved = !first;
        let known = places.known.get(&entry).cloned();
        places.known.entry(entry).or_default();
        known
    });
    let place = known.clone().unwrap_or_default();
    go_to(place.y);
    if first || stays == Stays::Focus {
        return;
    }
    let link = known
        .and(place.link)
        .and_then(|href| dom::find(&format!("main a[href=\"{href}\"]:not([aria-hidden])")));
    // Where one comes to write the field is the place, but for those whose keyboard would cover what was said;
    // where nothing was said yet it is the place for everybody.
    let field = || {
        let fine = || dom::find("main [data-arrive]").filter(|_| dom::matches_media("(pointer: fine)"));
        dom::first_shown("[data-arrive=always]").or_else(fine)
    };
    if let Some(target) = link.or_else(field).or_else(|| dom::find("main h1")) {
        dom::focus_quietly(&target);
    }
    go_to(place.y);
    if let Some(anchor) = place.anchor {
        keep_at(anchor);
    }
}

/// Waits until the page that is shown stands where it belongs. A long one is rendered in several goes, and until the last
/// of them it stands at its top.
pub(crate) async fn settled() {
    for _ in 0..HOLDS * 2 {
        if PLACES.with_borrow(|places| places.current == entry()) {
            return;
        }
        clock::sleep(HOLD_MILLIS).await;
    }
}

/// Holds what is read in its place until the page has settled or the reader does something.
fn keep_at(anchor: Anchor) {
    let turn = TURN.get() + 1;
    TURN.set(turn);
    anchor.restore();
    spawn(async move {
        for _ in 0..HOLDS {
            clock::sleep(HOLD_MILLIS).await;
            if TURN.get() != turn {
                return;
            }
            anchor.restore();
        }
    });
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

/// Something will come or go above what is read on the page.
pub(crate) fn hold_page() {
    ANCHOR.set(Anchor::find());
}

/// It has: what is read stands where it stood.
pub(crate) fn release_page() {
    if let Some(anchor) = ANCHOR.take() {
        anchor.restore();
    }
}

/// Something will be put above what is read in an element with a scroll bar of its own.
pub(crate) fn hold(selector: &str) {
    HELD.set(dom::find(selector).map(|element| element.scroll_height() - element.scroll_top()));
}

/// It is there now: what is read stands where it stood. False when nothing was put.
pub(crate) fn release(node: &NodeRef) -> bool {
    let (Some(element), Some(held)) = (node.cast::<Element>(), HELD.take()) else {
        return false;
    };
    element.set_scroll_top(element.scroll_height() - held);
    true
}

/// An element with a scroll bar of its own may begin higher or lower than before, because of what is above it: what is read
/// in it stays in its place on the screen. Gives where it begins now.
pub(crate) fn keep_below(node: &NodeRef, before: Option<i32>) -> Option<i32> {
    let element = node.cast::<HtmlElement>()?;
    let now = element.offset_top();
    if let Some(moved) = before.map(|before| now - before).filter(|moved| *moved != 0) {
        element.set_scroll_top(element.scroll_top() + moved);
    }
    Some(now)
}

/// How far an element is scrolled from its top, and from its end.
pub(crate) fn margins(node: &NodeRef) -> (i32, i32) {
    node.cast::<Element>().map_or((0, 0), |element| {
        let top = element.scroll_top();
        (top, element.scroll_height() - element.client_height() - top)
    })
}

/// Scrolls an element to its end.
pub(crate) fn to_end(node: &NodeRef) {
    if let Some(element) = node.cast::<Element>() {
        element.set_scroll_top(element.scroll_height());
    }
}

/// Scrolls an element so that a part of it stands near its top. False when there is no such part.
pub(crate) fn to_part(node: &NodeRef, selector: &str) -> bool {
    let Some(element) = node.cast::<Element>() else {
        return false;
    };
    let Some(part) = element.query_selector(selector).ok().flatten() else {
        return false;
    };
    let distance = part.get_bounding_client_rect().top() - element.get_bounding_client_rect().top();
    let top = f64::from(element.scroll_top()) + distance - f64::from(element.client_height()) / 4.0;
    element.set_scroll_top(top as i32);
    true
}
