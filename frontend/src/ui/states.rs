//! What stands in for a list: nothing there yet, could not be loaded, that was all.

use yew::prelude::*;

use super::button::{Button, Kind};
use super::icon::{Glyph, icon};
use crate::platform::api::Failure;
use crate::text;

/// There is nothing, and that is fine.
pub(crate) fn empty(glyph: Glyph, text: &str, rest: Html) -> Html {
    html! {
        <div class="card state">
            <span class="state__icon">{ icon(glyph) }</span>
            <p>{ text }</p>
            { rest }
        </div>
    }
}

/// Something could not be loaded: what, why, and a way to try again.
pub(crate) fn failed(what: &str, failure: &Failure, again: Callback<()>) -> Html {
    html! {
        <div class="card state" role="group" aria-label={what.to_owned()}>
            <span class="state__icon state__icon--problem">{ icon(Glyph::CloudOff) }</span>
            <p><b>{ what }</b><br />{ text::errors::failure(failure) }</p>
            <Button text={text::shell::TRY_AGAIN} kind={Kind::Quiet} onclick={again} />
        </div>
    }
}

/// The end of a list, which is a good thing to reach.
pub(crate) fn end(text: &str) -> Html {
    html! { <p class="rule"><span>{ text }</span></p> }
}

/// A page that has only one thing to say.
pub(crate) fn message(title: &'static str, text: &str, rest: Html) -> Html {
    html! {
        <div class="card state state--page">
            <super::page::Heading text={title} />
            <p>{ text }</p>
            { rest }
        </div>
    }
}
