//! What the daily mail may hold.

pub(crate) const HINT: &str = "The daily mail comes in the morning, when there's something you haven't seen, and only to an address that you have confirmed.";
pub(crate) const TO_ACCOUNT: &str = "Look at your address";
pub(crate) const WITH_WORDS: &str = "Show in the mail what was written";
pub(crate) const WITH_WORDS_HINT: &str = "The beginnings of posts, comments and messages stand in the daily mail, too. Otherwise it says who did what, and no more.";
pub(crate) const FAILED: &str = "Couldn't load the settings of the daily mail.";
pub(crate) const SAVED: &str = "Saved.";
pub(crate) const NOT_SAVED: &str = "Your choice wasn't saved, and it is as it was before.";
