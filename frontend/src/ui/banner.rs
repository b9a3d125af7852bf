//! Says that there is no connection, as long as there is none, and whether what is shown was saved earlier. While all
//! is well it offers a newer version of the program.

use yew::prelude::*;

use super::button::icon_button;
use super::icon::{Glyph, small_icon};
use super::when::point;
use crate::platform::connection::{self, Connection};
use crate::platform::worker;
use crate::store::use_selected;
use crate::text::shell as words;

#[derive(PartialEq, Properties)]
pub(crate) struct BannerProps {
    /// What is said while the browser knows of no network.
    pub(crate) offline: &'static str,
}

/// The banner about the connection. It lies over the page, so that nothing moves.
#[component]
pub(crate) fn ConnectionBanner(props: &BannerProps) -> Html {
    let state = use_selected(&connection::state(), (), |state, ()| *state);
    let saved = use_selected(&connection::saved(), (), |saved, ()| *saved);
    let text = match state {
        Connection::Fine => None,
        Connection::Offline => Some(props.offline),
        Connection::Away => Some(words::RECONNECTING),
    };
    let saved = saved.map(|at| words::saved(&point(at)));
    let newer = use_selected(&worker::newer(), (), |newer, ()| *newer);
    html! {
        <div class="banner-place" role="status">
            if let Some(text) = text {
                <div class="banner">{ small_icon(Glyph::CloudOff) }<span>{ text }{ saved }</span></div>
            } else if newer {
                { newer_version() }
            }
        </div>
    }
}

/// Stays until it is answered. What one is writing is kept in this browser, so one may answer at any time.
fn newer_version() -> Html {
    let reload = Callback::from(|_: MouseEvent| worker::take_over());
    let dismiss = Callback::from(|()| worker::not_now());
    html! {
        <div class="banner banner--offer">
            <span>{ words::NEWER }</span>
            <button type="button" class="text-btn" onclick={reload}>{ words::RELOAD }</button>
            { icon_button(Glyph::Close, words::DISMISS, "", false, &dismiss) }
        </div>
    }
}
