//! Making an account, with or without an invitation. The invitation stands behind the `#` of the address, which no
//! server sees, and leaves the address bar at once.

use hearth_shared::auth::{CheckInvitation, MailToken, NewAccount, PASSWORD_MIN, Register, Registered};
use hearth_shared::instance::Registration;
use hearth_shared::valid::Valid;
use yew::prelude::*;
use yew_router::prelude::*;

use super::components::{frame, notice, way};
use super::state::{Errors, Invited, refusal, welcome};
use super::{COOKIE, use_wrong_field};
use crate::context::use_base;
use crate::effect::use_effect_with;
use crate::platform::spawn;
use crate::routes::{self, Route};
use crate::store::use_selected;
use crate::text::auth as words;
use crate::ui::button::{Button, Kind};
use crate::ui::field::{TextField, text_of};
use crate::ui::page::Heading;

/// The page that makes an account.
#[component]
pub(crate) fn RegisterPage() -> Html {
    let base = use_base();
    let location = use_location();
    let (name, username, email, password) = (use_node_ref(), use_node_ref(), use_node_ref(), use_node_ref());
    let form = use_node_ref();
    let busy = use_state_eq(|| false);
    let errors = use_state_eq(Errors::default);
    let mailed = use_state_eq(|| false);
    let (registration, password_min) = use_selected(&base.instance, (), |instance, ()| match instance {
        Some(instance) => (instance.registration, usize::from(instance.password_min)),
        None => (Registration::Open, PASSWORD_MIN),
    });
    use_wrong_field(&form, &errors);
    let token = {
        let location = location.clone();
        use_state_eq(move || {
            let hash = location.map(|location| location.hash().to_owned());
            hash.as_deref()
                .and_then(|hash| hash.strip_prefix('#'))
                .filter(|token| !token.is_empty())
                .map(ToOwned::to_owned)
        })
    };
    let invited = {
        let brought = token.is_some();
        use_state_eq(move || if brought { Invited::Checking } else { Invited::No })
    };
    {
        let (base, invited, location) = (base.clone(), invited.setter(), location.clone());
        use_effect_with((*token).clone(), move |token| {
            let Some(token) = token.clone() else { return };
            if let Some(location) = location {
                routes::replace(&format!("{}{}", location.path(), location.query_str()));
            }
            spawn(async move {
                invited.set(
                    match base.api.send(&CheckInvitation {}, &MailToken { token }).await {
                        Ok(_) => Invited::Good,
                        // Whether it is good the form will tell.
                        Err(failure) if failure.is_passing() => Invited::Good,
                        Err(_) => Invited::Bad,
                    },
                );
            });
        });
    }

    let onsubmit = {
        let (base, busy, errors) = (base.clone(), busy.clone(), errors.clone());
        let (invited, token, mailed) = (*invited, (*token).clone(), mailed.setter());
        let fields = (name.clone(), username.clone(), email.clone(), password.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            let account = NewAccount {
                display_name: text_of(&fields.0),
                username: text_of(&fields.1),
                email: text_of(&fields.2),
                password: text_of(&fields.3),
                invitation: token.clone().filter(|_| invited == Invited::Good),
            };
            let account = match Valid::check(account) {
                Ok(valid) => valid.into_inner(),
                Err(wrong) => return errors.set(errors.next(&wrong)),
            };
            busy.set(true);
            let (base, busy, errors, mailed) = (base.clone(), busy.setter(), errors.clone(), mailed.clone());
            spawn(async move {
                match base.api.call(&Register {}, &COOKIE, &account).await {
                    Ok(Registered(Some(session))) => base.session.start(session),
                    Ok(Registered(None)) => mailed.set(true),
                    Err(failure) => {
                        busy.set(false);
                        errors.set(refusal(&errors, &failure));
                    }
                }
            });
        })
    };
    if *mailed {
        return html! {
            { frame(html! { <>
                <Heading text={words::CHECK_YOUR_MAIL} />
                { notice(words::OPEN_THE_LINK, false) }
                { way(&location, "", words::SIGN_IN, Route::Login) }
            </> }) }
        };
    }
    let (offered, first) = welcome(registration, *invited);

    html! {
        { frame(html! { <>
            <Heading text={words::CREATE_ACCOUNT_TITLE} />
            if let Some(text) = errors.general() {
                { notice(&text, true) }
            } else {
                if let Some(text) = first { { notice(text, false) } }
            }
            if offered {
                <form ref={form} novalidate=true {onsubmit} aria-busy={busy.to_string()}>
                    <TextField
                        id="display_name" label={words::DISPLAY_NAME} input={name} autocomplete="name"
                        hint={words::DISPLAY_NAME_HINT} error={errors.of("display_name")}
                    />
                    <TextField
                        id="username" label={words::USERNAME} input={username} autocomplete="username" verbatim=true
                        hint={words::USERNAME_HINT} error={errors.of("username")}
                    />
                    <TextField
                        id="email" label={words::EMAIL} input={email} kind="email" autocomplete="email" verbatim=true
                        hint={words::EMAIL_HINT} error={errors.of("email")}
                    />
                    <TextField
                        id="password" label={words::PASSWORD} input={password} kind="password"
                        autocomplete="new-password" hint={words::password_hint(password_min)} error={errors.of("password")}
                    />
                    <Button
                        submit=true kind={Kind::Primary} class="btn--wide" busy={*busy}
                        text={if *busy { words::CREATING } else { words::CREATE_ACCOUNT }}
                    />
                </form>
            }
            { way(&location, words::HAVE_ACCOUNT, words::SIGN_IN, Route::Login) }
        </> }) }
    }
}
