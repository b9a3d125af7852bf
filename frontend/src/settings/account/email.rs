//! The address: whether it is confirmed, changing it, having the link sent again.

use hearth_shared::auth::SendVerification;
use hearth_shared::endpoint::Nothing;
use hearth_shared::problem::ErrorCode;
use hearth_shared::users::{EditMe, MeChanges};
use hearth_shared::valid::Valid;
use yew::prelude::*;

use super::username::PLACES;
use crate::features::auth::components::notice;
use crate::features::auth::state::{Errors, refused};
use crate::features::auth::use_wrong_field;
use crate::platform::spawn;
use crate::settings::again::Again;
use crate::settings::context::use_own;
use crate::settings::form::{use_focus_on_change, whose};
use crate::text::settings::account as words;
use crate::text::{settings, shell};
use crate::ui::button::{Button, Kind};
use crate::ui::field::{TextField, clear, text_of};
use crate::ui::icon::{Glyph, small_icon};

#[derive(PartialEq, Properties)]
pub(super) struct EmailProps {
    pub(super) username: String,
    pub(super) email: String,
    pub(super) verified: bool,
    pub(super) pending: Option<String>,
}

/// The row of the address; in its place a form while it is changed.
#[component]
pub(super) fn Email(props: &EmailProps) -> Html {
    let own = use_own();
    let editing = use_state_eq(|| false);
    let busy = use_state_eq(|| false);
    let errors = use_state_eq(Errors::default);
    // Links that went out while the page was open.
    let sent = use_state_eq(|| 0_u32);
    let (root, form, address, password) = (use_node_ref(), use_node_ref(), use_node_ref(), use_node_ref());
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
        let (own, editing, busy) = (own.clone(), editing.clone(), busy.clone());
        let (errors, sent, old) = (errors.clone(), sent.clone(), props.email.clone());
        let (address, password) = (address.clone(), password.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            let body = MeChanges {
                email: Some(text_of(&address)),
                current_password: Some(text_of(&password)),
                ..MeChanges::default()
            };
            let body = match Valid::check(body) {
                Ok(valid) => valid.into_inner(),
                Err(wrong) => return errors.set(errors.next(&wrong)),
            };
            if body.email.as_deref() == Some(old.as_str()) {
                return errors.set(errors.at("email", words::SAME_EMAIL));
            }
            busy.set(true);
            let (own, password, sent) = (own.clone(), password.clone(), sent.clone());
            let (editing, busy, errors) = (editing.setter(), busy.setter(), errors.clone());
            spawn(async move {
                match own.base.api.send(&EditMe {}, &body).await {
                    Ok(me) => {
                        own.me.change(|known| known.settle(Ok(me)));
                        own.base.announce(words::SENT);
                        sent.set(*sent + 1);
                        editing.set(false);
                    }
                    Err(failure) => {
                        if failure.code() == Some(ErrorCode::WrongPassword) {
                            clear(&password);
                        }
                        errors.set(refused(&errors, &failure, &["email", "current_password"], PLACES));
                    }
                }
                busy.set(false);
            });
        })
    };
    let again = {
        let (busy, sent) = (busy.clone(), sent.clone());
        Callback::from(move |()| {
            busy.set(true);
            let (own, busy, sent) = (own.clone(), busy.setter(), sent.clone());
            spawn(async move {
                match own.base.api.send(&SendVerification {}, &Nothing).await {
                    Ok(_) => {
                        own.base.say(words::SENT);
                        sent.set(*sent + 1);
                    }
                    Err(failure) => own.base.warn(words::NOT_SENT, &failure),
                }
                busy.set(false);
            });
        })
    };
    if !*editing {
        let waiting = match &props.pending {
            Some(new) => Some(words::pending(new, &props.email)),
            None => (!props.verified).then(|| words::UNVERIFIED.to_owned()),
        };
        return html! {
            <div class="facts__row" ref={root}>
                <p class="facts__name">{ words::EMAIL }</p>
                <p class="facts__value">
                    { &props.email }
                    if props.verified {
                        <span class="tag tag--good">{ small_icon(Glyph::Check) }{ words::VERIFIED }</span>
                    }
                </p>
                <Button text={words::CHANGE} label={words::CHANGE_EMAIL} onclick={open(true)} />
                if let Some(text) = waiting {
                    <div class="facts__more">
                        { notice(&text, false) }
                        <Again sent={*sent} busy={*busy} onclick={again} />
                    </div>
                }
            </div>
        };
    }
    html! {
        <div class="facts__row facts__row--form" ref={root}>
            <form class="form" ref={form} novalidate=true {onsubmit} aria-label={words::CHANGE_EMAIL}>
                if let Some(text) = errors.general() { { notice(&text, true) } }
                <TextField
                    id="email" label={words::NEW_EMAIL} input={address} kind="email" autocomplete="email"
                    verbatim=true hint={words::NEW_EMAIL_HINT} error={errors.of("email")}
                />
                { whose(&props.username) }
                <TextField
                    id="email_password" label={settings::CURRENT_PASSWORD} input={password} kind="password"
                    autocomplete="current-password" error={errors.of("current_password")}
                />
                <div class="form__foot">
                    <Button text={shell::CANCEL} disabled={*busy} onclick={open(false)} />
                    <Button
                        submit=true kind={Kind::Primary} busy={*busy}
                        text={if *busy { settings::SAVING } else { words::SAVE_EMAIL }}
                    />
                </div>
            </form>
        </div>
    }
}
