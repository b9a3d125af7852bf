//! The settings: their frame here, one file per section.

pub(crate) mod account;
pub(crate) mod appearance;
pub(crate) mod blocked;
pub(crate) mod data;
pub(crate) mod devices;
pub(crate) mod invitations;
pub(crate) mod privacy;
pub(crate) mod profile;
pub(crate) mod security;

pub(crate) const TITLE: &str = "Settings";
pub(crate) const BACK_HOME: &str = "Back to Hearth";
pub(crate) const OFFLINE: &str = "You're offline. You can look around; changes have to wait.";
