//! What the daily mail may hold: a card of its own among the notifications.

use hearth_shared::digests::{ChangeDigestSettings, DigestSettings, GetDigestSettings};
use hearth_shared::endpoint::Nothing;
use yew::prelude::*;

use super::context::use_own;
use super::link::Way;
use crate::effect::use_effect_with;
use crate::platform::spawn;
use crate::text::settings::digest as words;
use crate::ui::field::{Switch, switch};

/// The card. Nothing is shown until it is known how things are.
#[component]
pub(super) fn Digest() -> Html {
    let own = use_own();
    let known = use_state_eq(|| None::<DigestSettings>);
    let busy = use_state_eq(|| false);
    {
        let known = known.setter();
        use_effect_with(own.clone(), move |own| {
            let own = own.clone();
            spawn(async move {
                match own.base.api.get(&GetDigestSettings {}, &Nothing).await {
                    Ok(settings) => known.set(Some(settings)),
                    Err(failure) => own.base.warn(words::FAILED, &failure),
                }
            });
        });
    }
    let Some(settings) = *known else {
        return Html::default();
    };
    let onchange = {
        let (known, busy) = (known.setter(), busy.clone());
        Callback::from(move |with_words: bool| {
            // One after the other, so that the last choice is the one that stays.
            if *busy {
                return;
            }
            let wanted = DigestSettings { with_words };
            busy.set(true);
            known.set(Some(wanted));
            let (own, known, busy) = (own.clone(), known.clone(), busy.setter());
            spawn(async move {
                match own.base.api.send(&ChangeDigestSettings {}, &wanted).await {
                    Ok(now) => {
                        known.set(Some(now));
                        own.base.announce(words::SAVED);
                    }
                    Err(failure) => {
                        known.set(Some(settings));
                        own.base.warn(words::NOT_SAVED, &failure);
                    }
                }
                busy.set(false);
            });
        })
    };
    html! {
        <div class="card settings">
            { switch(Switch {
                id: "with_words",
                label: words::WITH_WORDS,
                hint: words::WITH_WORDS_HINT,
                on: settings.with_words,
                onchange,
            }) }
            <p class="form-row__hint">
                { words::HINT }{ " " }
                <Way to="/settings/account">{ words::TO_ACCOUNT }</Way>
            </p>
        </div>
    }
}
