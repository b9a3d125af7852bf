//! The service worker, `frontend/sw.js`: it keeps the programs and what was read last. Here it is registered, and asked
//! to hand over to a newer one.
//!
//! A newer one waits until the person presses "Reload". Then it takes over for all tabs of this browser, and the tab
//! in which that was pressed loads itself anew. The others stay as they are: what they are made of has been loaded, and
//! what they were showing, typing or uploading is not interrupted. They say the same and load themselves when they
//! are asked to. Where the browser has no workers (they need https or localhost) all of this does nothing.

use std::cell::{Cell, RefCell};

use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{MessageEvent, ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration};

use super::{clock, dom, events, spawn};
use crate::store::Store;

const SCRIPT: &str = "/sw.js";
/// The first page is not to wait for what the worker fetches.
const PAUSE_MILLIS: u32 = 2_000;
/// A worker that is not ready by then will hardly be.
const PATIENCE_MILLIS: u32 = 10_000;

thread_local! {
    static REGISTRATION: RefCell<Option<ServiceWorkerRegistration>> = const { RefCell::new(None) };
    /// A version is ready that is not the one of this page.
    static NEWER: Store<bool> = Store::new(false);
    /// The person wants it, in this tab.
    static ASKED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a newer version is ready, for those who show it.
pub(crate) fn newer() -> Store<bool> {
    NEWER.with(Store::clone)
}

/// What the person wants to hear nothing of now comes again with the next page.
pub(crate) fn not_now() {
    newer().change(|newer| *newer = false);
}

fn container() -> Option<ServiceWorkerContainer> {
    let navigator = web_sys::window()?.navigator();
    Reflect::get(&navigator, &"serviceWorker".into())
        .ok()?
        .dyn_into()
        .ok()
}

/// Registers the worker and listens to it, for the life of the page. `go` leads to an address of this site, when somebody
/// has touched what the browser told them.
pub(crate) fn start(go: fn(&str)) {
    let Some(container) = container() else {
        return;
    };
    events::on_element(&container, "message", move |event| {
        if let Some(message) = event.dyn_ref::<MessageEvent>() {
            let data = message.data();
            match told_to_go(&data) {
                Some(path) => go(&path),
                None => heard(&data),
            }
        }
    })
    .forget();
    events::on_element(&container, "controllerchange", |_| {
        if ASKED.take() {
            dom::reload();
        }
    })
    .forget();
    spawn(async move {
        clock::sleep(PAUSE_MILLIS).await;
        let registered = JsFuture::from(container.register(SCRIPT)).await;
        let Some(registration) = registered.ok().and_then(|value| value.dyn_into().ok()) else {
            return;
        };
        let registration: ServiceWorkerRegistration = registration;
        let waiting = registration.waiting();
        REGISTRATION.set(Some(registration));
        say(waiting, "hello");
    });
}

/// The address in `{ go: address }`; only one of this site.
fn told_to_go(data: &JsValue) -> Option<String> {
    if !data.is_object() {
        return None;
    }
    let path = Reflect::get(data, &"go".into()).ok()?.as_string()?;
    (path.starts_with('/') && !path.starts_with("//")).then_some(path)
}

/// The worker, once it is ready to be told something. None where it takes too long: the browser never says that it could
/// not be installed.
pub(crate) async fn ready() -> Option<ServiceWorkerRegistration> {
    let ready = container()?.ready().ok()?;
    let late = future_to_promise(async {
        clock::sleep(PATIENCE_MILLIS).await;
        Ok(JsValue::UNDEFINED)
    });
    let first = Promise::race(&Array::of2(&ready, &late));
    JsFuture::from(first).await.ok()?.dyn_into().ok()
}

/// A version says what it is made of. The network may have brought its page already.
fn heard(files: &JsValue) {
    let own = dom::find("link[rel=modulepreload]").and_then(|link| link.get_attribute("href"));
    if let (Some(own), Some(files)) = (own, files.dyn_ref::<Array>()) {
        let other = !files.includes(&own.into(), 0);
        newer().change(|newer| *newer = other);
        // Then the worker of that version belongs to it, and disturbs nobody: the files of older pages stay.
        if !other {
            let waiting = REGISTRATION.with_borrow(|known| known.as_ref()?.waiting());
            say(waiting, "take-over");
        }
    }
}

fn say(worker: Option<ServiceWorker>, what: &str) {
    if let Some(worker) = worker {
        drop(worker.post_message(&what.into()));
    }
}

/// The worker that stands behind this page.
fn own() -> Option<ServiceWorker> {
    container()?.controller()
}

/// Whether there is one: then there may be saved answers.
pub(super) fn is_there() -> bool {
    own().is_some()
}

/// What the browser shows under this tag has been read here; `n` stands for all that Activity has.
pub(crate) fn read(tag: &str) {
    say(own(), tag);
}

/// What was saved belongs to somebody who is gone. The worker notices that by itself where it stands behind the page.
pub(super) fn forget() {
    let active = REGISTRATION.with_borrow(|known| known.as_ref()?.active());
    say(active, "forget");
}

/// The server was away and is back, perhaps with a newer version.
pub(crate) fn look() {
    let looking = REGISTRATION.with_borrow(|known| known.as_ref()?.update().ok());
    if let Some(looking) = looking {
        spawn(async move { drop(JsFuture::from(looking).await) });
    }
}

/// The person wants the newer version. Another tab may have had the same wish before.
pub(crate) fn take_over() {
    let waiting = REGISTRATION.with_borrow(|known| known.as_ref()?.waiting());
    if waiting.is_none() {
        return dom::reload();
    }
    ASKED.set(true);
    say(waiting, "take-over");
}

#[cfg(test)]
mod tests {
    use hearth_shared::api::{OPERATIONS, Operation};
    use hearth_shared::endpoint::{API_BASE, Access, Method};

    const WORKER: &str = include_str!("../../sw.js");

    /// What stands in quotes at the beginning of the lines of a list.
    fn saved_reads() -> Vec<&'static str> {
        let list = WORKER.split("const SAVED_READS = [").nth(1).unwrap_or_default();
        let list = list.split("].map").next().unwrap_or_default();
        let lines = list.lines().filter_map(|line| line.trim().strip_prefix("['"));
        lines.filter_map(|line| line.split('\'').next()).collect()
    }

    #[test]
    fn what_the_worker_saves_are_reads_of_the_api() {
        let saved = saved_reads();
        assert!(saved.len() > 5, "{saved:?}");
        for path in saved {
            let of_path = |method| move |one: &&Operation| one.path == path && one.method == method;
            let read = OPERATIONS.iter().find(of_path(Method::Get));
            assert_eq!(read.map(|read| read.access), Some(Access::SignedIn), "{path}");
        }
    }

    #[test]
    fn what_the_worker_watches_are_operations_of_the_api() {
        for name in ["Login", "Register", "Logout", "Refresh"] {
            let operation = OPERATIONS.iter().find(|operation| operation.name == name);
            let path = operation.map_or("", |operation| operation.path);
            assert!(
                path.starts_with("/auth/") && WORKER.contains(&format!("${{API}}{path}`")),
                "{name}"
            );
        }
        assert!(WORKER.contains(&format!("const API = '{API_BASE}';")));
    }
}
