//! What a person has chosen for this browser: theme, text size, motion, shortcuts. Applied to the root
//! element; the first lines of the page do the same for the theme before anything is painted.

use crate::platform::{dom, events, storage};
use crate::store::Store;

const THEME: &str = "hearth.theme";
const TEXT: &str = "hearth.text";
const MOTION: &str = "hearth.motion";
const SHORTCUTS: &str = "hearth.shortcuts";

/// Which colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the device says.
    System,
    Light,
    Dark,
}

impl Theme {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    fn shown(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::System if dom::matches_media("(prefers-color-scheme: dark)") => "dark",
            Self::System => "light",
        }
    }
}

/// What has been chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Preferences {
    pub(crate) theme: Theme,
    pub(crate) large_text: bool,
    pub(crate) less_motion: bool,
    pub(crate) shortcuts: bool,
}

impl Preferences {
    /// As they were kept.
    pub(crate) fn kept() -> Self {
        let is = |key: &str, value: &str| storage::get(key).as_deref() == Some(value);
        Self {
            theme: Theme::parse(&storage::get(THEME).unwrap_or_default()),
            large_text: is(TEXT, "large"),
            less_motion: is(MOTION, "less"),
            shortcuts: !is(SHORTCUTS, "off"),
        }
    }

    fn keep(self) {
        let put = |key: &str, value: Option<&str>| match value {
            Some(value) => storage::set(key, value),
            None => storage::remove(key),
        };
        put(
            THEME,
            Some(self.theme.as_str()).filter(|_| self.theme != Theme::System),
        );
        put(TEXT, self.large_text.then_some("large"));
        put(MOTION, self.less_motion.then_some("less"));
        put(SHORTCUTS, (!self.shortcuts).then_some("off"));
    }

    /// Makes the page look so.
    pub(crate) fn apply(self) {
        dom::set_root_attribute("data-theme", Some(self.theme.shown()));
        dom::set_root_attribute("data-text", self.large_text.then_some("large"));
        dom::set_root_attribute("data-motion", self.less_motion.then_some("less"));
    }
}

/// Chooses, keeps and applies.
pub(crate) fn choose(store: &Store<Preferences>, change: impl FnOnce(&mut Preferences)) {
    store.change(change);
    let chosen = store.read(|preferences| *preferences);
    chosen.keep();
    chosen.apply();
}

/// Follows the device and the other tabs; once, for the life of the page.
pub(crate) fn follow(store: &Store<Preferences>) {
    let apply = |store: &Store<Preferences>| store.read(|preferences| *preferences).apply();
    apply(store);
    let here = store.clone();
    events::on_media("(prefers-color-scheme: dark)", move || apply(&here));
    let here = store.clone();
    events::on_window("storage", move |_| {
        let kept = Preferences::kept();
        if here.read(|preferences| *preferences != kept) {
            here.change(|preferences| *preferences = kept);
            kept.apply();
        }
    })
    .forget();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn themes_are_kept_as_words() {
        for theme in [Theme::System, Theme::Light, Theme::Dark] {
            assert_eq!(Theme::parse(theme.as_str()), theme);
        }
        assert_eq!(Theme::parse("purple"), Theme::System);
    }
}
