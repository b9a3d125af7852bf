//! Links between the pages of this program: real addresses, followed without loading the page.

use yew::prelude::*;

use super::routes;

#[derive(PartialEq, Properties)]
pub(crate) struct WayProps {
    pub(crate) to: AttrValue,
    #[prop_or_default]
    pub(crate) class: Classes,
    /// It leads to the page that is shown.
    #[prop_or_default]
    pub(crate) current: bool,
    #[prop_or_default]
    pub(crate) children: Html,
}

/// A link to a page of the settings.
#[component]
pub(crate) fn Way(props: &WayProps) -> Html {
    let to = props.to.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        // With a modifier the browser opens a tab or a window.
        if event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key() {
            return;
        }
        event.prevent_default();
        routes::push(&to);
    });
    html! {
        <a
            href={props.to.clone()}
            class={props.class.clone()}
            aria-current={props.current.then_some("page")}
            {onclick}
        >{ props.children.clone() }</a>
    }
}
