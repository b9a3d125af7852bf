//! Asking before somebody leaves a page on which something is not saved.

use gloo_events::{EventListener, EventListenerOptions};
use js_sys::Reflect;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, MouseEvent};

/// Asks as long as it lives.
pub(crate) struct Guard(Vec<EventListener>);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.clear();
    }
}

/// Guards what is not saved, as `unsaved` says at that time: the browser asks before another page is loaded or the tab
/// is closed; for a link inside of this program, `ask` is given its address and the link is not followed.
pub(crate) fn guard(
    unsaved: impl Fn() -> bool + Clone + 'static,
    inside: fn(&str) -> bool,
    ask: impl Fn(String) + 'static,
) -> Guard {
    let Some(window) = web_sys::window() else {
        return Guard(Vec::new());
    };
    let prompt = unsaved.clone();
    let leaving = EventListener::new_with_options(
        &window,
        "beforeunload",
        EventListenerOptions::enable_prevent_default(),
        move |event| {
            if prompt() {
                event.prevent_default();
                // What older browsers look at.
                drop(Reflect::set(event, &"returnValue".into(), &true.into()));
            }
        },
    );
    let mut options = EventListenerOptions::run_in_capture_phase();
    options.passive = false;
    // Before the link itself hears of it.
    let following = EventListener::new_with_options(&window, "click", options, move |event| {
        if let Some(address) = followed(event).filter(|address| inside(address))
            && unsaved()
        {
            event.prevent_default();
            event.stop_immediate_propagation();
            ask(address);
        }
    });
    Guard(vec![leaving, following])
}

/// The address of the link that a click follows in this tab.
fn followed(event: &Event) -> Option<String> {
    let click = event.dyn_ref::<MouseEvent>()?;
    if click.button() != 0 || click.meta_key() || click.ctrl_key() || click.shift_key() || click.alt_key() {
        return None;
    }
    let link = event
        .target()?
        .dyn_into::<Element>()
        .ok()?
        .closest("a[href]")
        .ok()??;
    link.get_attribute("href")
}
