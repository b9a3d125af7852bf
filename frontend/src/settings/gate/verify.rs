//! Takes a link as proof that an address is one's own. There is nothing to decide, so it is done at once.

use hearth_shared::auth::{MailToken, VerifyEmail};
use hearth_shared::problem::ErrorCode;
use yew::prelude::*;

use super::super::form::use_token;
use super::super::link::Way;
use super::{failed, say};
use crate::context::use_base;
use crate::effect::use_effect_with;
use crate::platform::api::Failure;
use crate::platform::spawn;
use crate::text::settings::gate as words;

/// The page.
#[component]
pub(super) fn Verify() -> Html {
    let base = use_base();
    let token = use_token();
    let outcome = use_state_eq(|| None::<Result<(), Failure>>);
    let tries = use_state_eq(|| 0_u32);
    {
        let outcome = outcome.setter();
        use_effect_with((token.clone(), *tries), move |(token, _)| {
            if let Some(token) = token.clone() {
                outcome.set(None);
                spawn(async move {
                    let answer = base.api.send(&VerifyEmail {}, &MailToken { token }).await;
                    outcome.set(Some(answer.map(drop)));
                });
            }
        });
    }
    let again = {
        let tries = tries.clone();
        Callback::from(move |()| tries.set(*tries + 1))
    };
    let home = html! { <a class="btn btn--primary btn--wide" href="/">{ words::CONTINUE }</a> };
    if token.is_none() {
        return say(words::NO_LINK, words::NO_LINK_HINT, home);
    }
    match &*outcome {
        None => say(words::VERIFY, "", Html::default()),
        Some(Ok(())) => say(words::VERIFIED, words::VERIFIED_HINT, home),
        Some(Err(failure)) => match failure.code() {
            Some(ErrorCode::InvalidToken | ErrorCode::ValidationFailed) => say(
                words::SPENT,
                words::VERIFY_SPENT_HINT,
                html! {
                    <>
                        <Way to="/settings/account" class="btn btn--quiet btn--wide">{ words::TO_ACCOUNT }</Way>
                        { home }
                    </>
                },
            ),
            _ => failed(failure, again),
        },
    }
}
