//! Components that know no feature: what a button, a field, a dialog, a list that fails look like and how
//! they behave.

pub(crate) mod avatar;
pub(crate) mod banner;
pub(crate) mod button;
pub(crate) mod dialog;
pub(crate) mod emoji;
pub(crate) mod field;
pub(crate) mod icon;
pub(crate) mod link;
pub(crate) mod menu;
pub(crate) mod page;
pub(crate) mod picture;
pub(crate) mod popup;
pub(crate) mod rich;
pub(crate) mod skeleton;
pub(crate) mod states;
pub(crate) mod suggest;
pub(crate) mod title;
pub(crate) mod toast;
pub(crate) mod viewer;
pub(crate) mod when;
