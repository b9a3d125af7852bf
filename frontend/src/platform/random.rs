//! Ids that the client makes for what it creates.

use hearth_shared::ids::ClientId;

/// A new id. `getRandomValues` also works on plain http, where `randomUUID` does not exist.
pub(crate) fn client_id() -> ClientId {
    let mut bytes = [0; 16];
    let filled = web_sys::window()
        .and_then(|window| window.crypto().ok())
        .is_some_and(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).is_ok());
    if !filled {
        // No browser is known to get here; the id need only differ from this person's other ones.
        for byte in &mut bytes {
            *byte = (js_sys::Math::random() * 256.0) as u8;
        }
    }
    ClientId::from_random_bytes(bytes)
}

/// A number between 0 and 1, to spread what many clients would do in the same moment.
pub(crate) fn fraction() -> f64 {
    js_sys::Math::random()
}
