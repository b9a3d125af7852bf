//! How the page looks and behaves in this browser.

use hearth_shared::ids::{Id, UserId};
use hearth_shared::users::UserCard;
use yew::prelude::*;

use crate::context::use_base;
use crate::features::users::preferences::{Announcements, Preferences, TextSize, Theme, choose};
use crate::store::use_selected;
use crate::text::settings::appearance as words;
use crate::ui::avatar::{Size, avatar};
use crate::ui::field::{Choice, Switch, choice, switch};

/// The section.
#[component]
pub(super) fn Appearance() -> Html {
    let base = use_base();
    let store = base.preferences.clone();
    let chosen = use_selected(&store, (), |preferences, ()| *preferences);
    let pick = |set: fn(&mut Preferences, &'static str)| {
        let store = store.clone();
        Callback::from(move |value: &'static str| choose(&store, |preferences| set(preferences, value)))
    };
    let shortcuts = {
        let store = store.clone();
        Callback::from(move |on: bool| choose(&store, |preferences| preferences.shortcuts = on))
    };
    html! {
        <>
            <p class="lead">{ words::INTRO }</p>
            { sample() }
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
                    onchange: pick(|preferences, value| preferences.theme = Theme::parse(value)),
                }) }
                { choice(Choice {
                    name: "text-size",
                    legend: words::TEXT_SIZE,
                    options: &[
                        ("standard", words::TEXT_NORMAL),
                        ("large", words::TEXT_LARGE),
                        ("largest", words::TEXT_LARGEST),
                    ],
                    chosen: chosen.text.as_str(),
                    onchange: pick(|preferences, value| preferences.text = TextSize::parse(value)),
                }) }
                { choice(Choice {
                    name: "density",
                    legend: words::DENSITY,
                    options: &[("comfortable", words::DENSITY_COMFORTABLE), ("compact", words::DENSITY_COMPACT)],
                    chosen: if chosen.compact { "compact" } else { "comfortable" },
                    onchange: pick(|preferences, value| preferences.compact = value == "compact"),
                }) }
                { choice(Choice {
                    name: "motion",
                    legend: words::MOTION,
                    options: &[("device", words::MOTION_DEVICE), ("less", words::MOTION_LESS)],
                    chosen: if chosen.less_motion { "less" } else { "device" },
                    onchange: pick(|preferences, value| preferences.less_motion = value == "less"),
                }) }
                <div class="choice-block">
                    { choice(Choice {
                        name: "announcements",
                        legend: words::ANNOUNCEMENTS,
                        options: &[
                            ("all", words::ANNOUNCEMENTS_ALL),
                            ("direct", words::ANNOUNCEMENTS_DIRECT),
                            ("off", words::ANNOUNCEMENTS_OFF),
                        ],
                        chosen: chosen.announcements.as_str(),
                        onchange: pick(|preferences, value| preferences.announcements = Announcements::parse(value)),
                    }) }
                    <p class="form-row__hint">{ words::ANNOUNCEMENTS_HINT }</p>
                </div>
                { switch(Switch {
                    id: "shortcuts",
                    label: words::SHORTCUTS,
                    hint: words::SHORTCUTS_HINT,
                    on: chosen.shortcuts,
                    onchange: shortcuts,
                }) }
            </div>
        </>
    }
}

/// What it comes to.
fn sample() -> Html {
    let somebody = UserCard {
        id: UserId::new(0),
        username: String::new(),
        display_name: words::SAMPLE_NAME.to_owned(),
        avatar_url: None,
        rev: 0,
    };
    html! {
        <figure class="card sample" aria-label={words::SAMPLE}>
            { avatar(&somebody, Size::Post) }
            <div>
                <p><b>{ words::SAMPLE_NAME }</b>{ " " }<span class="meta">{ words::SAMPLE_TIME }</span></p>
                <p>{ words::SAMPLE_TEXT }</p>
            </div>
        </figure>
    }
}
