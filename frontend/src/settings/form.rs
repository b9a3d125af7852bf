//! What the forms of the settings share: they know who fills them in, and where the focus goes when one view takes the
//! place of another.

use yew::prelude::*;

use crate::effect::use_effect_with;
use crate::platform::dom;

/// For the browser's password manager: whose password stands beside it.
pub(super) fn whose(username: &str) -> Html {
    html! {
        <input type="text" name="username" autocomplete="username" value={username.to_owned()} readonly=true hidden=true />
    }
}

/// Whenever `view` changes, the focus goes to what the selector finds; not when the page is shown first.
#[hook]
pub(super) fn use_focus_on_change<V: PartialEq + 'static>(view: V, root: &NodeRef, selector: &'static str) {
    let root = root.clone();
    let shown = use_mut_ref(|| false);
    use_effect_with(view, move |_| {
        if std::mem::replace(&mut *shown.borrow_mut(), true) {
            dom::focus_within(&root, selector);
        }
    });
}

/// Takes what stands behind the `#` of the address, now and whenever another link is opened on the same page.
#[hook]
pub(super) fn use_token() -> Option<String> {
    let token = use_state_eq(dom::take_fragment);
    let set = token.setter();
    use_effect_with((), move |()| {
        let guard = crate::platform::events::on_window("hashchange", move |_| {
            if let Some(token) = dom::take_fragment() {
                set.set(Some(token));
            }
        });
        move || drop(guard)
    });
    (*token).clone()
}
