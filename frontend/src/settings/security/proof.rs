//! Asks for password and code before the second factor is changed.

use hearth_shared::auth::TwoFactorProof;
use hearth_shared::problem::ErrorCode;
use hearth_shared::valid::Valid;
use yew::prelude::*;

use crate::features::auth::components::notice;
use crate::features::auth::state::{Errors, Places, refused};
use crate::features::auth::use_wrong_field;
use crate::platform::api::Failure;
use crate::settings::context::use_own;
use crate::settings::form::whose;
use crate::text::{settings, shell};
use crate::ui::button::{Button, Kind};
use crate::ui::field::{TextField, clear, text_of};

/// What is wrong with a password or a code, and where it is said.
pub(super) const PLACES: Places = &[
    (ErrorCode::WrongPassword, "password"),
    (ErrorCode::InvalidCode, "code"),
];

/// What is to be sent, and who wants to know what came of it.
pub(super) type Asking = (TwoFactorProof, Callback<Result<(), Failure>>);

#[derive(PartialEq, Properties)]
pub(super) struct ProofProps {
    /// What follows from it.
    pub(super) hint: &'static str,
    pub(super) yes: &'static str,
    #[prop_or(Kind::Primary)]
    pub(super) kind: Kind,
    pub(super) onsend: Callback<Asking>,
    pub(super) oncancel: Callback<()>,
}

/// The form.
#[component]
pub(super) fn Proof(props: &ProofProps) -> Html {
    let own = use_own();
    let (form, password, code) = (use_node_ref(), use_node_ref(), use_node_ref());
    let busy = use_state_eq(|| false);
    let errors = use_state_eq(Errors::default);
    use_wrong_field(&form, &errors);
    let onsubmit = {
        let (busy, errors, onsend) = (busy.clone(), errors.clone(), props.onsend.clone());
        let (password, code) = (password.clone(), code.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            let body = TwoFactorProof {
                password: text_of(&password),
                code: text_of(&code),
            };
            let body = match Valid::check(body) {
                Ok(valid) => valid.into_inner(),
                Err(wrong) => return errors.set(errors.next(&wrong)),
            };
            busy.set(true);
            let (busy, errors, password) = (busy.setter(), errors.clone(), password.clone());
            let answer = Callback::from(move |outcome: Result<(), Failure>| {
                busy.set(false);
                if let Err(failure) = outcome {
                    if failure.code() == Some(ErrorCode::WrongPassword) {
                        clear(&password);
                    }
                    errors.set(refused(&errors, &failure, &["password", "code"], PLACES));
                }
            });
            onsend.emit((body, answer));
        })
    };
    html! {
        <form class="form" ref={form} novalidate=true {onsubmit} aria-busy={busy.to_string()}>
            <p>{ props.hint }</p>
            if let Some(text) = errors.general() { { notice(&text, true) } }
            { whose(&own.user.username) }
            <TextField
                id="password" label={settings::CURRENT_PASSWORD} input={password} kind="password"
                autocomplete="current-password" error={errors.of("password")}
            />
            <TextField
                id="code" label={settings::CODE_ALSO} input={code} autocomplete="one-time-code" verbatim=true
                hint={settings::CODE_ALSO_HINT} error={errors.of("code")}
            />
            <div class="form__foot">
                <Button text={shell::CANCEL} disabled={*busy} onclick={props.oncancel.clone()} />
                <Button submit=true kind={props.kind} busy={*busy} text={props.yes} />
            </div>
        </form>
    }
}
