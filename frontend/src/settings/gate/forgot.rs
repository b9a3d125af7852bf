//! Asks for a link to a new password. Whether there is such an account is not said.

use hearth_shared::auth::{ForgotPassword, ForgottenPassword};
use hearth_shared::valid::Valid;
use yew::prelude::*;

use super::super::again::Again;
use super::super::form::use_focus_on_change;
use super::to_sign_in;
use crate::context::use_base;
use crate::features::auth::components::{frame, notice};
use crate::features::auth::state::{Errors, refused};
use crate::features::auth::use_wrong_field;
use crate::platform::spawn;
use crate::text::settings::gate as words;
use crate::ui::button::{Button, Kind};
use crate::ui::field::{TextField, text_of};
use crate::ui::page::Heading;

/// The page.
#[component]
pub(super) fn Forgot() -> Html {
    let base = use_base();
    let (root, form, email) = (use_node_ref(), use_node_ref(), use_node_ref());
    let busy = use_state_eq(|| false);
    let errors = use_state_eq(Errors::default);
    // The address that a link was sent to, and how often.
    let sent = use_state_eq(|| (None::<String>, 0_u32));
    use_wrong_field(&form, &errors);
    use_focus_on_change(sent.0.is_some(), &root, "h1");
    let send = {
        let (busy, errors, sent, email) = (busy.clone(), errors.clone(), sent.clone(), email.clone());
        Callback::from(move |()| {
            if *busy {
                return;
            }
            let body = ForgottenPassword {
                email: text_of(&email),
            };
            let body = match Valid::check(body) {
                Ok(valid) => valid.into_inner(),
                Err(wrong) => return errors.set(errors.next(&wrong)),
            };
            busy.set(true);
            let (base, busy, errors, sent) = (base.clone(), busy.setter(), errors.clone(), sent.clone());
            spawn(async move {
                match base.api.send(&ForgotPassword {}, &body).await {
                    Ok(_) => {
                        errors.set(Errors::default());
                        sent.set((Some(body.email), sent.1 + 1));
                    }
                    Err(failure) => errors.set(refused(&errors, &failure, &["email"], &[])),
                }
                busy.set(false);
            });
        })
    };
    let onsubmit = {
        let send = send.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            send.emit(());
        })
    };
    let other = {
        let sent = sent.clone();
        Callback::from(move |()| sent.set((None, sent.1)))
    };
    let waiting = sent.0.is_some();
    frame(html! {
        <div ref={root} class="gate__say">
            <Heading text={if waiting { words::CHECK_YOUR_MAIL } else { words::FORGOT }} />
            if let Some(text) = errors.general() { { notice(&text, true) } }
            if let Some(email) = &sent.0 {
                <p>{ words::sent(email) }</p>
                <p class="form-row__hint">{ words::NO_MAIL }</p>
                <Again sent={sent.1} busy={*busy} onclick={send} />
                <Button kind={Kind::Ghost} text={words::OTHER_ADDRESS} onclick={other} />
            } else {
                <p class="form-row__hint">{ words::FORGOT_HINT }</p>
            }
            // What was typed stays while the answer is read.
            <form ref={form} novalidate=true {onsubmit} hidden={waiting}>
                <TextField
                    id="email" label={crate::text::auth::EMAIL} input={email} kind="email" autocomplete="email"
                    verbatim=true error={errors.of("email")}
                />
                <Button
                    submit=true kind={Kind::Primary} class="btn--wide" busy={*busy}
                    text={if *busy { words::SENDING } else { words::SEND_LINK }}
                />
            </form>
            { to_sign_in() }
        </div>
    })
}
