//! The name of the page in the browser's tab, with what is unread in front.

use std::cell::RefCell;

use crate::platform::dom;
use crate::text::shell::document_title;

thread_local! {
    static TITLE: RefCell<(String, u32)> = RefCell::default();
}

/// Another page is shown.
pub(crate) fn page(text: &str) {
    TITLE.with_borrow_mut(|(page, _)| text.clone_into(page));
    show();
}

/// Another number of things is unread.
pub(crate) fn unread(number: u32) {
    TITLE.with_borrow_mut(|(_, unread)| *unread = number);
    show();
}

fn show() {
    TITLE.with_borrow(|(page, unread)| {
        if !page.is_empty() {
            dom::set_title(&document_title(page, *unread));
        }
    });
}
