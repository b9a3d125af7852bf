//! Takes a new password from somebody who has a link. The link is tried before anybody thinks of a password.

use hearth_shared::auth::{CheckResetToken, MailToken, NewPassword, PASSWORD_MIN, ResetPassword};
use hearth_shared::problem::ErrorCode;
use hearth_shared::valid::Valid;
use yew::prelude::*;

use super::super::form::use_token;
use super::{failed, say, to_sign_in};
use crate::context::use_base;
use crate::effect::use_effect_with;
use crate::features::auth::components::{frame, notice};
use crate::features::auth::state::{Errors, refused};
use crate::features::auth::use_wrong_field;
use crate::platform::api::Failure;
use crate::platform::{dom, spawn};
use crate::routes::{Because, login_because};
use crate::store::use_selected;
use crate::text::{auth, settings::gate as words};
use crate::ui::button::{Button, Kind};
use crate::ui::field::{TextField, text_of};
use crate::ui::page::Heading;

/// How things stand with the link.
#[derive(Clone, PartialEq)]
enum Link {
    Trying,
    Good,
    Spent,
    Unknown(Failure),
}

/// What an answer says about the link.
fn judged<T>(outcome: Result<T, Failure>) -> Link {
    match outcome {
        Ok(_) => Link::Good,
        Err(failure) => match failure.code() {
            Some(ErrorCode::InvalidToken | ErrorCode::ValidationFailed) => Link::Spent,
            _ => Link::Unknown(failure),
        },
    }
}

/// The page.
#[component]
pub(super) fn Reset() -> Html {
    let base = use_base();
    let token = use_token();
    let link = use_state_eq(|| Link::Trying);
    let tries = use_state_eq(|| 0_u32);
    let (form, password) = (use_node_ref(), use_node_ref());
    let busy = use_state_eq(|| false);
    let errors = use_state_eq(Errors::default);
    let password_min = use_selected(&base.instance, (), |instance, ()| {
        instance
            .as_ref()
            .map_or(PASSWORD_MIN, |instance| usize::from(instance.password_min))
    });
    use_wrong_field(&form, &errors);
    {
        let (base, link) = (base.clone(), link.setter());
        use_effect_with((token.clone(), *tries), move |(token, _)| {
            if let Some(token) = token.clone() {
                link.set(Link::Trying);
                spawn(async move {
                    link.set(judged(
                        base.api.send(&CheckResetToken {}, &MailToken { token }).await,
                    ));
                });
            }
        });
    }
    let again = {
        let tries = tries.clone();
        Callback::from(move |()| tries.set(*tries + 1))
    };
    let Some(token) = token else {
        return say(words::NO_LINK, words::NO_LINK_HINT, new_link());
    };
    let onsubmit = {
        let (busy, errors, link, password) = (busy.clone(), errors.clone(), link.clone(), password.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            let body = NewPassword {
                token: token.clone(),
                password: text_of(&password),
            };
            let body = match Valid::check(body) {
                Ok(valid) => valid.into_inner(),
                Err(wrong) => return errors.set(errors.next(&wrong)),
            };
            busy.set(true);
            let (base, busy, errors, link) = (base.clone(), busy.setter(), errors.clone(), link.setter());
            spawn(async move {
                match base.api.send(&ResetPassword {}, &body).await {
                    Ok(_) => dom::load_instead(&login_because(Because::NewPassword, None)),
                    Err(failure) => {
                        busy.set(false);
                        if failure.code() == Some(ErrorCode::InvalidToken) {
                            link.set(Link::Spent);
                        }
                        errors.set(refused(&errors, &failure, &["password"], &[]));
                    }
                }
            });
        })
    };
    match &*link {
        Link::Trying => frame(html! {
            <><Heading text={words::RESET} /><p role="status">{ words::CHECKING }</p></>
        }),
        Link::Spent => say(words::SPENT, &words::spent_hint(), new_link()),
        Link::Unknown(failure) => failed(failure, again),
        Link::Good => frame(html! {
            <div class="gate__say">
                <Heading text={words::RESET} />
                if let Some(text) = errors.general() { { notice(&text, true) } }
                <p class="form-row__hint">{ words::RESET_HINT }</p>
                <form ref={form} novalidate=true {onsubmit} aria-busy={busy.to_string()}>
                    <TextField
                        id="password" label={auth::PASSWORD} input={password} kind="password"
                        autocomplete="new-password" hint={auth::password_hint(password_min)}
                        error={errors.of("password")}
                    />
                    <Button
                        submit=true kind={Kind::Primary} class="btn--wide" busy={*busy}
                        text={if *busy { words::SETTING } else { words::SET }}
                    />
                </form>
                { to_sign_in() }
            </div>
        }),
    }
}

fn new_link() -> Html {
    html! {
        <>
            <a class="btn btn--primary btn--wide" href="/forgot">{ words::NEW_LINK }</a>
            { to_sign_in() }
        </>
    }
}
