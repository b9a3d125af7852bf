//! Deleting the account: what goes and when is said before the password is asked for.

use hearth_shared::leaving::{DeleteAccount, DeleteMe, OwnMessages};
use hearth_shared::problem::ErrorCode;
use hearth_shared::valid::Valid;
use yew::prelude::*;

use crate::features::auth::components::notice;
use crate::features::auth::state::{Errors, Places, refused};
use crate::features::auth::use_wrong_field;
use crate::features::users::actions::sign_out;
use crate::platform::spawn;
use crate::settings::context::{Farewell, use_own};
use crate::settings::form::whose;
use crate::store::use_selected;
use crate::text::settings::data as words;
use crate::text::{settings, shell};
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Dialog;
use crate::ui::field::{Choice, TextField, choice, clear, text_of};

const PLACES: Places = &[
    (ErrorCode::WrongPassword, "password"),
    (ErrorCode::SecondFactorRequired, "code"),
    (ErrorCode::InvalidCode, "code"),
];

const KEEP: &str = "keep";
const WIPE: &str = "wipe";

/// The card, and the dialog behind its button.
#[component]
pub(super) fn Leave() -> Html {
    let open = use_state_eq(|| false);
    let set = |value: bool| {
        let open = open.clone();
        Callback::from(move |()| open.set(value))
    };
    html! {
        <div class="card settings">
            <p>{ words::delete_hint() }</p>
            <div class="form__foot"><Button text={words::DELETE_OPEN} onclick={set(true)} /></div>
            if *open { <LeaveDialog onclose={set(false)} /> }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct LeaveDialogProps {
    onclose: Callback<()>,
}

#[component]
fn LeaveDialog(props: &LeaveDialogProps) -> Html {
    let own = use_own();
    let farewell = use_context::<Farewell>().unwrap_or_default();
    let with_code = use_selected(&own.me, (), |me, ()| {
        me.value.as_ref().is_some_and(|me| me.two_factor)
    });
    let (form, password, code) = (use_node_ref(), use_node_ref(), use_node_ref());
    let busy = use_state_eq(|| false);
    let errors = use_state_eq(Errors::default);
    let messages = use_state_eq(|| KEEP);
    use_wrong_field(&form, &errors);
    // The server knows better whether a code is needed.
    let with_code = with_code || errors.of("code").is_some();
    let onsubmit = {
        let (own, busy, errors, messages) = (own.clone(), busy.clone(), errors.clone(), messages.clone());
        let (password, code) = (password.clone(), code.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            let body = DeleteAccount {
                password: text_of(&password),
                code: with_code.then(|| text_of(&code)),
                messages: if *messages == WIPE {
                    OwnMessages::Wipe
                } else {
                    OwnMessages::Keep
                },
            };
            let body = match Valid::check(body) {
                Ok(valid) => valid.into_inner(),
                Err(wrong) => return errors.set(errors.next(&wrong)),
            };
            busy.set(true);
            let (own, farewell, password) = (own.clone(), farewell.clone(), password.clone());
            let (busy, errors) = (busy.setter(), errors.clone());
            spawn(async move {
                match own.base.api.send(&DeleteMe {}, &body).await {
                    Ok(deletion) => {
                        farewell.change(|until| *until = Some(deletion.deleted_at));
                        sign_out(&own.base);
                    }
                    Err(failure) => {
                        busy.set(false);
                        if failure.code() == Some(ErrorCode::WrongPassword) {
                            clear(&password);
                        }
                        errors.set(refused(&errors, &failure, &["password", "code"], PLACES));
                    }
                }
            });
        })
    };
    let onchoose = {
        let messages = messages.clone();
        Callback::from(move |value: &'static str| messages.set(value))
    };
    let onclose = {
        let (onclose, busy) = (props.onclose.clone(), busy.clone());
        Callback::from(move |()| {
            if !*busy {
                onclose.emit(());
            }
        })
    };
    html! {
        <Dialog id="leave" title={words::DELETE} onclose={onclose.clone()} first="h2">
            <form class="form" ref={form} novalidate=true {onsubmit} aria-busy={busy.to_string()}>
                <ul class="bullets">{ for words::WHAT_GOES.iter().map(|text| html! { <li>{ *text }</li> }) }</ul>
                <p>{ words::when() }</p>
                if let Some(text) = errors.general() { { notice(&text, true) } }
                { choice(Choice {
                    name: "messages",
                    legend: words::MESSAGES,
                    options: &[(KEEP, words::KEEP), (WIPE, words::WIPE)],
                    chosen: *messages,
                    onchange: onchoose,
                }) }
                { whose(&own.user.username) }
                <TextField
                    id="password" label={settings::CURRENT_PASSWORD} input={password} kind="password"
                    autocomplete="current-password" error={errors.of("password")}
                />
                if with_code {
                    <TextField
                        id="code" label={settings::CODE_ALSO} input={code} autocomplete="one-time-code" verbatim=true
                        hint={settings::CODE_ALSO_HINT} error={errors.of("code")}
                    />
                }
                <footer class="dialog__foot">
                    <Button text={shell::CANCEL} disabled={*busy} onclick={onclose} />
                    <Button
                        submit=true kind={Kind::Danger} busy={*busy}
                        text={if *busy { words::DELETING } else { words::DELETE_NOW }}
                    />
                </footer>
            </form>
        </Dialog>
    }
}
