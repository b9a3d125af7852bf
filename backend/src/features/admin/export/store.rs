//! Everything that is kept about a person, some rows at a time. Of others there is only what the person can see:
//! names, and the words of conversations that they are in.

use std::collections::HashMap;

use diesel::prelude::*;
use hearth_shared::ids::{Id, UserId};
use hearth_shared::posts::ReactionCounts;
use hearth_shared::time::Timestamp;
use serde_json::{Value, json};

use crate::features::posts::store::audience_of;
use crate::features::posts::store::hydrate::CountsRow;
use crate::features::media::store::MediaRow;
use crate::features::{media, users};
use crate::platform::db::Conn;
use crate::schema::{
    audit_events, comments, conversation_members as members, conversations, friend_requests, friendships,
    invitations, messages, notification_actors, notifications, post_edits, post_reactions, posts, profile_fields, sessions, users as people,
};

macro_rules! parts {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal;)+) => {
        /// What an export consists of: one file each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Part {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Part {
            /// All of them, in the order of the page.
            pub const ALL: [Self; 15] = [$(Self::$name),+];

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
    /// Pictures: what they are, and where they lie in the zip.
    Pictures = "pictures";
    /// What one wrote.
    Posts = "posts";
    /// What posts said before they were changed.
    PostEdits = "earlier_versions";
    /// Comments on whatever post.
    Comments = "comments";
    /// Reactions to whatever post.
    Reactions = "reactions";
    /// Friends.
    Friends = "friends";
    /// Requests that wait, in both directions.
    Requests = "friend_requests";
    /// Conversations that one is in.
    Conversations = "conversations";
    /// What was said in them, by everybody.
    Messages = "messages";
    /// What one was told.
    Notifications = "notifications";
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
        return said(conn, user, place, limit);
    }
    let after = place.0;
    let me = user.get();
    let rows = match part {
        Part::Profile => profile(conn, me, after)?,
        Part::About => about(conn, me, after)?,
        Part::Pictures => pictures(conn, user, after, limit)?,
        Part::Invitations => invited(conn, me, after, limit)?,
        Part::Posts => written(conn, me, after, limit)?,
        Part::PostEdits => edits(conn, me, after, limit)?,
        Part::Comments => commented(conn, me, after, limit)?,
        Part::Reactions => reacted(conn, me, after, limit)?,
        Part::Friends => friends(conn, me, after, limit)?,
        Part::Requests => requests(conn, me, after, limit)?,
        Part::Conversations => talks(conn, me, after, limit)?,
        Part::Notifications => told(conn, me, after, limit)?,
        Part::Sessions => devices(conn, me, after, limit)?,
        Part::History => history(conn, me, after, limit)?,
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

fn profile(conn: &mut Conn, me: i64, after: i64) -> QueryResult<Keyed> {
    type Row = (i64, String, String, String, String, i64, i64, i64);
    let rows: Vec<Row> = people::table
        .find(me)
        .filter(people::id.gt(after))
        .select((
            people::id,
            people::username,
            people::display_name,
            people::email,
            people::role,
            people::friend_count,
            people::post_count,
            people::created_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, username, display_name, email, role, friends, posts, created_at)| {
            let row = json!({
                "id": UserId::new(id), "username": username, "display_name": display_name, "email": email,
                "role": role, "friend_count": friends, "post_count": posts, "created_at": moment(created_at),
            });
            (id, row)
        })
        .collect())
}

/// All of it at once: there are only so many fields.
fn about(conn: &mut Conn, me: i64, after: i64) -> QueryResult<Keyed> {
    if after > 0 {
        return Ok(Vec::new());
    }
    let bio: String = people::table.find(me).select(people::bio).first(conn)?;
    let fields: Vec<(String, String, String)> = profile_fields::table
        .filter(profile_fields::user_id.eq(me))
        .order(profile_fields::name)
        .select((profile_fields::name, profile_fields::value, profile_fields::audience))
        .load(conn)?;
    let said = fields
        .into_iter()
        .map(|(name, value, audience)| json!({"field": name, "value": value, "audience": audience}));
    let bio = (!bio.is_empty()).then(|| json!({"field": "bio", "value": bio}));
    Ok(bio.into_iter().chain(said).map(|row| (1, row)).collect())
}

/// Where a picture lies in the zip.
pub(super) fn picture_file(row: &MediaRow) -> String {
    format!("media/{}.{}", row.id(), row.format)
}

fn pictures(conn: &mut Conn, user: UserId, after: i64, limit: i64) -> QueryResult<Keyed> {
    let rows = media::store::of_owner(conn, user, after, limit)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let shown = json!({
                "file": picture_file(&row), "name": row.name, "used_as": row.purpose, "alt_text": row.alt_text,
                "width": row.width, "height": row.height,
            });
            (row.id().get(), shown)
        })
        .collect())
}

fn invited(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    let rows: Vec<(i64, String, i64, i64, Option<i64>)> = invitations::table
        .filter(invitations::inviter_id.eq(me))
        .filter(invitations::id.gt(after))
        .order(invitations::id)
        .limit(limit)
        .select((
            invitations::id,
            invitations::note,
            invitations::created_at,
            invitations::expires_at,
            invitations::used_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, note, created_at, expires_at, used_at)| {
            let row = json!({
                "note": note, "created_at": moment(created_at), "expires_at": moment(expires_at),
                "used_at": moment_or_not(used_at),
            });
            (id, row)
        })
        .collect())
}

fn written(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    type Row = (i64, String, i64, CountsRow, i64, i64, Option<i64>);
    let rows: Vec<Row> = posts::table
        .filter(posts::author_id.eq(me))
        .filter(posts::id.gt(after))
        .filter(posts::deleted_at.is_null())
        .order(posts::id)
        .limit(limit)
        .select((
            posts::id,
            posts::body,
            posts::audience_id,
            CountsRow::as_select(),
            posts::comment_count,
            posts::created_at,
            posts::edited_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, body, audience, counts, comments, created_at, edited_at)| {
            let row = json!({
                "id": id.to_string(), "body": body, "audience": audience_of(audience),
                "reactions": ReactionCounts::from(counts), "comment_count": comments,
                "created_at": moment(created_at), "edited_at": moment_or_not(edited_at),
            });
            (id, row)
        })
        .collect())
}

fn edits(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    let rows: Vec<(i64, i64, String, i64, i64)> = post_edits::table
        .inner_join(posts::table)
        .filter(posts::author_id.eq(me))
        .filter(posts::deleted_at.is_null())
        .filter(post_edits::id.gt(after))
        .order(post_edits::id)
        .limit(limit)
        .select((
            post_edits::id,
            post_edits::post_id,
            post_edits::body,
            post_edits::audience_id,
            post_edits::replaced_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, post, body, audience, at)| {
            let row = json!({
                "post_id": post.to_string(), "body": body, "audience": audience_of(audience),
                "replaced_at": moment(at),
            });
            (id, row)
        })
        .collect())
}

fn commented(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    let rows: Vec<(i64, i64, String, i64, Option<i64>)> = comments::table
        .filter(comments::author_id.eq(me))
        .filter(comments::id.gt(after))
        .filter(comments::deleted_at.is_null())
        .order(comments::id)
        .limit(limit)
        .select((
            comments::id,
            comments::post_id,
            comments::body,
            comments::created_at,
            comments::edited_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, post, body, created_at, edited_at)| {
            let row = json!({
                "id": id.to_string(), "post_id": post.to_string(), "body": body,
                "created_at": moment(created_at), "edited_at": moment_or_not(edited_at),
            });
            (id, row)
        })
        .collect())
}

fn reacted(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    let rows: Vec<(i64, String, i64)> = post_reactions::table
        .filter(post_reactions::user_id.eq(me))
        .filter(post_reactions::post_id.gt(after))
        .order(post_reactions::post_id)
        .limit(limit)
        .select((
            post_reactions::post_id,
            post_reactions::kind,
            post_reactions::created_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(post, kind, at)| {
            let row = json!({"post_id": post.to_string(), "kind": kind, "created_at": moment(at)});
            (post, row)
        })
        .collect())
}

fn friends(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    let rows: Vec<(i64, i64)> = friendships::table
        .filter(friendships::user_id.eq(me))
        .filter(friendships::friend_id.gt(after))
        .order(friendships::friend_id)
        .limit(limit)
        .select((friendships::friend_id, friendships::since))
        .load(conn)?;
    let ids: Vec<i64> = rows.iter().map(|(id, _)| *id).collect();
    let names = names(conn, &ids)?;
    Ok(rows
        .into_iter()
        .map(|(id, since)| (id, json!({"friend": names.get(&id), "since": moment(since)})))
        .collect())
}

fn requests(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    let mine = friend_requests::from_id
        .eq(me)
        .or(friend_requests::to_id.eq(me));
    let rows: Vec<(i64, i64, i64, i64)> = friend_requests::table
        .filter(mine)
        .filter(friend_requests::id.gt(after))
        .order(friend_requests::id)
        .limit(limit)
        .select((
            friend_requests::id,
            friend_requests::from_id,
            friend_requests::to_id,
            friend_requests::created_at,
        ))
        .load(conn)?;
    let ids: Vec<i64> = rows.iter().flat_map(|(_, from, to, _)| [*from, *to]).collect();
    let names = names(conn, &ids)?;
    Ok(rows
        .into_iter()
        .map(|(id, from, to, at)| {
            let row = json!({"from": names.get(&from), "to": names.get(&to), "created_at": moment(at)});
            (id, row)
        })
        .collect())
}

fn talks(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    type Row = (i64, String, Option<i64>, Option<i64>, i64, i64, i64);
    let rows: Vec<Row> = conversations::table
        .inner_join(members::table)
        .filter(members::user_id.eq(me))
        .filter(conversations::id.gt(after))
        .order(conversations::id)
        .limit(limit)
        .select((
            conversations::id,
            conversations::kind,
            conversations::low_id,
            conversations::high_id,
            conversations::last_number,
            members::read_number,
            conversations::created_at,
        ))
        .load(conn)?;
    let ids: Vec<i64> = rows.iter().flat_map(|row| [row.2, row.3]).flatten().collect();
    let names = names(conn, &ids)?;
    Ok(rows
        .into_iter()
        .map(|(id, kind, low, high, last, read, created_at)| {
            let with: Vec<&Value> = [low, high]
                .into_iter()
                .flatten()
                .filter(|id| *id != me)
                .filter_map(|id| names.get(&id))
                .collect();
            let row = json!({
                "id": id.to_string(), "kind": kind, "with": with, "message_count": last, "read_up_to": read,
                "created_at": moment(created_at),
            });
            (id, row)
        })
        .collect())
}

/// Messages of one conversation after the other: the place is the conversation and the number in it.
fn said(conn: &mut Conn, user: UserId, place: Place, limit: i64) -> QueryResult<Page> {
    let Place(conversation, after) = place;
    let here: Option<i64> = members::table
        .filter(members::user_id.eq(user.get()))
        .filter(members::conversation_id.ge(conversation))
        .order(members::conversation_id)
        .select(members::conversation_id)
        .first(conn)
        .optional()?;
    let Some(here) = here else {
        return Ok(Page {
            rows: Vec::new(),
            next: None,
        });
    };
    let after = if here == conversation { after } else { 0 };
    let rows: Vec<(i64, i64, i64, String, i64)> = messages::table
        .filter(messages::conversation_id.eq(here))
        .filter(messages::number.gt(after))
        .order(messages::number)
        .limit(limit)
        .select((
            messages::id,
            messages::number,
            messages::sender_id,
            messages::body,
            messages::created_at,
        ))
        .load(conn)?;
    let ids: Vec<i64> = rows.iter().map(|row| row.2).collect();
    let names = names(conn, &ids)?;
    let full = i64::try_from(rows.len()).is_ok_and(|count| count == limit);
    let next = match rows.last() {
        Some(last) if full => Place(here, last.1),
        _ => Place(here + 1, 0),
    };
    let rows = rows
        .into_iter()
        .map(|(id, number, sender, body, created_at)| {
            json!({
                "id": id.to_string(), "conversation_id": here.to_string(), "number": number,
                "from": names.get(&sender), "body": body, "created_at": moment(created_at),
            })
        })
        .collect();
    Ok(Page {
        rows,
        next: Some(next),
    })
}

fn told(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    type Row = (i64, i64, String, i64, i64, i64, i64);
    let rows: Vec<Row> = notifications::table
        .filter(notifications::user_id.eq(me))
        .filter(notifications::seq.gt(after))
        .order(notifications::seq)
        .limit(limit)
        .select((
            notifications::seq,
            notifications::id,
            notifications::kind,
            notifications::subject_id,
            notifications::read_seq,
            notifications::created_at,
            notifications::updated_at,
        ))
        .load(conn)?;
    let ids: Vec<i64> = rows.iter().map(|row| row.1).collect();
    let actors: Vec<(i64, i64)> = notification_actors::table
        .filter(notification_actors::notification_id.eq_any(&ids))
        .order((notification_actors::notification_id, notification_actors::actor_id))
        .select((notification_actors::notification_id, notification_actors::actor_id))
        .load(conn)?;
    let people: Vec<i64> = actors.iter().map(|(_, actor)| *actor).collect();
    let names = names(conn, &people)?;
    let mut by: HashMap<i64, Vec<&Value>> = HashMap::new();
    for (notification, actor) in &actors {
        by.entry(*notification).or_default().extend(names.get(actor));
    }
    Ok(rows
        .into_iter()
        .map(|(seq, id, kind, subject, read, created_at, updated_at)| {
            let row = json!({
                "id": id.to_string(), "kind": kind, "about": subject.to_string(),
                "by": by.remove(&id).unwrap_or_default(), "read": read >= seq,
                "created_at": moment(created_at), "updated_at": moment(updated_at),
            });
            (seq, row)
        })
        .collect())
}

fn devices(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    let rows: Vec<(i64, String, i64, i64, Option<i64>)> = sessions::table
        .filter(sessions::user_id.eq(me))
        .filter(sessions::id.gt(after))
        .order(sessions::id)
        .limit(limit)
        .select((
            sessions::id,
            sessions::user_agent,
            sessions::created_at,
            sessions::rotated_at,
            sessions::ended_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, agent, created_at, used_at, ended_at)| {
            let row = json!({
                "id": id.to_string(), "program": agent, "created_at": moment(created_at),
                "last_used_at": moment(used_at), "ended_at": moment_or_not(ended_at),
            });
            (id, row)
        })
        .collect())
}

fn history(conn: &mut Conn, me: i64, after: i64, limit: i64) -> QueryResult<Keyed> {
    type Row = (i64, i64, String, Option<i64>, Option<String>, Option<String>);
    let rows: Vec<Row> = audit_events::table
        .filter(audit_events::subject_id.eq(me))
        .filter(audit_events::id.gt(after))
        .order(audit_events::id)
        .limit(limit)
        .select((
            audit_events::id,
            audit_events::created_at,
            audit_events::action,
            audit_events::actor_id,
            audit_events::network,
            audit_events::details,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, at, action, actor, network, details)| {
            let row = json!({
                "what": action, "by_me": actor == Some(me), "network": network, "details": details,
                "created_at": moment(at),
            });
            (id, row)
        })
        .collect())
}
