//! The groups of the demonstration.

use hearth_shared::conversations::groups::{History, NewGroup, Visibility};
use hearth_shared::conversations::members::Invitees;
use hearth_shared::conversations::{NewMessage, NewReadPosition};
use hearth_shared::time::Timestamp;

use super::{before, checked, new_client_id};
use crate::features::{conversations, groups};
use crate::platform::db::{Outcome, Tx};
use crate::platform::error::AppResult;
use crate::platform::extract::Actor;
use crate::platform::reply::Created;

/// A group: whose, who is invited and comes, and what was said how many minutes ago by whom.
pub(super) struct Room {
    owner: usize,
    title: &'static str,
    description: &'static str,
    visibility: Visibility,
    members: &'static [usize],
    /// Who is invited and has not answered.
    invited: &'static [usize],
    made_minutes_ago: i64,
    lines: &'static [(i64, usize, &'static str)],
}

/// The one in which something happened last comes last.
pub(super) const ROOMS: [Room; 3] = [
    Room {
        owner: 3,
        title: "Garden week",
        description: "Seeds to give away, spades to borrow, advice to ignore.",
        visibility: Visibility::Public,
        members: &[0, 4],
        invited: &[],
        made_minutes_ago: 4000,
        lines: &[
            (3900, 3, "The tomatoes on the balcony have opinions now."),
            (3840, 4, "Mine have left home."),
        ],
    },
    Room {
        owner: 1,
        title: "Book club",
        description: "One book a month, cake every time.",
        visibility: Visibility::Private,
        members: &[],
        invited: &[0],
        made_minutes_ago: 130,
        lines: &[],
    },
    Room {
        owner: 0,
        title: "Lake on Saturday",
        description: "Who swims, who rows, who brings what.",
        visibility: Visibility::Private,
        members: &[1, 2],
        invited: &[],
        made_minutes_ago: 90,
        lines: &[
            (80, 0, "Seven sharp at the jetty. I bring coffee for everybody."),
            (74, 1, "The boat is ours until noon."),
            (61, 2, "I have towels for six. Does anybody need a ride back?"),
            (58, 0, "Yes please, I came by bike once and never again."),
        ],
    },
];

impl Room {
    /// When something happened in it last, in minutes before now.
    pub(super) fn last(&self) -> i64 {
        let said = self.lines.last().map(|(minutes_ago, ..)| *minutes_ago);
        said.unwrap_or(self.made_minutes_ago)
    }
}

/// A group, its people, and what they say.
pub(super) fn gather(tx: &mut Tx<'_>, people: &[Actor], room: &Room, now: Timestamp) -> AppResult<()> {
    tx.set_now(before(now, room.made_minutes_ago));
    let owner = &people[room.owner];
    let new = checked(NewGroup {
        client_id: new_client_id(),
        title: room.title.to_owned(),
        description: room.description.to_owned(),
        visibility: room.visibility,
        history: History::All,
        user_ids: room.invited.iter().map(|who| people[*who].user_id).collect(),
    })?;
    let id = match groups::service::create(tx, owner, &new)? {
        Outcome::Commit(Created::New(talk) | Created::Existing(talk))
        | Outcome::RollBack(Created::New(talk) | Created::Existing(talk)) => talk.id,
    };
    for member in room.members {
        if room.visibility == Visibility::Private {
            let whom = checked(Invitees {
                user_ids: vec![people[*member].user_id],
            })?;
            groups::service::invitations::invite(tx, owner, id, &whom)?;
        }
        groups::service::join(tx, &people[*member], id)?;
    }
    for (minutes_ago, author, body) in room.lines {
        tx.set_now(before(now, *minutes_ago));
        let new = checked(NewMessage {
            client_id: new_client_id(),
            body: (*body).to_owned(),
            reply_to_id: None,
            media_ids: Vec::new(),
        })?;
        conversations::service::send(tx, &people[*author], id, &new)?;
    }
    let read = checked(NewReadPosition { number: u32::MAX })?;
    for reader in room.members.iter().chain([&room.owner]) {
        conversations::service::mark_read(tx, &people[*reader], id, &read)?;
    }
    Ok(())
}
