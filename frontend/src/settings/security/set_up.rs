//! Setting up the second factor: password, picture to scan, first code.

use std::rc::Rc;

use hearth_shared::auth::{EnableTwoFactor, SetUpTwoFactor, TotpCode, TwoFactorSecret, TwoFactorSetup};
use hearth_shared::problem::ErrorCode;
use hearth_shared::valid::Valid;
use yew::prelude::*;

use super::proof::PLACES;
use crate::features::auth::components::notice;
use crate::features::auth::state::{Errors, refused};
use crate::features::auth::use_wrong_field;
use crate::platform::files::ObjectUrl;
use crate::platform::spawn;
use crate::settings::context::use_own;
use crate::settings::form::{use_focus_on_change, whose};
use crate::text::settings::security as words;
use crate::text::{settings, shell};
use crate::ui::button::{Button, Kind};
use crate::ui::field::{TextField, clear, text_of};

/// Letters of the secret that stand together.
const GROUP: usize = 4;

#[derive(PartialEq, Properties)]
pub(super) struct SetUpProps {
    /// It is on; these are the recovery codes.
    pub(super) onmade: Callback<Vec<String>>,
    pub(super) oncancel: Callback<()>,
}

/// The two steps.
#[component]
pub(super) fn SetUp(props: &SetUpProps) -> Html {
    let own = use_own();
    let (form, password, code) = (use_node_ref(), use_node_ref(), use_node_ref());
    let busy = use_state_eq(|| false);
    let errors = use_state_eq(Errors::default);
    let secret = use_state_eq(|| None::<TwoFactorSecret>);
    let picture = use_memo(secret.clone(), |secret| {
        let secret = secret.as_ref()?;
        ObjectUrl::of_text(&secret.qr_svg, "image/svg+xml")
    });
    use_wrong_field(&form, &errors);
    use_focus_on_change(secret.is_some(), &form, "#code");
    let onsubmit = {
        let (own, busy, errors, secret) = (own.clone(), busy.clone(), errors.clone(), secret.clone());
        let (password, code, onmade) = (password.clone(), code.clone(), props.onmade.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *busy {
                return;
            }
            let (api, done) = (own.base.api.clone(), busy.setter());
            let errors = errors.clone();
            if secret.is_some() {
                let body = TotpCode { code: text_of(&code) };
                let body = match Valid::check(body) {
                    Ok(valid) => valid.into_inner(),
                    Err(wrong) => return errors.set(errors.next(&wrong)),
                };
                busy.set(true);
                let onmade = onmade.clone();
                spawn(async move {
                    match api.send(&EnableTwoFactor {}, &body).await {
                        Ok(codes) => {
                            done.set(false);
                            onmade.emit(codes.recovery_codes);
                        }
                        Err(failure) => {
                            done.set(false);
                            errors.set(refused(&errors, &failure, &["code"], PLACES));
                        }
                    }
                });
            } else {
                let body = TwoFactorSetup {
                    password: text_of(&password),
                };
                let body = match Valid::check(body) {
                    Ok(valid) => valid.into_inner(),
                    Err(wrong) => return errors.set(errors.next(&wrong)),
                };
                busy.set(true);
                let (secret, password) = (secret.setter(), password.clone());
                spawn(async move {
                    match api.send(&SetUpTwoFactor {}, &body).await {
                        Ok(made) => {
                            errors.set(Errors::default());
                            secret.set(Some(made));
                        }
                        Err(failure) => {
                            if failure.code() == Some(ErrorCode::WrongPassword) {
                                clear(&password);
                            }
                            errors.set(refused(&errors, &failure, &["password"], PLACES));
                        }
                    }
                    done.set(false);
                });
            }
        })
    };
    let yes = match (*busy, secret.is_some()) {
        (true, _) => words::WAITING,
        (false, true) => words::TURN_ON,
        (false, false) => words::CONTINUE,
    };
    html! {
        <form class="form" ref={form} novalidate=true {onsubmit} aria-busy={busy.to_string()}>
            if let Some(text) = errors.general() { { notice(&text, true) } }
            if let Some(secret) = &*secret {
                { scan(secret, &picture) }
                <TextField
                    key="code" id="code" label={words::CODE} input={code} autocomplete="one-time-code" verbatim=true
                    keys="numeric" error={errors.of("code")}
                />
            } else {
                <p>{ words::SET_UP_HINT }</p>
                { whose(&own.user.username) }
                <TextField
                    key="password" id="password" label={settings::CURRENT_PASSWORD} input={password} kind="password"
                    autocomplete="current-password" error={errors.of("password")}
                />
            }
            <div class="form__foot">
                <Button text={shell::CANCEL} disabled={*busy} onclick={props.oncancel.clone()} />
                <Button submit=true kind={Kind::Primary} busy={*busy} text={yes} />
            </div>
        </form>
    }
}

fn scan(secret: &TwoFactorSecret, picture: &Rc<Option<ObjectUrl>>) -> Html {
    html! {
        <>
            <p>{ words::SCAN }</p>
            if let Some(url) = &**picture {
                <img class="qr" src={url.as_str().to_owned()} alt={words::QR} width="200" height="200" />
            }
            <p class="form-row__hint">{ words::SECRET }</p>
            <p class="secret"><code>{ grouped(&secret.secret) }</code></p>
        </>
    }
}

/// In groups, so that it can be typed without losing the place.
fn grouped(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().filter(|c| !c.is_whitespace()).collect();
    let groups: Vec<String> = letters
        .chunks(GROUP)
        .map(|group| group.iter().collect())
        .collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_in_groups_of_four() {
        assert_eq!(grouped("JBSWY3DPEHPK3PXP"), "JBSW Y3DP EHPK 3PXP");
        assert_eq!(grouped("JBSWY3"), "JBSW Y3");
        assert_eq!(grouped(""), "");
    }
}
