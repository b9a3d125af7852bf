//! What the daily mail may hold: a card of its own among the notifications.

use hearth_shared::digests::{ChangeDigestSettings, DigestSettings, GetDigestSettings};
use yew::prelude::*;

use super::choices::{Settings, use_choices};
use super::link::Way;
use crate::text::settings::digest as words;
use crate::ui::field::{Switch, switch};
use crate::ui::skeleton::person_skeletons;
use crate::ui::states::failed;

impl Settings for DigestSettings {
    type Change = Self;
    type Get = GetDigestSettings;
    type Put = ChangeDigestSettings;

    const GET: GetDigestSettings = GetDigestSettings {};
    const PUT: ChangeDigestSettings = ChangeDigestSettings {};
    const SAVED: &'static str = words::SAVED;
    const NOT_SAVED: &'static str = words::NOT_SAVED;

    fn difference(new: &Self, old: &Self) -> Option<Self> {
        (new != old).then_some(*new)
    }

    fn apply(&mut self, change: &Self) {
        *self = *change;
    }
}

/// The card.
#[component]
pub(super) fn Digest() -> Html {
    let chooser = use_choices::<DigestSettings>();
    let shown = match &chooser.shown {
        Some(Ok(shown)) => shown,
        Some(Err(failure)) => return failed(words::FAILED, failure, chooser.again()),
        None => return person_skeletons(1),
    };
    let onchange = {
        let chooser = chooser.clone();
        Callback::from(move |with_words: bool| chooser.choose(|settings| settings.with_words = with_words))
    };
    html! {
        <div class="card settings">
            { switch(Switch {
                id: "with_words",
                label: words::WITH_WORDS,
                hint: words::WITH_WORDS_HINT,
                on: shown.with_words,
                onchange,
            }) }
            <p class="form-row__hint">
                { words::HINT }{ " " }
                <Way to="/settings/account">{ words::TO_ACCOUNT }</Way>
            </p>
        </div>
    }
}
