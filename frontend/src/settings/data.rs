//! Taking your data with you, leaving.

use yew::prelude::*;

/// The section.
#[component]
pub(super) fn Data() -> Html {
    Html::default()
}
