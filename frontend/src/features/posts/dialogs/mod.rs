//! Dialogs about a post or a comment: who reacted, what stood there before, reporting it, passing it on.

pub(crate) mod history;
pub(crate) mod report;
pub(crate) mod share;
pub(crate) mod who;

use crate::features::lists::{load, rest, use_list};
