//! Changing one's password.

use hearth_shared::auth::{ChangePassword, PASSWORD_MIN, PasswordChange};
use hearth_shared::problem::ErrorCode;
use hearth_shared::valid::Valid;
use yew::prelude::*;

use crate::features::auth::components::notice;
use crate::features::auth::state::{Errors, Places, refused};
use crate::features::auth::use_wrong_field;
use crate::platform::spawn;
use crate::settings::context::use_own;
use crate::settings::form::whose;
use crate::store::use_selected;
use crate::text::auth;
use crate::text::settings::security as words;
use crate::ui::button::{Button, Kind};
use crate::ui::field::{TextField, clear, text_of};

const PLACES: Places = &[(ErrorCode::WrongPassword, "current_password")];

/// The form.
#[component]
pub(super) fn Password() -> Html {
    let own = use_own();
    let username = use_selected(&own.me, own.user.username.clone(), |me, first| {
        me.value
            .as_ref()
            .map_or(first.clone(), |me| me.user.username.clone())
    });
    let password_min = use_selected(&own.base.instance, (), |instance, ()| {
        instance
            .as_ref()
            .map_or(PASSWORD_MIN, |instance| usize::from(instance.password_min))
    });
    let (form, current, new) = (use_node_ref(), use_node_ref(), use_node_ref());
    let busy = use_state_eq(|| false);
    let errors = use_state_eq(Errors::default);
    use_wrong_field(&form, &errors);
    let onsubmit = {
        let (busy, errors) = (busy.clone(), errors.clone());
        let (current, new) = (current.clone(), new.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            let body = PasswordChange {
                current_password: text_of(&current),
                new_password: text_of(&new),
            };
            let body = match Valid::check(body) {
                Ok(valid) => valid.into_inner(),
                Err(wrong) => return errors.set(errors.next(&wrong)),
            };
            busy.set(true);
            let (own, current, new) = (own.clone(), current.clone(), new.clone());
            let (busy, errors) = (busy.setter(), errors.clone());
            spawn(async move {
                match own.base.api.send(&ChangePassword {}, &body).await {
                    Ok(_) => {
                        clear(&current);
                        clear(&new);
                        errors.set(Errors::default());
                        own.base.say(words::CHANGED);
                    }
                    Err(failure) => {
                        if failure.code() == Some(ErrorCode::WrongPassword) {
                            clear(&current);
                        }
                        errors.set(refused(
                            &errors,
                            &failure,
                            &["current_password", "new_password"],
                            PLACES,
                        ));
                    }
                }
                busy.set(false);
            });
        })
    };
    html! {
        <form class="card settings form" ref={form} novalidate=true {onsubmit} aria-busy={busy.to_string()}>
            <p class="form-row__hint">{ words::PASSWORD_HINT }</p>
            if let Some(text) = errors.general() { { notice(&text, true) } }
            { whose(&username) }
            <TextField
                id="current_password" label={words::CURRENT} input={current} kind="password"
                autocomplete="current-password" error={errors.of("current_password")}
            />
            <TextField
                id="new_password" label={words::NEW} input={new} kind="password" autocomplete="new-password"
                hint={auth::password_hint(password_min)} error={errors.of("new_password")}
            />
            <div class="form__foot">
                <Button
                    submit=true kind={Kind::Primary} busy={*busy}
                    text={if *busy { words::CHANGING } else { words::CHANGE }}
                />
            </div>
        </form>
    }
}
