//! The ways back to a lost account, the proof of an address, and the end of the daily mail. Nobody needs to be signed in.

mod forgot;
mod reset;
mod unsubscribe;
mod verify;

use yew::prelude::*;

use self::forgot::Forgot;
use self::reset::Reset;
use self::unsubscribe::Unsubscribe;
use self::verify::Verify;
use super::routes::Page;
use crate::features::auth::components::frame;
use crate::platform::api::Failure;
use crate::text::{errors, settings::gate as words, shell};
use crate::ui::button::{Button, Kind};
use crate::ui::page::Heading;

/// The page, when it is one of these.
pub(super) fn page(page: Page) -> Option<Html> {
    match page {
        Page::Forgot => Some(html! { <Forgot /> }),
        Page::Reset => Some(html! { <Reset /> }),
        Page::Verify => Some(html! { <Verify /> }),
        Page::Unsubscribe => Some(html! { <Unsubscribe /> }),
        Page::List | Page::Section(_) | Page::NotFound => None,
    }
}

/// A page with one thing to say, and the ways on from there. It is announced: nobody pressed anything.
fn say(title: &'static str, text: &str, ways: Html) -> Html {
    frame(html! {
        <div class="gate__say" role="status">
            <Heading text={title} />
            <p>{ text }</p>
            { ways }
        </div>
    })
}

/// The link could not be tried.
fn failed(failure: &Failure, again: Callback<()>) -> Html {
    say(
        words::FAILED,
        &errors::failure(failure),
        html! { <Button text={shell::TRY_AGAIN} kind={Kind::Primary} class="btn--wide" onclick={again} /> },
    )
}

/// The way back to the first program's sign-in page.
fn to_sign_in() -> Html {
    html! { <p class="gate__way"><a href="/login">{ words::BACK_TO_SIGN_IN }</a></p> }
}
