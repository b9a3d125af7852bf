//! Everything that is kept about a person, some rows at a time. Of others there is only what the person can see:
//! names, and the words of conversations that they are in.

pub(super) mod account;
mod kept;
mod people;
mod talk;
mod words;

use std::collections::HashMap;

use diesel::prelude::*;
use hearth_shared::ids::{Id, UserId};
use hearth_shared::time::Timestamp;
use serde_json::{Value, json};

use crate::features::users;
use crate::platform::db::Conn;

macro_rules! parts {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal;)+) => {
        /// What an export consists of: one file each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Part {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Part {
            /// All of them, in the order of the page.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The name of its file.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }
        }
    };
}

parts! {
    /// The account: one row.
    Profile = "profile";
    /// What one says about oneself, and to whom.
    About = "about";
    /// Pictures and films: what they are, and where they lie in the zip.
    Pictures = "pictures";
    /// What one wrote.
    Posts = "posts";
    /// What posts said before they were changed.
    PostEdits = "earlier_versions";
    /// Comments on whatever post.
    Comments = "comments";
    /// What comments said before they were changed.
    CommentEdits = "earlier_comments";
    /// Reactions to whatever post.
    Reactions = "reactions";
    /// Reactions to whatever comment.
    CommentReactions = "comment_reactions";
    /// What one has asked the host to look at.
    Reports = "reports";
    /// Posts that one keeps for later.
    Saved = "saved_posts";
    /// Posts of which one wants to hear no more.
    MutedPosts = "muted_posts";
    /// People of whom one wants to hear no more.
    MutedPeople = "muted_people";
    /// Friends.
    Friends = "friends";
    /// Requests that wait, in both directions.
    Requests = "friend_requests";
    /// People whom one has blocked.
    Blocks = "blocked_people";
    /// Who may ask, see and find one; nothing for who has changed nothing.
    Privacy = "privacy";
    /// Conversations that one is in.
    Conversations = "conversations";
    /// What was said in them, by everybody.
    Messages = "messages";
    /// What one was told.
    Notifications = "notifications";
    /// What one wants to be told of, where, and when not; nothing for who has changed nothing.
    NotificationPreferences = "notification_preferences";
    /// Where one is and was signed in.
    Sessions = "sessions";
    /// Invitations that one gave.
    Invitations = "invitations";
    /// What was done to the account.
    History = "account_history";
}

/// Where the next rows begin: after this key, and this second one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place(i64, i64);

/// Some rows, and where the next ones begin.
pub struct Page {
    /// The rows.
    pub rows: Vec<Value>,
    /// `None`: these were the last ones.
    pub next: Option<Place>,
}

/// Rows with the key of each.
type Keyed = Vec<(i64, Value)>;

/// Some rows of a part.
pub fn page(conn: &mut Conn, user: UserId, part: Part, place: Place, limit: i64) -> QueryResult<Page> {
    if part == Part::Messages {
        return words::said(conn, user, place, limit);
    }
    let after = place.0;
    let me = user.get();
    let rows = match part {
        Part::Profile => account::profile(conn, me, after)?,
        Part::About => account::about(conn, me, after)?,
        Part::Pictures => account::pictures(conn, user, after, limit)?,
        Part::Invitations => account::invited(conn, me, after, limit)?,
        Part::Posts => words::written(conn, me, after, limit)?,
        Part::PostEdits => words::edits(conn, me, after, limit)?,
        Part::Comments => talk::commented(conn, me, after, limit)?,
        Part::Reactions => words::reacted(conn, me, after, limit)?,
        Part::CommentEdits => talk::edits(conn, me, after, limit)?,
        Part::CommentReactions => talk::reacted(conn, me, after, limit)?,
        Part::Reports => talk::reported(conn, me, after, limit)?,
        Part::Saved => kept::saved(conn, me, after, limit)?,
        Part::MutedPosts => kept::muted_posts(conn, me, after, limit)?,
        Part::MutedPeople => kept::muted_people(conn, me, after, limit)?,
        Part::Friends => people::friends(conn, me, after, limit)?,
        Part::Requests => people::requests(conn, me, after, limit)?,
        Part::Blocks => people::blocked(conn, me, after, limit)?,
        Part::Privacy => account::privacy(conn, user, after)?,
        Part::Conversations => words::talks(conn, me, after, limit)?,
        Part::Notifications => people::told(conn, me, after, limit)?,
        Part::NotificationPreferences => account::wanted(conn, user, after)?,
        Part::Sessions => account::devices(conn, me, after, limit)?,
        Part::History => account::history(conn, me, after, limit)?,
        Part::Messages => Vec::new(),
    };
    let full = i64::try_from(rows.len()).is_ok_and(|rows| rows == limit);
    let next = rows.last().filter(|_| full).map(|(key, _)| Place(*key, 0));
    Ok(Page {
        rows: rows.into_iter().map(|(_, row)| row).collect(),
        next,
    })
}

fn moment(millis: i64) -> Value {
    json!(Timestamp::from_millis(millis))
}

fn moment_or_not(millis: Option<i64>) -> Value {
    millis.map_or(Value::Null, moment)
}

/// Names of people, as they are shown.
fn names(conn: &mut Conn, ids: &[i64]) -> QueryResult<HashMap<i64, Value>> {
    let cards = users::store::cards(conn, ids)?;
    Ok(cards
        .into_iter()
        .map(|(id, card)| {
            let name = json!({"id": card.id, "username": card.username, "display_name": card.display_name});
            (id, name)
        })
        .collect())
}
