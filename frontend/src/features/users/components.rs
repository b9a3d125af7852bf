//! Parts of the profile and of the settings.

use hearth_shared::users::Profile;
use yew::prelude::*;

use super::actions::{load_me, sign_out};
use super::preferences::{Preferences, Theme, choose};
use crate::context::{App, use_app};
use crate::features::friends::components::RelationButton;
use crate::store::use_selected;
use crate::text::{friends, shell, users as words};
use crate::ui::avatar::{Size, avatar};
use crate::ui::button::Button;
use crate::ui::field::{Choice, Switch, choice, switch};
use crate::ui::icon::Glyph;
use crate::ui::page::Heading;
use crate::ui::skeleton::person_skeletons;
use crate::ui::states::failed;
use crate::ui::when::long_day;

/// Who it is and how one stands to them.
pub(super) fn header(profile: &Profile) -> Html {
    let user = &profile.person.user;
    let mutual = profile.person.mutual_friend_count;
    html! {
        <header class="card profile">
            { avatar(user, Size::Profile) }
            <div class="profile__text">
                <Heading text={user.display_name.clone()} class="profile__name" />
                <p class="profile__facts">
                    <span>{ "@" }{ &user.username }</span>
                    if let Some(count) = profile.friend_count { <span>{ words::friend_count(count) }</span> }
                    if let Some(count) = profile.post_count { <span>{ words::post_count(count) }</span> }
                    if mutual > 0 { <span>{ friends::mutual(mutual) }</span> }
                </p>
                <p class="meta">{ words::member_since(&long_day(profile.created_at)) }</p>
            </div>
            <RelationButton user={user.clone()} prominent=true />
        </header>
    }
}

/// Who one is here.
#[component]
pub(super) fn Account() -> Html {
    let app = use_app();
    let reading = use_selected(&app.accounts, (), |accounts, ()| accounts.me.clone());
    let again = Callback::from(move |()| load_me(&app));
    let fact = |name: &'static str, value: AttrValue| {
        html! { <div class="facts__row"><dt>{ name }</dt><dd>{ value }</dd></div> }
    };
    html! {
        <section class="section" aria-labelledby="account">
            <h2 class="section__title" id="account">{ words::ACCOUNT }</h2>
            if let Some(me) = &reading.value {
                <dl class="card facts">
                    { fact(words::NAME, me.user.display_name.clone().into()) }
                    { fact(words::USERNAME, format!("@{}", me.user.username).into()) }
                    { fact(words::EMAIL, me.email.clone().into()) }
                    { fact(words::JOINED, long_day(me.created_at).into()) }
                </dl>
            } else if let Some(failure) = &reading.failure {
                { failed(words::ACCOUNT_FAILED, failure, again) }
            } else {
                { person_skeletons(1) }
            }
        </section>
    }
}

/// How the page looks and behaves in this browser.
#[component]
pub(super) fn Appearance() -> Html {
    let app = use_app();
    let store = app.base.preferences.clone();
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
        <>
            <section class="section" aria-labelledby="appearance">
                <h2 class="section__title" id="appearance">{ words::APPEARANCE }</h2>
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
            </section>
        </>
    }
}

/// The way out.
pub(super) fn this_browser(app: &App) -> Html {
    let base = app.base.clone();
    let out = Callback::from(move |()| sign_out(&base));
    html! {
        <section class="section" aria-labelledby="browser">
            <h2 class="section__title" id="browser">{ words::SESSION }</h2>
            <div class="card settings settings--row">
                <p class="form-row__hint">{ words::SIGN_OUT_HINT }</p>
                <Button text={shell::SIGN_OUT} icon={Glyph::SignOut} onclick={out} />
            </div>
        </section>
    }
}
