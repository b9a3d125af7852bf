//! The pages of those who are not signed in. Nothing typed is lost: the fields belong to the browser, only
//! a wrong password is cleared.

pub(crate) mod components;
pub(crate) mod state;

use hearth_shared::auth::{
    CheckInvitation, Credentials, Login, MailToken, NewAccount, PASSWORD_MIN, Register, Registered,
    SessionQuery,
};
use hearth_shared::instance::Registration;
use hearth_shared::problem::ErrorCode;
use hearth_shared::valid::Valid;
use yew::prelude::*;
use yew_router::prelude::*;

use self::components::{frame, notice, way};
use self::state::{Asked, Errors, refusal};
use crate::context::{Base, use_base};
use crate::effect::use_effect_with;
use crate::platform::session::Why;
use crate::platform::{dom, spawn};
use crate::routes::{self, Because, Route};
use crate::store::use_selected;
use crate::text::auth as words;
use crate::ui::button::{Button, Kind};
use crate::ui::field::{TextField, clear, text_of};
use crate::ui::page::Heading;

const COOKIE: SessionQuery = SessionQuery { cookie: true };

#[derive(PartialEq, Properties)]
pub(crate) struct SignInProps {
    pub(crate) why: Why,
}

/// The sign-in page.
#[component]
pub(crate) fn SignInPage(props: &SignInProps) -> Html {
    let base = use_base();
    let location = use_location();
    let (login, password) = (use_node_ref(), use_node_ref());
    let code = use_node_ref();
    let form = use_node_ref();
    let busy = use_state_eq(|| false);
    let errors = use_state_eq(Errors::default);
    let asked = use_state_eq(Asked::default);
    let offered = use_selected(&base.instance, (), |instance, ()| {
        instance
            .as_ref()
            .map_or(Registration::Open, |instance| instance.registration)
    });
    use_wrong_field(&form, &errors);
    {
        let form = form.clone();
        use_effect_with(asked.code, move |asked| {
            if *asked {
                dom::focus_within(&form, "#code");
            }
        });
    }

    let onsubmit = {
        let (base, busy, errors, asked) = (base.clone(), busy.clone(), errors.clone(), asked.clone());
        let (login, password, code) = (login.clone(), password.clone(), code.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            let credentials = match Valid::check(Credentials {
                login: text_of(&login),
                password: text_of(&password),
                restore: asked.leaving.is_some().then_some(true),
                code: asked.code.then(|| text_of(&code)),
            }) {
                Ok(valid) => valid.into_inner(),
                Err(wrong) => return errors.set(errors.next(&wrong)),
            };
            busy.set(true);
            let (base, busy, errors, password) =
                (base.clone(), busy.setter(), errors.clone(), password.clone());
            let asked = asked.clone();
            spawn(async move {
                match base.api.call(&Login {}, &COOKIE, &credentials).await {
                    Ok(session) => base.session.start(session),
                    Err(failure) => {
                        busy.set(false);
                        if failure.code() == Some(ErrorCode::InvalidCredentials) {
                            clear(&password);
                        }
                        match asked.after(&failure) {
                            Some(more) => {
                                asked.set(more);
                                errors.set(Errors::default());
                            }
                            None => errors.set(refusal(&errors, &failure)),
                        }
                    }
                }
            });
        })
    };
    let send = match (*busy, asked.leaving.is_some()) {
        (true, _) => words::SIGNING_IN,
        (false, true) => words::KEEP_ACCOUNT,
        (false, false) => words::SIGN_IN,
    };

    html! {
        { frame(html! { <>
            <Heading text={words::SIGN_IN} />
            if let Some(text) = errors.general() {
                { notice(&text, true) }
            } else if let Some(day) = &asked.leaving {
                { notice(&words::leaving(day.as_deref()), false) }
            } else {
                if let Some(text) = state::greeting(props.why, location.as_ref().and_then(Because::of)) {
                    { notice(text, false) }
                }
            }
            <form ref={form} novalidate=true {onsubmit} aria-busy={busy.to_string()}>
                <TextField
                    id="login" label={words::LOGIN} input={login} autocomplete="username" verbatim=true
                    error={errors.of("login")}
                />
                <TextField
                    id="password" label={words::PASSWORD} input={password} kind="password"
                    autocomplete="current-password" error={errors.of("password")}
                />
                if asked.code {
                    <TextField
                        id="code" label={words::CODE} input={code} autocomplete="one-time-code" verbatim=true
                        hint={words::CODE_HINT} error={errors.of("code")}
                    />
                }
                <Button submit=true kind={Kind::Primary} class="btn--wide" busy={*busy} text={send} />
            </form>
            <p class="gate__way"><a href="/forgot">{ words::FORGOT_LINK }</a></p>
            { match offered {
                Registration::Open => way(&location, words::NEW_HERE, words::CREATE_ACCOUNT_LINK, Route::Register),
                Registration::Invite => html! { <p class="gate__way">{ words::BY_INVITATION }</p> },
                Registration::Closed => html! { <p class="gate__way">{ words::REGISTRATION_CLOSED }</p> },
            } }
        </> }) }
    }
}

/// The page that makes an account.
#[component]
pub(crate) fn RegisterPage() -> Html {
    let base = use_base();
    let location = use_location();
    let (name, username, email, password) = (use_node_ref(), use_node_ref(), use_node_ref(), use_node_ref());
    let form = use_node_ref();
    let busy = use_state_eq(|| false);
    let errors = use_state_eq(Errors::default);
    let sent = use_state_eq(|| false);
    let (registration, password_min) = use_selected(&base.instance, (), |instance, ()| match instance {
        Some(instance) => (instance.registration, usize::from(instance.password_min)),
        None => (Registration::Open, PASSWORD_MIN),
    });
    // It stays in the address, so that the page can be loaded again.
    let invitation = location
        .as_ref()
        .map(|here| here.hash().trim_start_matches('#').to_owned())
        .filter(|token| !token.is_empty());
    let good = use_invitation(&base, invitation.clone());
    let closed = match (registration, &invitation, good) {
        (Registration::Closed, ..) => Some(words::REGISTRATION_CLOSED),
        (Registration::Invite, None, _) => Some(words::BY_INVITATION),
        (Registration::Invite, Some(_), Some(false)) => Some(words::INVITATION_SPENT),
        _ => None,
    };
    use_wrong_field(&form, &errors);
    use_effect_with(*sent, |sent| {
        if *sent {
            dom::rescue_focus();
        }
    });

    let onsubmit = {
        let (base, busy, errors) = (base.clone(), busy.clone(), errors.clone());
        let fields = (name.clone(), username.clone(), email.clone(), password.clone());
        let (invitation, sent) = (invitation.clone(), sent.setter());
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
                invitation: invitation.clone(),
            };
            let account = match Valid::check(account) {
                Ok(valid) => valid.into_inner(),
                Err(wrong) => return errors.set(errors.next(&wrong)),
            };
            busy.set(true);
            let (base, busy, errors, sent) = (base.clone(), busy.setter(), errors.clone(), sent.clone());
            spawn(async move {
                match base.api.call(&Register {}, &COOKIE, &account).await {
                    Ok(Registered(Some(session))) => base.session.start(session),
                    Ok(Registered(None)) => sent.set(true),
                    Err(failure) => {
                        busy.set(false);
                        errors.set(refusal(&errors, &failure));
                    }
                }
            });
        })
    };

    if *sent {
        return frame(html! { <>
            <Heading text={words::CHECK_YOUR_MAIL} />
            <p>{ words::OPEN_THE_LINK }</p>
            { way(&location, words::HAVE_ACCOUNT, words::SIGN_IN, Route::Login) }
        </> });
    }
    html! {
        { frame(html! { <>
            <Heading text={words::CREATE_ACCOUNT_TITLE} />
            if let Some(text) = errors.general() {
                { notice(&text, true) }
            } else if let Some(text) = closed {
                { notice(text, false) }
            } else if good == Some(true) {
                { notice(words::INVITED, false) }
            }
            if closed.is_none() {
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

/// Whether an invitation is good, once that is known.
#[hook]
fn use_invitation(base: &Base, token: Option<String>) -> Option<bool> {
    let good = use_state_eq(|| None::<bool>);
    let (base, set) = (base.clone(), good.setter());
    use_effect_with(token, move |token| {
        if let Some(token) = token.clone() {
            spawn(async move {
                let outcome = base.api.send(&CheckInvitation {}, &MailToken { token }).await;
                set.set(match outcome {
                    Ok(_) => Some(true),
                    Err(failure) if failure.is_passing() => None,
                    Err(_) => Some(false),
                });
            });
        }
    });
    *good
}

/// After every refused attempt the focus goes to the first field that is wrong.
#[hook]
pub(crate) fn use_wrong_field(form: &NodeRef, errors: &Errors) {
    let form = form.clone();
    use_effect_with(errors.attempt(), move |attempt| {
        if *attempt > 0 {
            dom::focus_within(&form, "[aria-invalid=true]");
        }
    });
}

#[derive(PartialEq, Properties)]
pub(crate) struct SendOnProps {
    /// Why nobody is signed in; none when somebody is.
    pub(crate) why: Option<Why>,
}

/// Sends those who are not signed in to the sign-in page, which remembers where they wanted to go, and those
/// who have just signed in to where they wanted to go.
#[component]
pub(crate) fn SendOn(props: &SendOnProps) -> Html {
    let location = use_location();
    use_effect_with(props.why, move |why| {
        let target = match (why, location) {
            (None, location) => location
                .as_ref()
                .and_then(routes::wanted)
                .unwrap_or_else(|| Route::Home.to_path()),
            (Some(Why::Person), _) | (Some(_), None) => Route::Login.to_path(),
            (Some(_), Some(location)) => routes::login_for(&location),
        };
        routes::replace(&target);
    });
    Html::default()
}
