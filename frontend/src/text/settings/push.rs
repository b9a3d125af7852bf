//! Being told on this device while Hearth is closed.

use crate::platform::push::{Cannot, Trouble};
use crate::text::errors;

pub(crate) const TITLE: &str = "This device";
pub(crate) const FAILED: &str = "Couldn't find out how this device is told.";

pub(crate) const WHAT_COMES: &str = "When Hearth is closed, this device can still tell you of messages, requests and what \
    people say to you. You choose above of what. You'll see who it was; what they wrote is shown only if you want that.";
pub(crate) const WHO_READS: &str = "What is sent is encrypted for this browser alone. The maker of the browser carries it \
    and can't read it; they learn when something comes, not what. It ends when you sign out.";
pub(crate) const TURN_ON: &str = "Turn on for this device";
pub(crate) const TURNED_ON: &str = "This device will tell you.";

pub(crate) const ON: &str = "On for this device";
/// Before "4 min ago".
pub(crate) const LAST: &str = "Last sent: ";
pub(crate) const FAILING: &str =
    "The last time, the browser's push service didn't take it. Hearth tries again.";
pub(crate) const PREVIEWS: &str = "Show what was written";
pub(crate) const PREVIEWS_HINT: &str = "The beginning of messages and comments, also on a locked screen.";
pub(crate) const SAVED: &str = "Saved.";
pub(crate) const TEST: &str = "Send a test";
pub(crate) const TEST_SENT: &str =
    "On its way. If nothing shows up, look into the settings of the browser and the device.";
pub(crate) const TURN_OFF: &str = "Turn off for this device";
pub(crate) const TURNED_OFF: &str = "This device stays silent.";

pub(crate) const NOWHERE: &str = "Whoever runs this Hearth has switched this off.";
pub(crate) const DENIED: &str = "The browser doesn't let Hearth show notifications.";
pub(crate) const DENIED_HINT: &str = "Touch the icon beside the address at the top, allow notifications there, then load this \
    page again.";

/// Why this browser cannot.
pub(crate) const fn cannot(why: Cannot) -> &'static str {
    match why {
        Cannot::Insecure => "This needs a connection over https. Whoever runs this Hearth can set it up.",
        Cannot::NotOnHomeScreen => {
            "On iPhone and iPad, first add Hearth to the home screen: Share, then “Add to Home Screen”. Open it from there \
             and come back here."
        }
        Cannot::Unknown => "This browser can't be told while Hearth is closed.",
    }
}

/// What did not work.
pub(crate) fn trouble(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Denied => DENIED.to_owned(),
        Trouble::NotAnswered => "Nothing has changed: the browser got no answer from you.".to_owned(),
        Trouble::NotReady => {
            "This browser isn't ready for it yet. Wait a moment and try again; if that doesn't help, load this page again."
                .to_owned()
        }
        Trouble::NoService => {
            "The browser couldn't reach its push service. Some switch it off; check its settings and try again.".to_owned()
        }
        Trouble::Server(failure) => errors::failure(failure),
    }
}
