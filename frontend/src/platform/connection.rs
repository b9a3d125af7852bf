//! Whether the server can be reached: what the browser says, and what calls find out.

use crate::platform::{clock, dom, events, spawn};
use crate::store::Store;

/// How things stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Connection {
    /// As far as is known, well.
    Fine,
    /// The browser says that there is no network.
    Offline,
    /// There is a network, but the last call got no answer.
    NoAnswer,
}

thread_local! {
    static STATE: Store<Connection> = Store::new(Connection::Fine);
}

/// How things stand, for those who show it.
pub(crate) fn state() -> Store<Connection> {
    STATE.with(Store::clone)
}

fn set(new: Connection) {
    let state = state();
    if state.read(|old| *old != new) {
        state.change(|old| *old = new);
    }
}

/// Listens to the browser; once, for the life of the page.
pub(crate) fn start() {
    if !dom::online() {
        set(Connection::Offline);
    }
    events::on_window("online", |_| set(Connection::Fine)).forget();
    events::on_window("offline", |_| set(Connection::Offline)).forget();
}

/// A call was answered.
pub(crate) fn answered() {
    set(Connection::Fine);
}

/// A call was not answered. Asks from time to time until the server is back.
pub(crate) fn unanswered() {
    if state().read(|state| *state != Connection::Fine) {
        return;
    }
    set(if dom::online() {
        Connection::NoAnswer
    } else {
        Connection::Offline
    });
    spawn(async {
        let mut pause = 4_000;
        loop {
            clock::sleep(pause).await;
            pause = (pause * 2).min(30_000);
            if state().read(|state| *state == Connection::Fine) {
                return;
            }
            if super::api::alive().await {
                answered();
                return;
            }
        }
    });
}
