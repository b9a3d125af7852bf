//! The lines of the log. A message keeps its element from the moment it is sent: its key is the id that its
//! sender's client gave it.

use hearth_shared::conversations::members::LineKind;
use hearth_shared::conversations::{Conversation, ReadPosition};
use hearth_shared::ids::UserId;
use hearth_shared::time::Timestamp;
use yew::prelude::*;

use super::changes::Changes;
use super::message::{Said, What};
use super::state::Talk;
use super::state::rows::{Line, Row, rows};
use super::{mentions, names, pins};
use crate::context::App;
use crate::platform::clock;
use crate::text::chats as words;
use crate::ui::avatar::current;
use crate::ui::when::{clock_time, heading};

/// The first message that was not read when the reader came, and how many there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct New {
    pub(super) first: u32,
    pub(super) count: u32,
}

/// All lines.
pub(super) fn lines(app: &App, known: &Conversation, talk: &Talk, new: Option<New>) -> Vec<Html> {
    let day = |at: Timestamp| clock::local(at).day_number;
    let rows = rows(talk, app.user.id, new.map(|new| new.first), day);
    let receipts = Receipts::of(&rows, known, talk, app.user.id);
    rows.iter()
        .map(|row| match row {
            Row::Day(day, at) => html! {
                <div key={format!("day{day}")} class="day"><span>{ heading(*at) }</span></div>
            },
            Row::New => html! {
                <p key="new" class="rule rule--new"><span>{ words::new_messages(new.map_or(0, |new| new.count)) }</span></p>
            },
            Row::Message(line) => message(app, known, talk, line, &receipts),
            Row::Changes(run) => {
                let key = run.first().map_or(0, |line| line.seq);
                html! { <Changes key={format!("change{key}")} lines={run.iter().copied().cloned().collect::<Vec<_>>()} /> }
            }
        })
        .collect()
}

/// Under which of one's own messages it says that they arrived, or were seen.
struct Receipts {
    sent: Option<u32>,
    seen: Option<(u32, AttrValue)>,
}

impl Receipts {
    fn of(rows: &[Row<'_>], known: &Conversation, talk: &Talk, me: UserId) -> Self {
        let others = known.read_positions.iter().filter(|read| read.user_id != me);
        let own = rows.iter().rev().filter_map(|row| match row {
            Row::Message(line) if line.own => line.message,
            _ => None,
        });
        let sent = own.clone().next().map(|message| message.number);
        let seen = own.map(|message| message.number).find_map(|number| {
            let readers: Vec<&ReadPosition> = others
                .clone()
                .filter(|read| read.number >= number && !came_after(talk, read.user_id, number))
                .collect();
            let text = match readers.as_slice() {
                [] => return None,
                [read] if known.group.is_none() => words::seen(&read.at.map(clock_time).unwrap_or_default()),
                readers => names::seen(known, talk, readers),
            };
            Some((number, text.into()))
        });
        let reached = seen.as_ref().map(|(number, _)| *number);
        Self {
            // What was seen has also arrived.
            sent: sent.filter(|sent| Some(*sent) != reached),
            seen,
        }
    }

    fn under(&self, line: &Line<'_>) -> Option<AttrValue> {
        let number = line.message.filter(|_| line.own)?.number;
        match &self.seen {
            Some((seen, text)) if *seen == number => Some(text.clone()),
            _ => (self.sent == Some(number)).then(|| words::SENT.into()),
        }
    }
}

/// Whether somebody came into a group after a message: what was said before counts as read, but they have not seen it.
fn came_after(talk: &Talk, user: UserId, number: u32) -> bool {
    let lines = talk.log.iter().flat_map(|log| &log.lines);
    lines
        .filter(|line| line.kind == LineKind::Joined && line.subject.id == user)
        .any(|line| line.after_number >= number)
}

fn message(app: &App, known: &Conversation, talk: &Talk, line: &Line<'_>, receipts: &Receipts) -> Html {
    let what = match (line.message, line.pending) {
        (Some(message), _) => What::Message(talk.asked.shown(message, app.user.id).into_owned()),
        (None, Some(pending)) => What::Pending(pending.clone()),
        (None, None) => return Html::default(),
    };
    let change = line.message.and_then(|message| talk.asked.change(message.id));
    let other = line.message.filter(|_| !line.own);
    // Nobody else can take the place of a message by using its id.
    let key = match other {
        Some(message) => format!("{}.{}", message.sender.id, line.client_id),
        None => format!("me{}", line.client_id),
    };
    let mentions = mentions::of(line.body, &app.user, known, talk);
    html! {
        <Said
            {key} {mentions} may_pin={pins::may(known)} conversation={known.id} {what} first={line.first} named={known.group.is_some()} under={receipts.under(line)} change={change.cloned()}
            sender={other.map(|message| current(&message.sender))} can_send={known.can_send && !known.is_unanswered()}
        />
    }
}
