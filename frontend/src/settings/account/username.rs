//! The username, and changing it.

use hearth_shared::problem::ErrorCode;
use hearth_shared::users::{EditMe, MeChanges};
use hearth_shared::valid::Valid;
use yew::prelude::*;

use crate::features::auth::components::notice;
use crate::features::auth::state::{Errors, Places, refused};
use crate::features::auth::use_wrong_field;
use crate::platform::spawn;
use crate::settings::context::use_own;
use crate::settings::form::use_focus_on_change;
use crate::text::settings::account as words;
use crate::text::{settings, shell};
use crate::ui::button::{Button, Kind};
use crate::ui::field::{TextField, clear, text_of};

pub(super) const PLACES: Places = &[
    (ErrorCode::UsernameTaken, "username"),
    (ErrorCode::EmailTaken, "email"),
    (ErrorCode::WrongPassword, "current_password"),
];

#[derive(PartialEq, Properties)]
pub(super) struct UsernameProps {
    pub(super) username: String,
}

/// The row of the username; in its place a form while it is changed.
#[component]
pub(super) fn Username(props: &UsernameProps) -> Html {
    let own = use_own();
    let editing = use_state_eq(|| false);
    let busy = use_state_eq(|| false);
    let errors = use_state_eq(Errors::default);
    let (root, form, name, password) = (use_node_ref(), use_node_ref(), use_node_ref(), use_node_ref());
    use_wrong_field(&form, &errors);
    use_focus_on_change(*editing, &root, "input:not([hidden]), button");
    let open = |value: bool| {
        let (editing, errors) = (editing.clone(), errors.clone());
        Callback::from(move |()| {
            errors.set(Errors::default());
            editing.set(value);
        })
    };
    let onsubmit = {
        let (editing, busy, errors) = (editing.clone(), busy.clone(), errors.clone());
        let (name, password, old) = (name.clone(), password.clone(), props.username.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            let body = MeChanges {
                username: Some(text_of(&name)),
                current_password: Some(text_of(&password)),
                ..MeChanges::default()
            };
            let body = match Valid::check(body) {
                Ok(valid) => valid.into_inner(),
                Err(wrong) => return errors.set(errors.next(&wrong)),
            };
            if body.username.as_deref() == Some(old.as_str()) {
                return errors.set(errors.at("username", words::SAME_USERNAME));
            }
            busy.set(true);
            let (own, password) = (own.clone(), password.clone());
            let (editing, busy, errors) = (editing.setter(), busy.setter(), errors.clone());
            spawn(async move {
                match own.base.api.send(&EditMe {}, &body).await {
                    Ok(me) => {
                        own.me.change(|known| known.settle(Ok(me)));
                        own.base.say(words::USERNAME_SAVED);
                        editing.set(false);
                    }
                    Err(failure) => {
                        if failure.code() == Some(ErrorCode::WrongPassword) {
                            clear(&password);
                        }
                        errors.set(refused(
                            &errors,
                            &failure,
                            &["username", "current_password"],
                            PLACES,
                        ));
                    }
                }
                busy.set(false);
            });
        })
    };
    if !*editing {
        return html! {
            <div class="facts__row" ref={root}>
                <p class="facts__name">{ words::USERNAME }</p>
                <p class="facts__value">{ "@" }{ &props.username }</p>
                <Button text={words::CHANGE} label={words::CHANGE_USERNAME} onclick={open(true)} />
            </div>
        };
    }
    html! {
        <div class="facts__row facts__row--form" ref={root}>
            <form class="form" ref={form} novalidate=true {onsubmit} aria-label={words::CHANGE_USERNAME}>
                if let Some(text) = errors.general() { { notice(&text, true) } }
                <TextField
                    id="username" label={words::NEW_USERNAME} input={name} autocomplete="username" verbatim=true
                    hint={words::NEW_USERNAME_HINT} error={errors.of("username")}
                />
                <TextField
                    id="username_password" label={settings::CURRENT_PASSWORD} input={password} kind="password"
                    autocomplete="current-password" error={errors.of("current_password")}
                />
                <div class="form__foot">
                    <Button text={shell::CANCEL} disabled={*busy} onclick={open(false)} />
                    <Button
                        submit=true kind={Kind::Primary} busy={*busy}
                        text={if *busy { settings::SAVING } else { words::SAVE_USERNAME }}
                    />
                </div>
            </form>
        </div>
    }
}
