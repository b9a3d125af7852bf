//! The addresses of the second program's pages, and going from one to another; what the first one shows is loaded.

use hearth_shared::pages::is_second;
use yew_router::history::{BrowserHistory, History, Location};

use super::sections::{SECTIONS, Section};
use crate::platform::dom;
use crate::platform::session::Why;
use crate::routes::{Because, login_because, login_for};

/// The list of the sections.
pub(crate) const LIST: &str = "/settings";

/// A page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    /// The list of sections, which only a phone shows alone.
    List,
    /// A section, by its place in the list.
    Section(usize),
    /// Asks for a link to a new password.
    Forgot,
    /// Takes a new password, with a link.
    Reset,
    /// Takes a link as proof of an address.
    Verify,
    /// Ends the daily mail, with the link in one of them.
    Unsubscribe,
    NotFound,
}

impl Page {
    /// The page at a path.
    pub(crate) fn at(path: &str) -> Self {
        let trimmed = path.strip_prefix('/').unwrap_or(path);
        let parts: Vec<&str> = trimmed.strip_suffix('/').unwrap_or(trimmed).split('/').collect();
        match parts.as_slice() {
            ["settings"] => Self::List,
            ["settings", name] => SECTIONS
                .iter()
                .position(|section| section.path == *name)
                .map_or(Self::NotFound, Self::Section),
            ["forgot"] => Self::Forgot,
            ["reset"] => Self::Reset,
            ["verify"] => Self::Verify,
            ["unsubscribe"] => Self::Unsubscribe,
            _ => Self::NotFound,
        }
    }

    /// Whether it is for everybody, signed in or not.
    pub(crate) fn is_gate(self) -> bool {
        matches!(
            self,
            Self::Forgot | Self::Reset | Self::Verify | Self::Unsubscribe
        )
    }

    /// The section that it is.
    pub(crate) fn section(self) -> Option<&'static Section> {
        match self {
            Self::Section(at) => SECTIONS.get(at),
            _ => None,
        }
    }
}

/// Where somebody goes who is not signed in (any more).
pub(super) fn way_out(why: Why, here: &Location) -> String {
    match why {
        Why::Fresh => login_for(here),
        Why::Person => login_because(Because::SignedOut, None),
        Why::Ended => login_because(Because::Ended, Some(here)),
        Why::Suspended => login_because(Because::Suspended, None),
    }
}

/// Goes to an address of this site.
pub(crate) fn push(path: &str) {
    if is_second(path) {
        BrowserHistory::new().push(path);
    } else {
        dom::load(path);
    }
}

/// The same without a new entry in the history.
pub(crate) fn replace(path: &str) {
    if is_second(path) {
        BrowserHistory::new().replace(path);
    } else {
        dom::load_instead(path);
    }
}

#[cfg(test)]
mod tests {
    use hearth_shared::digests::UNSUBSCRIBE_PATH;

    use super::*;

    #[test]
    fn every_section_is_found_at_its_own_address() {
        for (at, section) in SECTIONS.iter().enumerate() {
            assert_eq!(Page::at(&section.address()), Page::Section(at));
            assert!(is_second(&section.address()));
        }
        assert_eq!(Page::at("/settings/"), Page::List);
        assert_eq!(Page::at("/settings/nothing"), Page::NotFound);
        assert_eq!(Page::at("/settings/account/more"), Page::NotFound);
        assert!(Page::at("/reset").is_gate() && !Page::at("/settings").is_gate());
        assert!(Page::at(UNSUBSCRIBE_PATH).is_gate() && is_second(UNSUBSCRIBE_PATH));
    }
}
