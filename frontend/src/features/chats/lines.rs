//! The lines of the log. A message keeps its element from the moment it is sent: its key is the id that its
//! sender's client gave it.

use hearth_shared::conversations::Conversation;
use hearth_shared::time::Timestamp;
use yew::prelude::*;

use super::sending;
use super::state::Talk;
use super::state::outbox::{Leg, Pending};
use super::state::rows::{Line, Row, rows};
use crate::context::App;
use crate::platform::{clock, connection};
use crate::text::{chats as words, errors, posts, shell};
use crate::ui::avatar::{Size, avatar};
use crate::ui::rich::rich;
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
    let receipts = Receipts::of(&rows, known);
    rows.iter()
        .map(|row| match row {
            Row::Day(day, at) => html! {
                <div key={format!("day{day}")} class="day"><span>{ heading(*at) }</span></div>
            },
            Row::New => html! {
                <p key="new" class="rule rule--new"><span>{ words::new_messages(new.map_or(0, |new| new.count)) }</span></p>
            },
            Row::Message(line) => message(app, known, line, &receipts),
        })
        .collect()
}

/// Under which of one's own messages it says that they arrived, or were seen.
struct Receipts {
    sent: Option<u32>,
    seen: Option<(u32, AttrValue)>,
}

impl Receipts {
    fn of(rows: &[Row<'_>], known: &Conversation) -> Self {
        let read = known.read_positions.iter().find(|position| {
            known
                .other
                .as_ref()
                .is_some_and(|other| other.id == position.user_id)
        });
        let own = rows.iter().rev().filter_map(|row| match row {
            Row::Message(line) if line.own => line.message,
            _ => None,
        });
        let sent = own.clone().next().map(|message| message.number);
        let seen = read.and_then(|read| {
            let last = own.clone().find(|message| message.number <= read.number)?;
            let at = read.at.map(clock_time).unwrap_or_default();
            Some((last.number, words::seen(&at).into()))
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

fn message(app: &App, known: &Conversation, line: &Line<'_>, receipts: &Receipts) -> Html {
    let other = known.other.as_ref();
    let name = match other {
        Some(other) if !line.own => other.display_name.as_str(),
        _ => words::YOU,
    };
    let time = clock_time(line.at);
    let key = format!("{}{}", if line.own { "me" } else { "" }, line.client_id);
    let failed = line
        .pending
        .is_some_and(|pending| matches!(pending.leg, Leg::Failed(_)));
    let class = classes!(
        "msg",
        line.own.then_some("msg--me"),
        line.first.then_some("msg--first"),
        failed.then_some("msg--failed"),
        line.pending.is_some().then_some("msg--pending"),
    );
    let under = receipts.under(line);
    html! {
        <article {key} {class} tabindex="-1" aria-label={words::spoken(name, line.body, &time)}>
            if line.first {
                if let Some(other) = other.filter(|_| !line.own) {
                    <span class="msg__picture">{ avatar(other, Size::Small) }</span>
                }
                <p class="meta msg__head" aria-hidden="true">
                    if !line.own { <b>{ crate::text::first_name(name) }</b>{ " · " } }{ time }
                </p>
            }
            <div class="bub">{ rich(line.body, true) }</div>
            if let Some(pending) = line.pending {
                { state(app, known, pending) }
            } else if let Some(under) = under {
                <p class="meta msg__state" aria-hidden="true">{ under }</p>
            }
        </article>
    }
}

/// How far one's own message has come.
fn state(app: &App, known: &Conversation, pending: &Pending) -> Html {
    let id = known.id;
    match &pending.leg {
        Leg::Failed(failure) => {
            let again = {
                let (app, client_id) = (app.clone(), pending.client_id.clone());
                Callback::from(move |_: MouseEvent| sending::retry(&app, id, &client_id))
            };
            let discard = {
                let (app, client_id) = (app.clone(), pending.client_id.clone());
                Callback::from(move |_: MouseEvent| sending::discard(&app, id, &client_id))
            };
            html! {
                <p class="meta msg__state msg__state--failed" title={errors::failure(failure)}>
                    { words::NOT_SENT }{ " " }
                    <button type="button" class="text-btn" onclick={again}>{ shell::TRY_AGAIN }</button>
                    { " · " }
                    <button type="button" class="text-btn" onclick={discard}>{ posts::DISCARD }</button>
                </p>
            }
        }
        Leg::Waiting if pending.delayed || !connection::is_ready() => {
            html! { <p class="meta msg__state">{ words::WAITING }</p> }
        }
        Leg::Sending if pending.delayed => html! { <p class="meta msg__state">{ words::WAITING }</p> },
        // What is quick is not called slow: the word appears after a second.
        _ => {
            html! { <p class="meta msg__state" aria-hidden="true"><span class="delivery--sending">{ words::SENDING }</span></p> }
        }
    }
}
