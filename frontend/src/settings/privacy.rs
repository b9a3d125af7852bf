//! Who may do and see what.

use yew::prelude::*;

/// The section.
#[component]
pub(super) fn Privacy() -> Html {
    Html::default()
}
