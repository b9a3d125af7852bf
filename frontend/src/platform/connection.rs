//! Whether the server can be reached: the one truth about it. While somebody is signed in the socket says how
//! things stand; before that, what becomes of calls.

use std::cell::Cell;

use hearth_shared::time::Timestamp;

use crate::platform::{clock, dom, events, spawn};
use crate::store::Store;

/// A break shorter than this is not worth a word.
const GRACE_MILLIS: u32 = 4_000;

/// How things stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Connection {
    /// As far as is known, well.
    Fine,
    /// The browser says that there is no network.
    Offline,
    /// There is a network, but nothing answers; it is tried again.
    Away,
}

thread_local! {
    static STATE: Store<Connection> = Store::new(Connection::Fine);
    /// A socket says how things stand, and whether it is ready; none while there is no socket.
    static SOCKET: Cell<Option<bool>> = const { Cell::new(None) };
    /// When the oldest of the answers was saved that are shown because nobody answers.
    static SAVED: Store<Option<Timestamp>> = Store::new(None);
    /// When the last answer was saved, if it did not come from the server.
    static LAST: Cell<Option<Timestamp>> = const { Cell::new(None) };
    /// Grows with every change, so that a pause that has been overtaken says nothing.
    static TURN: Cell<u32> = const { Cell::new(0) };
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
    events::on_window("online", |_| judge()).forget();
    events::on_window("offline", |_| judge()).forget();
}

/// A socket is ready, or is not; none when nobody is signed in any more.
pub(crate) fn socket(ready: Option<bool>) {
    if SOCKET.replace(ready) != ready {
        judge();
    }
}

/// Whether a message that is sent now has a chance.
pub(crate) fn is_ready() -> bool {
    SOCKET.get() != Some(false) && dom::online()
}

/// Says at once that all is well, and only after a while that it is not.
fn judge() {
    let turn = TURN.get() + 1;
    TURN.set(turn);
    if is_ready() {
        return set(Connection::Fine);
    }
    spawn(async move {
        if state().read(|state| *state == Connection::Fine) {
            clock::sleep(GRACE_MILLIS).await;
        }
        if TURN.get() == turn && !is_ready() {
            set(trouble());
        }
    });
}

fn trouble() -> Connection {
    if dom::online() {
        Connection::Away
    } else {
        Connection::Offline
    }
}

/// When what is shown was saved; none while it is from the server.
pub(crate) fn saved() -> Store<Option<Timestamp>> {
    SAVED.with(Store::clone)
}

/// An answer came: from the server, or one that was saved then. Says whether it may be used: what is as it is on the
/// server is not made older by one call that failed.
pub(crate) fn came(at: Option<Timestamp>) -> bool {
    LAST.set(at);
    if at.is_some() && SOCKET.get() == Some(true) {
        return false;
    }
    let saved = saved();
    let oldest = at.map(|at| saved.read(|known| known.map_or(at, |known| known.min(at))));
    if saved.read(|known| *known != oldest) {
        saved.change(|known| *known = oldest);
    }
    true
}

/// Of what time the answer is that has just come. To be asked directly after it, before anything else is awaited.
pub(crate) fn as_of() -> Timestamp {
    LAST.get().unwrap_or_else(clock::now)
}

/// A call was answered, or a saved answer took the place of that.
pub(crate) fn answered() {
    if LAST.get().is_some() {
        return unanswered();
    }
    if SOCKET.get().is_none() {
        set(Connection::Fine);
    }
}

/// A call was not answered. Without a socket, asks from time to time until the server is back.
pub(crate) fn unanswered() {
    if SOCKET.get().is_some() || state().read(|state| *state != Connection::Fine) {
        return;
    }
    set(trouble());
    spawn(async {
        let mut pause = GRACE_MILLIS;
        loop {
            clock::sleep(pause).await;
            pause = (pause * 2).min(30_000);
            if SOCKET.get().is_some() || state().read(|state| *state == Connection::Fine) {
                return;
            }
            if super::api::alive().await {
                return answered();
            }
        }
    });
}
