//! What people see about you: pictures, name, a few lines.

use yew::prelude::*;

/// The section.
#[component]
pub(super) fn Profile() -> Html {
    Html::default()
}
