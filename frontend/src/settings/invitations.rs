//! Links that let new people in.

use yew::prelude::*;

/// The section.
#[component]
pub(super) fn Invitations() -> Html {
    Html::default()
}
