//! The ways back to a lost account, and the proof of an address. Nobody needs to be signed in.

use yew::prelude::*;

use super::routes::Page;

/// The page, when it is one of these.
pub(super) fn page(page: Page) -> Option<Html> {
    match page {
        Page::Forgot | Page::Reset | Page::Verify => Some(Html::default()),
        Page::List | Page::Section(_) | Page::NotFound => None,
    }
}
