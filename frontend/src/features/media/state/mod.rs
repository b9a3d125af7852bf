//! What may happen to files on their way, without a browser.

pub(crate) mod pieces;
pub(crate) mod tray;
