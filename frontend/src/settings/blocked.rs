//! The people whom you have blocked.

use yew::prelude::*;

/// The section.
#[component]
pub(super) fn Blocked() -> Html {
    Html::default()
}
