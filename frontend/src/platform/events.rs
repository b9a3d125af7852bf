//! Listening where Yew does not: the window, the document, events that do not bubble, elements coming into
//! view. A guard that is dropped stops listening.

use gloo_events::{EventListener, EventListenerOptions, EventListenerPhase};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Element, Event, EventTarget, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit,
};

/// Listens as long as it lives.
pub(crate) struct Listening(Option<EventListener>);

impl Listening {
    /// Listens for the life of the page.
    pub(crate) fn forget(mut self) {
        if let Some(listener) = self.0.take() {
            listener.forget();
        }
    }
}

/// Listens to the window.
pub(crate) fn on_window(event: &'static str, act: impl FnMut(&Event) + 'static) -> Listening {
    Listening(web_sys::window().map(|window| active(&window, event, act)))
}

/// Listens to the document.
pub(crate) fn on_document(event: &'static str, act: impl FnMut(&Event) + 'static) -> Listening {
    let document = web_sys::window().and_then(|window| window.document());
    Listening(document.map(|document| active(&document, event, act)))
}

/// Listens to the document before anything in it hears, Yew's own listeners too, and to what does not bubble.
pub(crate) fn on_document_first(event: &'static str, act: impl FnMut(&Event) + 'static) -> Listening {
    let document = web_sys::window().and_then(|window| window.document());
    let first = EventListenerOptions {
        phase: EventListenerPhase::Capture,
        passive: false,
    };
    Listening(document.map(|document| EventListener::new_with_options(&document, event, first, act)))
}

/// Listens to one element, before its children do.
pub(crate) fn on_element(
    element: &EventTarget,
    event: &'static str,
    act: impl FnMut(&Event) + 'static,
) -> Listening {
    Listening(Some(active(element, event, act)))
}

fn active(target: &EventTarget, event: &'static str, act: impl FnMut(&Event) + 'static) -> EventListener {
    EventListener::new_with_options(target, event, EventListenerOptions::enable_prevent_default(), act)
}

/// Watches an element as long as it lives.
pub(crate) struct Watching {
    observer: Option<IntersectionObserver>,
    _callback: Closure<dyn FnMut(js_sys::Array)>,
}

impl Drop for Watching {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}

/// How far from the screen something is near, in pixels.
const NEAR: i32 = 600;

/// Acts whenever an element comes within a screen of being seen.
pub(crate) fn on_approach(element: &Element, act: impl Fn() + 'static) -> Watching {
    let callback = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        let near = entries
            .iter()
            .filter_map(|entry: JsValue| entry.dyn_into::<IntersectionObserverEntry>().ok())
            .any(|entry| entry.is_intersecting());
        if near {
            act();
        }
    });
    let options = IntersectionObserverInit::new();
    options.set_root_margin(&format!("{NEAR}px 0px"));
    let observer = IntersectionObserver::new_with_options(callback.as_ref().unchecked_ref(), &options).ok();
    if let Some(observer) = &observer {
        observer.observe(element);
    }
    Watching {
        observer,
        _callback: callback,
    }
}

/// Whether an element of the page is as near as [`on_approach`] wants it.
pub(crate) fn is_near(element: &Element) -> bool {
    let place = element.get_bounding_client_rect();
    let height = web_sys::window()
        .and_then(|window| window.inner_height().ok()?.as_f64())
        .unwrap_or_default();
    element.is_connected() && place.bottom() > f64::from(-NEAR) && place.top() < height + f64::from(NEAR)
}

/// Acts whenever a media query begins or ceases to hold, for the life of the page.
pub(crate) fn on_media(query: &str, act: impl Fn() + 'static) {
    let list = web_sys::window().and_then(|window| window.match_media(query).ok().flatten());
    if let Some(list) = list {
        active(&list, "change", move |_| act()).forget();
    }
}
