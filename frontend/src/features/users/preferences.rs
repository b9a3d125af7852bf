//! What a person has chosen for this browser: theme, text size, spacing, motion, shortcuts, announcements. Applied
//! to the root element; the first lines of the page do the same before anything is painted.

use crate::platform::{dom, events, storage};
use crate::store::Store;

const THEME: &str = "hearth.theme";
const TEXT: &str = "hearth.text";
const DENSITY: &str = "hearth.density";
const MOTION: &str = "hearth.motion";
const SHORTCUTS: &str = "hearth.shortcuts";
const ANNOUNCEMENTS: &str = "hearth.announcements";

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

/// How large the text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextSize {
    Standard,
    Large,
    Largest,
}

impl TextSize {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Large => "large",
            Self::Largest => "largest",
        }
    }

    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "large" => Self::Large,
            "largest" => Self::Largest,
            _ => Self::Standard,
        }
    }
}

/// What a screen reader is told of what arrives by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Announcements {
    All,
    /// Messages, not posts.
    Direct,
    Off,
}

impl Announcements {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Direct => "direct",
            Self::Off => "off",
        }
    }

    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "direct" => Self::Direct,
            "off" => Self::Off,
            _ => Self::All,
        }
    }
}

/// What has been chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Preferences {
    pub(crate) theme: Theme,
    pub(crate) text: TextSize,
    /// Less space around everything.
    pub(crate) compact: bool,
    pub(crate) less_motion: bool,
    pub(crate) shortcuts: bool,
    pub(crate) announcements: Announcements,
}

impl Preferences {
    /// As they were kept.
    pub(crate) fn kept() -> Self {
        Self::read(storage::get)
    }

    /// From words by their keys; what is missing or unknown is as it is for everybody.
    fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let is = |key: &str, value: &str| get(key).as_deref() == Some(value);
        Self {
            theme: Theme::parse(&get(THEME).unwrap_or_default()),
            text: TextSize::parse(&get(TEXT).unwrap_or_default()),
            compact: is(DENSITY, "compact"),
            less_motion: is(MOTION, "less"),
            shortcuts: !is(SHORTCUTS, "off"),
            announcements: Announcements::parse(&get(ANNOUNCEMENTS).unwrap_or_default()),
        }
    }

    /// The word for every key; none for what is as it is for everybody.
    fn words(self) -> [(&'static str, Option<&'static str>); 6] {
        [
            (
                THEME,
                Some(self.theme.as_str()).filter(|_| self.theme != Theme::System),
            ),
            (TEXT, self.text_word()),
            (DENSITY, self.compact.then_some("compact")),
            (MOTION, self.less_motion.then_some("less")),
            (SHORTCUTS, (!self.shortcuts).then_some("off")),
            (
                ANNOUNCEMENTS,
                Some(self.announcements.as_str()).filter(|_| self.announcements != Announcements::All),
            ),
        ]
    }

    fn text_word(self) -> Option<&'static str> {
        Some(self.text.as_str()).filter(|_| self.text != TextSize::Standard)
    }

    fn keep(self) {
        for (key, word) in self.words() {
            match word {
                Some(word) => storage::set(key, word),
                None => storage::remove(key),
            }
        }
    }

    /// Makes the page look so.
    pub(crate) fn apply(self) {
        dom::set_root_attribute("data-theme", Some(self.theme.shown()));
        dom::set_root_attribute("data-text", self.text_word());
        dom::set_root_attribute("data-density", self.compact.then_some("compact"));
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
    fn what_is_kept_is_read_again() {
        let everybody = Preferences::read(|_| None);
        assert!(everybody.words().iter().all(|(_, word)| word.is_none()));
        let themes = [Theme::System, Theme::Light, Theme::Dark];
        let sizes = [TextSize::Standard, TextSize::Large, TextSize::Largest];
        let announcements = [Announcements::All, Announcements::Direct, Announcements::Off];
        for at in 0..18 {
            let chosen = Preferences {
                theme: themes[at % 3],
                text: sizes[at / 3 % 3],
                announcements: announcements[(at + at / 3) % 3],
                compact: at % 2 == 0,
                less_motion: at % 4 < 2,
                shortcuts: at % 8 < 4,
            };
            let kept = chosen.words();
            let read = Preferences::read(|key| {
                let (_, word) = kept.iter().find(|(other, _)| *other == key)?;
                word.map(str::to_owned)
            });
            assert_eq!(read, chosen);
        }
    }

    #[test]
    fn a_word_of_another_version_is_as_if_nothing_had_been_chosen() {
        assert_eq!(
            Preferences::read(|_| Some("purple".to_owned())),
            Preferences::read(|_| None)
        );
    }
}
