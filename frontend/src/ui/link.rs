//! Links inside the client: real addresses, followed without loading the page where the same program shows the next.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::routes::{Route, push};

#[derive(PartialEq, Properties)]
pub(crate) struct LinkProps {
    pub(crate) to: Route,
    /// The whole address, where it says more than which page.
    #[prop_or_default]
    pub(crate) at: Option<AttrValue>,
    #[prop_or_default]
    pub(crate) class: Classes,
    #[prop_or_default]
    pub(crate) id: Option<AttrValue>,
    /// It leads to the page that is shown.
    #[prop_or_default]
    pub(crate) current: bool,
    #[prop_or_default]
    pub(crate) label: Option<AttrValue>,
    /// Only decorates a link with the same target beside it.
    #[prop_or_default]
    pub(crate) decorative: bool,
    /// The arrow keys lead to it: it is no stop of the Tab key.
    #[prop_or_default]
    pub(crate) quiet: bool,
    #[prop_or_default]
    pub(crate) onclick: Callback<()>,
    #[prop_or_default]
    pub(crate) children: Html,
}

/// A link to a page.
#[component]
pub(crate) fn Link(props: &LinkProps) -> Html {
    let (to, onclick) = (props.to.clone(), props.onclick.clone());
    let address = props.at.clone().unwrap_or_else(|| props.to.to_path().into());
    let there = address.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        // With a modifier the browser opens a tab or a window.
        if event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key() {
            return;
        }
        onclick.emit(());
        if to == Route::Settings {
            return;
        }
        event.prevent_default();
        push(&there);
    });
    html! {
        <a
            href={address}
            class={props.class.clone()}
            id={props.id.clone()}
            aria-current={props.current.then_some("page")}
            aria-label={props.label.clone()}
            aria-hidden={props.decorative.then_some("true")}
            tabindex={(props.decorative || props.quiet).then_some("-1")}
            {onclick}
        >{ props.children.clone() }</a>
    }
}
