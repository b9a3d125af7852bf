//! The browser: the only modules that use its APIs. Nothing here knows a feature.

pub(crate) mod api;
pub(crate) mod caret;
pub(crate) mod clock;
pub(crate) mod connection;
pub(crate) mod dom;
pub(crate) mod download;
pub(crate) mod events;
pub(crate) mod files;
pub(crate) mod film;
pub(crate) mod float;
pub(crate) mod leaving;
pub(crate) mod picture;
pub(crate) mod push;
pub(crate) mod random;
pub(crate) mod recorder;
pub(crate) mod scroll;
pub(crate) mod session;
pub(crate) mod shrink;
pub(crate) mod socket;
pub(crate) mod storage;
pub(crate) mod upload;
pub(crate) mod worker;

/// A text in small letters of all languages. The browser has the tables for it, the program need not bring them.
pub(crate) fn lower_case(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

/// Runs a future to its end in the background.
pub(crate) fn spawn(future: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(future);
}
