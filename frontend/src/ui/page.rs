//! What every page has: a title in the browser's tab and one `h1` that takes the focus on arrival.

use yew::prelude::*;

use crate::platform::dom;
use crate::text::shell::document_title;

/// Names the page in the browser's tab.
#[hook]
pub(crate) fn use_title(title: &str) {
    use_effect_with(title.to_owned(), |title| dom::set_title(&document_title(title)));
}

#[derive(PartialEq, Properties)]
pub(crate) struct HeadingProps {
    pub(crate) text: AttrValue,
    /// Only for screen readers, where the page speaks for itself.
    #[prop_or_default]
    pub(crate) hidden: bool,
}

/// The heading of a page; also names it in the browser's tab.
#[component]
pub(crate) fn Heading(props: &HeadingProps) -> Html {
    use_title(&props.text);
    html! {
        <h1 class={if props.hidden { "vh" } else { "page__title" }} tabindex="-1">{ &props.text }</h1>
    }
}
