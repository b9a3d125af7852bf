//! What every page has: a title in the browser's tab and one `h1` that takes the focus on arrival.

use yew::prelude::*;
use yew_router::prelude::*;

use super::title;
use crate::effect::use_effect_with;
use crate::platform::scroll;

#[derive(PartialEq, Properties)]
pub(crate) struct HeadingProps {
    pub(crate) text: AttrValue,
    /// Only for screen readers, where the page speaks for itself.
    #[prop_or_default]
    pub(crate) hidden: bool,
    #[prop_or(classes!("page__title"))]
    pub(crate) class: Classes,
}

/// The heading of a page; also names it in the browser's tab.
#[component]
pub(crate) fn Heading(props: &HeadingProps) -> Html {
    let node = use_node_ref();
    use_effect_with(props.text.clone(), |text| title::page(text));
    {
        let node = node.clone();
        use_effect_with((), move |()| scroll::settle(&node));
    }
    let class = if props.hidden {
        classes!("vh")
    } else {
        props.class.clone()
    };
    html! { <h1 ref={node} {class} tabindex="-1">{ &props.text }</h1> }
}

/// Where the browser is: the entry of the history, the path and the query. A [`Location`](yew_router::prelude::Location) that
/// nobody has navigated to equals not even itself, so an effect that depended on one would act after every rendering.
type Here = (Option<u32>, String, String);

/// Where the browser is, to depend on.
#[hook]
pub(crate) fn use_here() -> Option<Here> {
    let here = use_location()?;
    Some((here.id(), here.path().to_owned(), here.query_str().to_owned()))
}

/// Scroll and focus follow the history.
#[hook]
pub(crate) fn use_arrival() {
    let here = use_here();
    let arrived = use_mut_ref(|| false);
    use_effect_with(here, move |here| {
        if let Some((entry, ..)) = here {
            let first = !std::mem::replace(&mut *arrived.borrow_mut(), true);
            scroll::arrive(*entry, first);
        }
    });
}
