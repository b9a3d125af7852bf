//! Parts of the sign-in pages.

use yew::prelude::*;
use yew_router::Routable;
use yew_router::history::Location;

use crate::routes::{self, Route};
use crate::text::shell as words;
use crate::ui::icon::{Glyph, small_icon};

/// The quiet page around a form.
pub(crate) fn frame(inside: Html) -> Html {
    html! {
        <main class="gate" id="main">
            <div class="gate__brand">
                <p class="wordmark wordmark--large"><i aria-hidden="true" />{ words::WORDMARK }</p>
                <p class="gate__line">{ words::TAGLINE }</p>
            </div>
            <div class="card gate__card">{ inside }</div>
        </main>
    }
}

/// What concerns the whole form.
pub(crate) fn notice(text: &str, problem: bool) -> Html {
    html! {
        <p
            class={classes!("notice", problem.then_some("notice--problem"))}
            role={if problem { "alert" } else { "status" }}
        >
            if problem { { small_icon(Glyph::Alert) } }
            <span>{ text }</span>
        </p>
    }
}

/// The way to the other form; it keeps where the person wanted to go.
pub(super) fn way(location: &Option<Location>, question: &str, text: &str, to: Route) -> Html {
    let wanted = location.as_ref().and_then(routes::wanted);
    let target = routes::with_wanted(&to.to_path(), wanted.as_ref());
    let onclick = {
        let target = target.clone();
        Callback::from(move |event: MouseEvent| {
            if !(event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key()) {
                event.prevent_default();
                routes::push(&target);
            }
        })
    };
    html! { <p class="gate__way">{ question }{ " " }<a href={target} {onclick}>{ text }</a></p> }
}
