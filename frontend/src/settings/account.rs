//! Who one is here: names, address; the way out.

use yew::prelude::*;

use super::context::use_own;
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
    let fact = |name: &'static str, value: AttrValue| {
        html! { <div class="facts__row"><dt>{ name }</dt><dd>{ value }</dd></div> }
    };
    html! {
        <>
            <div class="section">
                if let Some(me) = &reading.value {
                    <dl class="card facts">
                        { fact(words::NAME, me.user.display_name.clone().into()) }
                        { fact(words::USERNAME, format!("@{}", me.user.username).into()) }
                        { fact(words::EMAIL, me.email.clone().into()) }
                        { fact(words::JOINED, long_day(me.created_at).into()) }
                    </dl>
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
