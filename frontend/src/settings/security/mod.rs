//! Password and second factor.

mod codes;
mod password;
mod proof;
mod set_up;
mod two_factor;

use yew::prelude::*;

use self::password::Password;
use self::two_factor::TwoFactor;
use crate::text::settings::security as words;

/// The section.
#[component]
pub(super) fn Security() -> Html {
    html! {
        <>
            <section class="section" aria-labelledby="password-title">
                <h2 class="section__title" id="password-title">{ words::PASSWORD }</h2>
                <Password />
            </section>
            <section class="section" aria-labelledby="factor-title">
                <h2 class="section__title" id="factor-title">{ words::TWO_FACTOR }</h2>
                <TwoFactor />
            </section>
        </>
    }
}
