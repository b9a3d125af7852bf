//! Password and second factor.

use yew::prelude::*;

/// The section.
#[component]
pub(super) fn Security() -> Html {
    Html::default()
}
