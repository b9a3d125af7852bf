//! Where you are signed in.

use yew::prelude::*;

/// The section.
#[component]
pub(super) fn Devices() -> Html {
    Html::default()
}
