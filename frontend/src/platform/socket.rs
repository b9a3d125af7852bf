//! A WebSocket of this site: text in, text out. Dropping it closes it, and nothing is heard of it any more.

use hearth_shared::endpoint::API_BASE;
use hearth_shared::realtime::{SOCKET_PATH, SUBPROTOCOL};
use wasm_bindgen::JsCast;
use web_sys::{CloseEvent, MessageEvent, WebSocket};

use super::events::{Listening, on_element};

/// What happens to a socket.
pub(crate) enum Happened {
    /// A frame came.
    Text(String),
    /// It is closed, with this code.
    Closed(u16),
}

/// An open socket, or one that is being opened.
pub(crate) struct Socket {
    socket: WebSocket,
    _listening: [Listening; 2],
}

impl Socket {
    /// Opens a socket to the page's own server. None when the browser refuses to try.
    pub(crate) fn open(act: impl Fn(Happened) + Clone + 'static) -> Option<Self> {
        let socket = WebSocket::new_with_str(&address()?, SUBPROTOCOL).ok()?;
        let heard = act.clone();
        let message = on_element(&socket, "message", move |event| {
            let text = event
                .dyn_ref::<MessageEvent>()
                .and_then(|event| event.data().as_string());
            if let Some(text) = text {
                heard(Happened::Text(text));
            }
        });
        let close = on_element(&socket, "close", move |event| {
            let code = event.dyn_ref::<CloseEvent>().map_or(0, CloseEvent::code);
            act(Happened::Closed(code));
        });
        Some(Self {
            socket,
            _listening: [message, close],
        })
    }

    /// Sends a frame, if the socket is open.
    pub(crate) fn send(&self, text: &str) {
        if self.socket.ready_state() == WebSocket::OPEN {
            drop(self.socket.send_with_str(text));
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        drop(self.socket.close());
    }
}

fn address() -> Option<String> {
    let location = web_sys::window()?.location();
    let scheme = match location.protocol().ok()?.as_str() {
        "https:" => "wss",
        _ => "ws",
    };
    Some(format!(
        "{scheme}://{}{API_BASE}{SOCKET_PATH}",
        location.host().ok()?
    ))
}
