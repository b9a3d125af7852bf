//! Links that let new people in.

pub(crate) const TITLE: &str = "Invitations";
pub(crate) const HINT: &str = "Links for people you'd like to have here";
