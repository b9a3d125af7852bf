//! Who one is here: names, address; the way out.

mod email;
mod username;

use hearth_shared::users::Me;
use yew::prelude::*;

use self::email::Email;
use self::username::Username;
use super::context::use_own;
use super::link::Way;
use crate::features::users::actions::sign_out;
use crate::store::use_selected;
use crate::text::settings::account as words;
use crate::text::shell;
use crate::ui::button::Button;
use crate::ui::icon::Glyph;
use crate::ui::skeleton::person_skeletons;
use crate::ui::states::failed;
use crate::ui::when::long_day;

/// The section.
#[component]
pub(super) fn Account() -> Html {
    let own = use_own();
    let reading = use_selected(&own.me, (), |me, ()| me.clone());
    let again = {
        let own = own.clone();
        Callback::from(move |()| own.load_me())
    };
    let base = own.base.clone();
    let out = Callback::from(move |()| sign_out(&base));
    html! {
        <>
            <div class="section">
                if let Some(me) = &reading.value {
                    { facts(me) }
                } else if let Some(failure) = &reading.failure {
                    { failed(words::FAILED, failure, again) }
                } else {
                    { person_skeletons(1) }
                }
            </div>
            <section class="section" aria-labelledby="browser">
                <h2 class="section__title" id="browser">{ words::SESSION }</h2>
                <div class="card settings settings--row">
                    <p class="form-row__hint">{ words::SIGN_OUT_HINT }</p>
                    <Button text={shell::SIGN_OUT} icon={Glyph::SignOut} onclick={out} />
                </div>
            </section>
        </>
    }
}

fn facts(me: &Me) -> Html {
    html! {
        <div class="card facts">
            <div class="facts__row">
                <p class="facts__name">{ words::NAME }</p>
                <p class="facts__value">{ &me.user.display_name }</p>
                <Way to="/settings/profile" class="btn btn--quiet">{ words::NAME_CHANGE }</Way>
            </div>
            <Username username={me.user.username.clone()} />
            <Email
                username={me.user.username.clone()} email={me.email.clone()} verified={me.email_verified}
                pending={me.pending_email.clone()}
            />
            <div class="facts__row">
                <p class="facts__name">{ words::JOINED }</p>
                <p class="facts__value">{ long_day(me.created_at) }</p>
            </div>
        </div>
    }
}
