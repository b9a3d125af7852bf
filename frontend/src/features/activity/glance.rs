//! The latest of what one is told of, on a wide screen beside the way to the page: looked at and answered without going
//! there. Esc, a press elsewhere, going on with Tab and going somewhere close it.

use hearth_shared::notifications::NotificationFilter;
use yew::prelude::*;

use super::actions;
use super::told::Told;
use crate::context::use_app;
use crate::effect::use_effect_with;
use crate::parts::Over;
use crate::platform::{dom, float};
use crate::routes::Route;
use crate::store::use_selected;
use crate::text::activity as words;
use crate::ui::icon::{Glyph, small_icon};
use crate::ui::link::Link;
use crate::ui::page::use_here;
use crate::ui::popup::use_popup;
use crate::ui::skeleton::person_skeletons;
use crate::ui::states::{empty, failed};

/// Of these at most.
const LATEST: usize = 8;
const ALL: NotificationFilter = NotificationFilter::All;

/// The button and what it opens.
#[component]
pub(crate) fn Glance() -> Html {
    let popup = use_popup();
    let here = use_here();
    {
        let popup = popup.clone();
        use_effect_with(here, move |_| popup.set(false));
    }
    html! {
        <div class="glance" ref={popup.root.clone()} onkeydown={popup.leave_at_esc()} onfocusout={popup.close_when_left()}>
            <button
                type="button" class="icon-btn" ref={popup.button.clone()} aria-label={words::GLANCE} aria-haspopup="dialog"
                aria-expanded={popup.is_open().to_string()} onclick={popup.toggle()}
            >{ small_icon(Glyph::Down) }</button>
            if popup.is_open() {
                { Over::Glance(LatestProps { button: popup.button.clone(), onclose: popup.close() }).html() }
            }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub(crate) struct LatestProps {
    pub(crate) button: NodeRef,
    /// Nobody wants to see it any more.
    pub(crate) onclose: Callback<()>,
}

/// What it opens.
#[component]
pub(crate) fn Latest(props: &LatestProps) -> Html {
    let app = use_app();
    let node = use_node_ref();
    let list = use_selected(&app.activity, (), |activity, ()| activity.list(ALL));
    {
        let (app, node, button) = (app.clone(), node.clone(), props.button.clone());
        use_effect_with((), move |()| {
            if let Some(place) = float::place_of(&button) {
                float::show(&node, place);
            }
            dom::focus(&node);
            actions::load(&app, ALL, false);
        });
    }
    {
        let app = app.clone();
        use_effect_with(list.clone(), move |list| {
            if list.known && dom::visible() {
                actions::mark_seen(&app);
            }
        });
    }
    let again = {
        let app = app.clone();
        Callback::from(move |()| actions::load(&app, ALL, false))
    };
    html! {
        <div ref={node} class="float glance__panel" popover="manual" role="dialog" aria-label={words::GLANCE} tabindex="-1">
            if let Some(failure) = list.failure.as_ref().filter(|_| list.items.is_empty()) {
                { failed(words::FAILED, failure, again) }
            } else if !list.known {
                { person_skeletons(4) }
            } else if list.items.is_empty() {
                { empty(Glyph::Bell, words::EMPTY, Html::default()) }
            } else {
                <ul class="people told-list">
                    { for list.items.iter().take(LATEST).map(|item| html! {
                        <li key={item.id.to_string()}><Told item={item.clone()} /></li>
                    }) }
                </ul>
            }
            <Link to={Route::Activity} class="btn btn--quiet glance__all">{ words::SEE_ALL }</Link>
        </div>
    }
}
