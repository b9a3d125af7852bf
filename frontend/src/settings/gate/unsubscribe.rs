//! Ends the daily mail, with the link that stands in each of them. It asks first: whoever looks at the links of mails
//! beforehand, as some mail programs do, ends nobody's.

use hearth_shared::auth::MailToken;
use hearth_shared::digests::{UNSUBSCRIBE_QUERY, Unsubscribe as End};
use hearth_shared::problem::ErrorCode;
use yew::prelude::*;

use super::super::form::use_focus_on_change;
use super::super::link::Way;
use super::say;
use crate::context::use_base;
use crate::features::auth::components::frame;
use crate::platform::api::Failure;
use crate::platform::{dom, spawn};
use crate::text::{errors, settings::gate as words, shell};
use crate::ui::button::{Button, Kind};
use crate::ui::page::Heading;

/// The page.
#[component]
pub(super) fn Unsubscribe() -> Html {
    let base = use_base();
    let token = use_state_eq(|| dom::take_query(UNSUBSCRIBE_QUERY));
    let outcome = use_state_eq(|| None::<Result<(), Failure>>);
    let busy = use_state_eq(|| false);
    let root = use_node_ref();
    use_focus_on_change((*outcome).clone(), &root, "h1");
    let Some(token) = (*token).clone() else {
        return say(words::NO_LINK, words::NO_LINK_HINT, ways());
    };
    let end = {
        let (outcome, busy) = (outcome.setter(), busy.clone());
        Callback::from(move |()| {
            if *busy {
                return;
            }
            busy.set(true);
            let (base, outcome, busy) = (base.clone(), outcome.clone(), busy.setter());
            let body = MailToken { token: token.clone() };
            spawn(async move {
                let answer = base.api.send(&End {}, &body).await;
                outcome.set(Some(answer.map(drop)));
                busy.set(false);
            });
        })
    };
    let (title, hint, further) = match &*outcome {
        None => (
            words::UNSUBSCRIBE,
            words::UNSUBSCRIBE_HINT.to_owned(),
            html! {
                <Button
                    kind={Kind::Primary} class="btn--wide" busy={*busy} onclick={end}
                    text={if *busy { words::UNSUBSCRIBING } else { words::UNSUBSCRIBE_DO }}
                />
            },
        ),
        Some(Ok(())) => (words::UNSUBSCRIBED, words::UNSUBSCRIBED_HINT.to_owned(), ways()),
        Some(Err(failure)) => match failure.code() {
            Some(ErrorCode::InvalidToken | ErrorCode::ValidationFailed) => (
                words::UNSUBSCRIBE_WRONG,
                words::UNSUBSCRIBE_WRONG_HINT.to_owned(),
                ways(),
            ),
            _ => (
                words::FAILED,
                errors::failure(failure),
                html! {
                    <Button
                        kind={Kind::Primary} class="btn--wide" busy={*busy} onclick={end}
                        text={shell::TRY_AGAIN}
                    />
                },
            ),
        },
    };
    // The focus goes to the heading of what takes its place, so that it is heard.
    frame(html! {
        <div ref={root} class="gate__say">
            <Heading text={title} />
            <p>{ hint }</p>
            { further }
        </div>
    })
}

/// The ways on from there.
fn ways() -> Html {
    html! {
        <>
            <Way to="/settings/notifications" class="btn btn--quiet btn--wide">{ words::TO_NOTIFICATIONS }</Way>
            <a class="btn btn--primary btn--wide" href="/">{ words::CONTINUE }</a>
        </>
    }
}
