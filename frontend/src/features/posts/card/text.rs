//! The text of a post; a long one is folded after twelve lines.

use hearth_shared::posts::Mention;
use yew::prelude::*;

use crate::effect::use_effect_with;
use crate::platform::{dom, events};
use crate::text::posts as words;
use crate::ui::rich::rich_post;

/// Posts up to this long, without line ends, are set larger.
const SHORT: usize = 120;

#[derive(PartialEq, Properties)]
pub(super) struct FoldedProps {
    pub(super) id: AttrValue,
    pub(super) body: AttrValue,
    pub(super) mentions: Vec<Mention>,
    /// It stands alone, so that it may be set larger.
    pub(super) short: bool,
    pub(super) open: bool,
    pub(super) ontoggle: Callback<()>,
}

/// A text.
#[component]
pub(super) fn Folded(props: &FoldedProps) -> Html {
    let node = use_node_ref();
    let long = use_state_eq(|| false);
    {
        let (node, long) = (node.clone(), long.setter());
        use_effect_with((props.body.clone(), props.open), move |(_, open)| {
            let open = *open;
            let measure = move || {
                if !open {
                    long.set(dom::overflows(&node));
                }
            };
            measure();
            // A phone is turned, a window made narrow, a page zoomed: the same text has other lines.
            let resized = events::on_window("resize", move |_| measure());
            move || drop(resized)
        });
    }
    let body = &props.body;
    let short = props.short && !body.contains('\n') && body.chars().nth(SHORT).is_none();
    let toggle = {
        let ontoggle = props.ontoggle.clone();
        Callback::from(move |_: MouseEvent| ontoggle.emit(()))
    };
    html! {
        <>
            <div
                ref={node}
                id={props.id.clone()}
                class={classes!("post__body", short.then_some("lg"), (!props.open).then_some("post__body--folded"))}
            >{ rich_post(body, &props.mentions) }</div>
            if *long || props.open {
                <button type="button" class="btn btn--ghost post__more" aria-expanded={props.open.to_string()} onclick={toggle}>
                    { if props.open { words::READ_LESS } else { words::READ_MORE } }
                </button>
            }
        </>
    }
}
