//! The frame around every page: navigation, dialogs, lists that load or fail, shortcuts.

pub(crate) const PRODUCT: &str = "Hearth";
pub(crate) const WORDMARK: &str = "hearth";
pub(crate) const TAGLINE: &str = "A quiet place for your people.";

pub(crate) const SKIP: &str = "Skip to main content";
pub(crate) const MAIN_NAVIGATION: &str = "Main";
pub(crate) const ASIDE: &str = "People and requests";
pub(crate) const HOME: &str = "Home";
pub(crate) const FRIENDS: &str = "Friends";
pub(crate) const PROFILE: &str = "Profile";
pub(crate) const SAVED: &str = "Saved";
pub(crate) const SETTINGS: &str = "Settings";
pub(crate) const YOU: &str = "You";
pub(crate) const SIGN_OUT: &str = "Sign out";
pub(crate) const SIGN_OUT_FAILED: &str = "You're signed out in this browser, but the server couldn't be told. Close the browser on a shared device.";
pub(crate) const WRITE_A_POST: &str = "Write a post";

/// What a screen reader hears after "Friends".
pub(crate) fn waiting_requests(count: u32) -> String {
    format!(", {}", super::count(count, "friend request", "friend requests"))
}

/// The button with one's name at the foot of the rail.
pub(crate) fn account_menu(name: &str) -> String {
    format!("Account menu, {name}")
}

pub(crate) const CLOSE: &str = "Close";
pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const UNDO: &str = "Undo";
pub(crate) const DISMISS: &str = "Dismiss";
pub(crate) const TRY_AGAIN: &str = "Try again";
pub(crate) const SAVE: &str = "Save";
pub(crate) const LOADING: &str = "Loading";

/// While a part of the program is on its way.
pub(crate) const COMING: &str = "One moment…";
pub(crate) const LOST_TITLE: &str = "This didn't load";
pub(crate) const LOST: &str = "This part of Hearth didn't load. If trying again doesn't help, there may be a newer version: reload the page.";
pub(crate) const LOST_OFFLINE: &str = "This part of Hearth isn't on this device yet, and there is no connection. It loads by itself once there is one.";

pub(crate) const OFFLINE: &str = "You're offline. Your messages will go out when you're back.";
pub(crate) const YOURE_OFFLINE: &str = "You're offline";
pub(crate) const RECONNECTING: &str = "Reconnecting…";

/// After what is said about the connection: what one sees is not from now.
pub(crate) fn saved(at: &str) -> String {
    format!(" Showing what was saved {at}.")
}

pub(crate) const NEWER: &str = "A new version of Hearth is ready.";
pub(crate) const RELOAD: &str = "Reload";

pub(crate) const BUSY_TITLE: &str = "One moment";
pub(crate) const UNREACHABLE_TITLE: &str = "Hearth can't be reached";
pub(crate) const UNREACHABLE: &str = "The connection or the server isn't answering. Nothing of yours is lost. Check your connection and try again.";

pub(crate) const NOT_FOUND_TITLE: &str = "This page isn't here.";
pub(crate) const NOT_FOUND: &str = "The address may be mistyped, or the page has moved.";

pub(crate) const SHORTCUTS_TITLE: &str = "Keyboard shortcuts";
pub(crate) const SHORTCUTS_OFF: &str = "You can switch these off in Settings.";
/// Keys and what they do.
pub(crate) const SHORTCUTS: &[(&[&str], &str)] = &[
    (&["?"], "Show this list"),
    (&["/"], "Search"),
    (&["Ctrl", "K"], "Search, also while you write"),
    (&["n"], "Write a post"),
    (&["."], "Show new posts"),
    (&["j"], "Next post"),
    (&["k"], "Previous post"),
    (&["l"], "Like the post"),
    (&["c"], "Comment on the post"),
    (&["s"], "Share the post"),
    (&["x"], "Show the whole post, or less of it"),
    (&["u"], "Go to the post's author"),
    (&["e"], "Edit your post"),
    (&["o"], "Open the post"),
    (&["g", "h"], "Go to Home"),
    (&["g", "f"], "Go to Friends"),
    (&["g", "g"], "Go to Groups"),
    (&["g", "c"], "Go to Chats"),
    (&["g", "a"], "Go to Activity"),
    (&["g", "p"], "Go to your profile"),
    (&["g", "s"], "Go to Settings"),
    (&["["], "Previous chat"),
    (&["]"], "Next chat"),
    (&["Esc"], "Close"),
];

/// The title of the browser's tab.
pub(crate) fn document_title(page: &str, unread: u32) -> String {
    if unread > 0 {
        format!("({unread}) {page} · {PRODUCT}")
    } else {
        format!("{page} · {PRODUCT}")
    }
}
