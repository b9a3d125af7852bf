//! What stands under each other in a log of messages: days, the line before what is new, messages in groups.

use hearth_shared::conversations::Message;
use hearth_shared::ids::{ClientId, UserId};
use hearth_shared::time::Timestamp;

use super::Talk;
use super::outbox::{Leg, Pending};

/// Messages of one person within this time belong together.
const GROUP_MILLIS: i64 = 5 * 60_000;

/// A line of the log.
#[derive(Debug, PartialEq)]
pub(crate) enum Row<'a> {
    /// A day begins, counted from the epoch in the reader's zone.
    Day(i64, Timestamp),
    /// What follows was not read when the reader came.
    New,
    /// A message.
    Message(Line<'a>),
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
    let mut before: Option<(bool, Timestamp, i64)> = None;
    let messages = talk.log.iter().flat_map(|log| &log.items);
    let confirmed = messages.map(|message| (Some(message), None));
    let pending = talk.outbox.items.iter().map(|pending| match &pending.leg {
        Leg::Sent(message) => (Some(&**message), None),
        _ => (None, Some(pending)),
    });
    for (message, pending) in confirmed.chain(pending) {
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
        let today = day(line.at);
        let is_new = new.is_some() && message.map(|message| message.number) == new;
        let new_day = before.is_none_or(|(_, _, day)| day != today);
        if new_day {
            rows.push(Row::Day(today, line.at));
        }
        if is_new {
            rows.push(Row::New);
        }
        let joined = before.is_some_and(|(own, at, _)| {
            own == line.own && line.at.as_millis() - at.as_millis() < GROUP_MILLIS
        });
        let first = new_day || is_new || !joined;
        before = Some((line.own, line.at, today));
        rows.push(Row::Message(Line { first, ..line }));
    }
    rows
}
