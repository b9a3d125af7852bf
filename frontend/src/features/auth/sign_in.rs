//! Signing in: name and password, a code for those who have turned that on, and whether somebody who was about to
//! leave wants to stay.

use hearth_shared::auth::{Credentials, Login};
use hearth_shared::instance::Registration;
use hearth_shared::problem::ErrorCode;
use hearth_shared::valid::Valid;
use yew::prelude::*;
use yew_router::prelude::*;

use super::components::{frame, notice, way};
use super::state::{self, Errors, Step, next_step, refusal};
use super::{COOKIE, use_wrong_field};
use crate::context::use_base;
use crate::effect::use_effect_with;
use crate::platform::session::Why;
use crate::platform::{dom, spawn};
use crate::routes::{Because, Route};
use crate::store::use_selected;
use crate::text::auth as words;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Question;
use crate::ui::field::{TextField, clear, text_of};
use crate::ui::page::Heading;
use crate::ui::when::long_day;

#[derive(PartialEq, Properties)]
pub(crate) struct SignInProps {
    pub(crate) why: Why,
}

/// The sign-in page.
#[component]
pub(crate) fn SignInPage(props: &SignInProps) -> Html {
    let base = use_base();
    let location = use_location();
    let (login, password, code) = (use_node_ref(), use_node_ref(), use_node_ref());
    let form = use_node_ref();
    let busy = use_state_eq(|| false);
    let errors = use_state_eq(Errors::default);
    let step = use_state_eq(Step::default);
    let registration = use_selected(&base.instance, (), |instance, ()| {
        instance.as_ref().map(|instance| instance.registration)
    });
    use_wrong_field(&form, &errors);
    // The code stays where it is while somebody is asked whether they want to stay.
    let coded = use_state_eq(|| false);
    {
        let form = form.clone();
        use_effect_with((*step).clone(), move |_| dom::focus_within(&form, "#code"));
    }

    let try_in = {
        let (base, busy, errors, step) = (base.clone(), busy.clone(), errors.clone(), step.clone());
        let (login, password, code) = (login.clone(), password.clone(), code.clone());
        let (with_code, set_coded) = (*coded, coded.setter());
        Callback::from(move |restore: bool| {
            if *busy {
                return;
            }
            let credentials = match Valid::check(Credentials {
                login: text_of(&login),
                password: text_of(&password),
                restore: restore.then_some(true),
                code: Some(text_of(&code)).filter(|_| with_code),
            }) {
                Ok(valid) => valid.into_inner(),
                Err(wrong) => return errors.set(errors.next(&wrong)),
            };
            busy.set(true);
            let (base, busy, errors, step) = (base.clone(), busy.setter(), errors.clone(), step.clone());
            let (password, code, set_coded) = (password.clone(), code.clone(), set_coded.clone());
            spawn(async move {
                let failure = match base.api.call(&Login {}, &COOKIE, &credentials).await {
                    Ok(session) => return base.session.start(session),
                    Err(failure) => failure,
                };
                busy.set(false);
                match failure.code() {
                    Some(ErrorCode::InvalidCredentials) => {
                        clear(&password);
                        set_coded.set(false);
                    }
                    Some(ErrorCode::SecondFactorRequired) => set_coded.set(true),
                    Some(ErrorCode::InvalidCode) => clear(&code),
                    _ => {}
                }
                let next = next_step(&step, &failure);
                errors.set(match &next {
                    // That a code is asked for, or whether to stay, is no mistake.
                    Some(_) if failure.code() != Some(ErrorCode::InvalidCode) => Errors::default(),
                    _ => refusal(&errors, &failure),
                });
                step.set(match (next, &*step) {
                    (Some(next), _) => next,
                    (None, Step::Recovery) => Step::Recovery,
                    (None, _) => Step::default(),
                });
            });
        })
    };
    let onsubmit = {
        let try_in = try_in.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            try_in.emit(false);
        })
    };
    let other_code = {
        let (step, errors, code) = (step.clone(), errors.clone(), code.clone());
        Callback::from(move |_: MouseEvent| {
            clear(&code);
            errors.set(Errors::default());
            step.set(match *step {
                Step::Recovery => Step::Code,
                _ => Step::Recovery,
            });
        })
    };
    let (label, hint, other) = match *step {
        Step::Recovery => (words::RECOVERY_CODE, words::RECOVERY_HINT, words::USE_PHONE),
        _ => (words::CODE, words::CODE_HINT, words::USE_RECOVERY),
    };
    let recovery = *step == Step::Recovery;

    html! {
        { frame(html! { <>
            <Heading text={words::SIGN_IN} />
            if let Some(text) = errors.general() {
                { notice(&text, true) }
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
                if *coded {
                    <TextField
                        id="code" {label} input={code} {hint} verbatim=true keys={(!recovery).then_some("numeric")}
                        autocomplete={if recovery { "off" } else { "one-time-code" }} error={errors.of("code")}
                    />
                    <button type="button" class="text-btn gate__other" onclick={other_code}>{ other }</button>
                }
                <Button
                    submit=true kind={Kind::Primary} class="btn--wide" busy={*busy}
                    text={if *busy { words::SIGNING_IN } else { words::SIGN_IN }}
                />
            </form>
            <p class="gate__way"><a href="/forgot">{ words::FORGOT_LINK }</a></p>
            { match registration {
                Some(Registration::Closed) => html! { <p class="gate__way">{ words::REGISTRATION_CLOSED }</p> },
                Some(Registration::Invite) => html! { <p class="gate__way">{ words::BY_INVITATION }</p> },
                _ => way(&location, words::NEW_HERE, words::CREATE_ACCOUNT_LINK, Route::Register),
            } }
            if let Step::Leaving(at) = *step {
                <Question
                    title={words::STAY_TITLE} kind={Kind::Primary} yes={words::STAY} no={words::NOT_NOW} busy={*busy}
                    text={at.map_or_else(|| words::LEAVING_SOON.to_owned(), |at| words::leaving(&long_day(at)))}
                    onyes={move |()| try_in.emit(true)}
                    onno={move |()| step.set(Step::default())}
                />
            }
        </> }) }
    }
}
