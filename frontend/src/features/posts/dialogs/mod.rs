//! Dialogs about a post or a comment: who reacted, what stood there before, reporting it, passing it on.

pub(super) mod history;
pub(super) mod report;
pub(super) mod share;
pub(super) mod who;

use crate::features::lists::{load, rest, use_list};
