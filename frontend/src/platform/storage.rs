//! What this browser keeps: preferences, drafts, and a hint that somebody was signed in. Never a token.
//! A browser may refuse storage; then nothing is kept and everything still works.

use web_sys::Storage;

fn store() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// A value kept earlier.
pub(crate) fn get(key: &str) -> Option<String> {
    store()?.get_item(key).ok()?
}

/// Keeps a value. A full store loses it: what is kept here can be done without.
pub(crate) fn set(key: &str, value: &str) {
    if let Some(store) = store() {
        drop(store.set_item(key, value));
    }
}

/// Forgets a value.
pub(crate) fn remove(key: &str) {
    if let Some(store) = store() {
        drop(store.remove_item(key));
    }
}

/// All values whose key starts so.
pub(crate) fn all(prefix: &str) -> Vec<String> {
    keys(prefix).iter().filter_map(|key| get(key)).collect()
}

/// Forgets all values whose key starts so.
pub(crate) fn remove_all(prefix: &str) {
    keys(prefix).iter().for_each(|key| remove(key));
}

fn keys(prefix: &str) -> Vec<String> {
    let Some(store) = store() else {
        return Vec::new();
    };
    let count = store.length().unwrap_or(0);
    let keys = (0..count).filter_map(|index| store.key(index).ok().flatten());
    keys.filter(|key| key.starts_with(prefix)).collect()
}
