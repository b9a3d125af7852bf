//! The pages of the settings, in the order in which they are listed. A new one is a line here.

use hearth_shared::instance::{Instance, Registration};
use yew::prelude::*;

use super::{
    account, appearance, blocked, data, devices, invitations, muted, notifications, privacy, profile,
    security,
};
use crate::text::settings as words;
use crate::ui::icon::Glyph;

/// A page of the settings.
pub(crate) struct Section {
    /// Its address below `/settings/`.
    pub(crate) path: &'static str,
    pub(crate) title: &'static str,
    /// What is found there, for the list on a phone.
    pub(crate) hint: &'static str,
    pub(crate) glyph: Glyph,
    /// Whether this Hearth offers it.
    pub(crate) offered: fn(&Instance) -> bool,
    /// What stands below the heading.
    pub(crate) body: fn() -> Html,
}

/// All of them. The first is what a wide screen shows at `/settings`.
#[rustfmt::skip]
pub(crate) const SECTIONS: &[Section] = &[
    section("account", words::account::TITLE, words::account::HINT, Glyph::Person, || html! { <account::Account /> }),
    section("profile", words::profile::TITLE, words::profile::HINT, Glyph::Pen, || html! { <profile::Profile /> }),
    section("privacy", words::privacy::TITLE, words::privacy::HINT, Glyph::Lock, || html! { <privacy::Privacy /> }),
    section("notifications", words::notifications::TITLE, words::notifications::HINT, Glyph::Bell, || html! { <notifications::Notifications /> }),
    section("blocked", words::blocked::TITLE, words::blocked::HINT, Glyph::Block, || html! { <blocked::Blocked /> }),
    section("muted", words::muted::TITLE, words::muted::HINT, Glyph::Mute, || html! { <muted::Muted /> }),
    section("security", words::security::TITLE, words::security::HINT, Glyph::Key, || html! { <security::Security /> }),
    section("devices", words::devices::TITLE, words::devices::HINT, Glyph::Device, || html! { <devices::Devices /> }),
    section("appearance", words::appearance::TITLE, words::appearance::HINT, Glyph::Settings, || html! { <appearance::Appearance /> }),
    Section {
        offered: |instance| instance.registration == Registration::Invite,
        ..section("invitations", words::invitations::TITLE, words::invitations::HINT, Glyph::AddPerson, || html! { <invitations::Invitations /> })
    },
    section("data", words::data::TITLE, words::data::HINT, Glyph::Down, || html! { <data::Data /> }),
];

const fn section(
    path: &'static str,
    title: &'static str,
    hint: &'static str,
    glyph: Glyph,
    body: fn() -> Html,
) -> Section {
    Section {
        path,
        title,
        hint,
        glyph,
        offered: |_| true,
        body,
    }
}

impl Section {
    /// Its whole address.
    pub(crate) fn address(&self) -> String {
        format!("/settings/{}", self.path)
    }
}
