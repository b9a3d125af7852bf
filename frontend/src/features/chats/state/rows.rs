//! What stands under each other in a log of messages: days, the line before what is new, messages in runs of one person, and
//! between them who came and went.

use hearth_shared::conversations::Message;
use hearth_shared::conversations::groups::Role;
use hearth_shared::conversations::members::{GroupLine, LineKind};
use hearth_shared::ids::{ClientId, UserId};
use hearth_shared::realtime::replica::messages::MessageLog;
use hearth_shared::time::Timestamp;

use super::Talk;
use super::outbox::{Leg, Pending};

/// Messages of one person within this time belong together.
const GROUP_MILLIS: i64 = 5 * 60_000;
/// More changes of a group than these in a row are folded into one line.
pub(crate) const CHANGES_MAX: usize = 3;

/// A line of the log.
#[derive(Debug, PartialEq)]
pub(crate) enum Row<'a> {
    /// A day begins, counted from the epoch in the reader's zone.
    Day(i64, Timestamp),
    /// What follows was not read when the reader came.
    New,
    /// A message.
    Message(Line<'a>),
    /// Who came and went, and what else became of the group.
    Changes(Vec<&'a GroupLine>),
}

/// A message as it stands in the log.
#[derive(Debug, PartialEq)]
pub(crate) struct Line<'a> {
    pub(crate) client_id: &'a ClientId,
    /// None for one that has not arrived.
    pub(crate) message: Option<&'a Message>,
    pub(crate) pending: Option<&'a Pending>,
    pub(crate) body: &'a str,
    pub(crate) at: Timestamp,
    pub(crate) own: bool,
    /// It begins a group.
    pub(crate) first: bool,
}

/// The whole log. `day` counts days in the reader's zone; `new` is the number of the first message that was not
/// read when the reader came.
pub(crate) fn rows<'a>(
    talk: &'a Talk,
    me: UserId,
    new: Option<u32>,
    day: impl Fn(Timestamp) -> i64,
) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    let mut today: Option<i64> = None;
    let mut before: Option<(UserId, Timestamp)> = None;
    let mut changes = talk.log.as_ref().map(changes).unwrap_or_default();
    let messages = talk.log.iter().flat_map(|log| &log.items);
    let confirmed = messages.map(|message| (message.number, Some(message), None));
    // What has not arrived stands under everything that has.
    let pending = talk.outbox.items.iter().map(|pending| match &pending.leg {
        Leg::Sent(message) => (u32::MAX, Some(&**message), None),
        _ => (u32::MAX, None, Some(pending)),
    });
    for (number, message, pending) in confirmed.chain(pending) {
        let line = match (message, pending) {
            (Some(message), _) => Line {
                client_id: &message.client_id,
                message: Some(message),
                pending: None,
                body: &message.body,
                at: message.created_at,
                own: message.sender.id == me,
                first: true,
            },
            (None, Some(pending)) => Line {
                client_id: &pending.client_id,
                message: None,
                pending: Some(pending),
                body: &pending.body,
                at: pending.at,
                own: true,
                first: true,
            },
            (None, None) => continue,
        };
        if put_changes(&mut rows, &mut changes, number, &mut today, &day) {
            before = None;
        }
        let this_day = day(line.at);
        let is_new = new.is_some() && message.map(|message| message.number) == new;
        let new_day = today != Some(this_day);
        if new_day {
            rows.push(Row::Day(this_day, line.at));
        }
        if is_new {
            rows.push(Row::New);
        }
        let by = message.map_or(me, |message| message.sender.id);
        let joined = before
            .is_some_and(|(author, at)| author == by && line.at.as_millis() - at.as_millis() < GROUP_MILLIS);
        let first = new_day || is_new || !joined;
        (before, today) = (Some((by, line.at)), Some(this_day));
        rows.push(Row::Message(Line { first, ..line }));
    }
    put_changes(&mut rows, &mut changes, u32::MAX, &mut today, &day);
    rows
}

/// The changes that stand between the messages that are loaded, or at their ends.
fn changes(log: &MessageLog) -> Vec<&GroupLine> {
    let from = log.first().map_or(0, |first| first.saturating_sub(1));
    let end = log.last().filter(|_| log.more_after);
    // Whose the group was is an administrator then; that is no news beside the other.
    let silent = |line: &GroupLine| {
        line.kind == LineKind::RoleChanged
            && line.role == Some(Role::Admin)
            && line.actor.id == line.subject.id
    };
    let here = |line: &&GroupLine| {
        line.after_number >= from && end.is_none_or(|end| line.after_number < end) && !silent(line)
    };
    log.lines.iter().filter(here).collect()
}

/// Puts those that stand before a message; false when there are none. Few have their days; many are folded, and what
/// follows them says its own.
fn put_changes<'a>(
    rows: &mut Vec<Row<'a>>,
    changes: &mut Vec<&'a GroupLine>,
    before: u32,
    today: &mut Option<i64>,
    day: &impl Fn(Timestamp) -> i64,
) -> bool {
    let here = changes.iter().take_while(|line| line.after_number < before);
    let here: Vec<&GroupLine> = changes.drain(..here.count()).collect();
    let folded = here.len() > CHANGES_MAX;
    for run in here.chunk_by(|one, next| folded || day(one.created_at) == day(next.created_at)) {
        let Some(first) = run.first() else { continue };
        let this_day = day(first.created_at);
        if today.is_none_or(|today| today < this_day) {
            rows.push(Row::Day(this_day, first.created_at));
            *today = Some(this_day);
        }
        rows.push(Row::Changes(run.to_vec()));
    }
    !here.is_empty()
}
