//! How the page looks and behaves in this browser.

use yew::prelude::*;

use crate::context::use_base;
use crate::features::users::preferences::{Preferences, Theme, choose};
use crate::store::use_selected;
use crate::text::settings::appearance as words;
use crate::ui::field::{Choice, Switch, choice, switch};

/// The section.
#[component]
pub(super) fn Appearance() -> Html {
    let base = use_base();
    let store = base.preferences.clone();
    let chosen = use_selected(&store, (), |preferences, ()| *preferences);
    let on = |set: fn(&mut Preferences, bool)| {
        let store = store.clone();
        Callback::from(move |value: bool| choose(&store, |preferences| set(preferences, value)))
    };
    let theme = {
        let store = store.clone();
        Callback::from(move |value: &'static str| {
            choose(&store, |preferences| preferences.theme = Theme::parse(value))
        })
    };
    let large = on(|preferences, value| preferences.large_text = value);
    let text = Callback::from(move |value: &'static str| large.emit(value == "large"));
    html! {
        <div class="card settings">
            { choice(Choice {
                name: "theme",
                legend: words::THEME,
                options: &[
                    ("system", words::THEME_SYSTEM),
                    ("light", words::THEME_LIGHT),
                    ("dark", words::THEME_DARK),
                ],
                chosen: chosen.theme.as_str(),
                onchange: theme,
            }) }
            { choice(Choice {
                name: "text-size",
                legend: words::TEXT_SIZE,
                options: &[("standard", words::TEXT_NORMAL), ("large", words::TEXT_LARGE)],
                chosen: if chosen.large_text { "large" } else { "standard" },
                onchange: text,
            }) }
            { switch(Switch {
                id: "less-motion",
                label: words::REDUCE_MOTION,
                hint: words::REDUCE_MOTION_HINT,
                on: chosen.less_motion,
                onchange: on(|preferences, value| preferences.less_motion = value),
            }) }
            { switch(Switch {
                id: "shortcuts",
                label: words::SHORTCUTS,
                hint: words::SHORTCUTS_HINT,
                on: chosen.shortcuts,
                onchange: on(|preferences, value| preferences.shortcuts = value),
            }) }
        </div>
    }
}
