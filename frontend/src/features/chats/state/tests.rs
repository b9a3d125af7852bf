//! What becomes of messages that answers and events bring in any order.

use hearth_shared::conversations::{ConversationKind, NewMessage, ReadPosition};
use hearth_shared::ids::{Id, MessageId};
use hearth_shared::time::Timestamp;

use super::outbox::Leg;
use super::rows::{Row, rows};
use super::*;
use crate::features::posts::state::tests::{client, user};

const ME: i64 = 1;
const OTHER: i64 = 2;

fn me() -> UserId {
    UserId::new(ME)
}

fn id() -> ConversationId {
    ConversationId::new(7)
}

pub(crate) fn message(number: u32, sender: i64) -> Message {
    Message {
        id: MessageId::new(i64::from(number)),
        conversation_id: id(),
        number,
        seq: u64::from(number),
        client_id: client(u8::try_from(number).unwrap()),
        sender: user(sender),
        body: number.to_string(),
        reply_to: None,
        reactions: Vec::new(),
        created_at: Timestamp::from_millis(i64::from(number) * 1_000),
        edited_at: None,
        deleted_at: None,
    }
}

fn created(number: u32, sender: i64) -> Event {
    Event::MessageCreated {
        message: message(number, sender),
    }
}

fn conversation(last: u32) -> Conversation {
    Conversation {
        id: id(),
        kind: ConversationKind::Direct,
        other: Some(user(OTHER)),
        member_count: 2,
        can_send: true,
        last_message: (last > 0).then(|| message(last, OTHER)),
        last_number: last,
        my_read_number: 0,
        unread_count: last,
        read_positions: vec![ReadPosition {
            user_id: UserId::new(OTHER),
            number: 0,
            at: None,
        }],
        last_seq: u64::from(last),
        membership_version: 1,
        created_at: Timestamp::from_millis(0),
    }
}

/// With two messages of the other one.
fn chats() -> Chats {
    let mut chats = Chats::default();
    chats.put(conversation(2));
    let page = MessagePage {
        items: vec![message(1, OTHER), message(2, OTHER)],
        has_more_before: false,
        has_more_after: false,
        seq: 2,
    };
    chats.settle_page(me(), id(), Ok(page));
    chats
}

fn send(chats: &mut Chats, byte: u8) {
    let new = NewMessage {
        client_id: client(byte),
        body: byte.to_string(),
        reply_to_id: None,
    };
    chats.change(id(), |talk| {
        talk.outbox.push(new, None, Timestamp::from_millis(0));
        talk.outbox.next();
    });
}

fn shown(chats: &Chats) -> String {
    let talk = chats.talk(id());
    let lines = rows(&talk, me(), None, |_| 0);
    let texts = lines.iter().filter_map(|row| match row {
        Row::Message(line) => Some(line.body),
        _ => None,
    });
    texts.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_message_is_there_once_whichever_comes_first() {
    for answer_first in [true, false] {
        let mut chats = chats();
        send(&mut chats, 3);
        assert_eq!(shown(&chats), "1 2 3");
        if answer_first {
            chats.sent(me(), message(3, ME));
            chats.apply(me(), &created(3, ME));
        } else {
            chats.apply(me(), &created(3, ME));
            chats.sent(me(), message(3, ME));
        }
        assert_eq!(shown(&chats), "1 2 3");
        assert!(chats.unsent().is_empty() && chats.talk(id()).outbox.items.is_empty());
        assert_eq!(chats.list.unread(), 0, "to send is to have read");
    }
}

#[test]
fn an_answer_that_overtakes_an_event_waits_below_the_log() {
    let mut chats = chats();
    send(&mut chats, 4);
    chats.sent(me(), message(4, ME));
    assert!(matches!(chats.talk(id()).outbox.items[0].leg, Leg::Sent(_)));
    assert_eq!(shown(&chats), "1 2 4");
    assert!(!chats.apply(me(), &created(3, OTHER)));
    assert_eq!(shown(&chats), "1 2 3 4");
    assert!(!chats.apply(me(), &created(4, ME)));
    assert_eq!(shown(&chats), "1 2 3 4");
    assert!(chats.talk(id()).outbox.items.is_empty());
}

#[test]
fn messages_that_arrive_stand_before_those_that_have_not() {
    let mut chats = chats();
    send(&mut chats, 9);
    chats.apply(me(), &created(3, OTHER));
    assert_eq!(shown(&chats), "1 2 3 9");
    assert_eq!(chats.unsent(), [id()]);
}

#[test]
fn a_message_that_changes_changes_everywhere() {
    let mut chats = chats();
    send(&mut chats, 4);
    chats.sent(me(), message(4, ME));
    chats.change(id(), |talk| talk.aim = Aim::Reply(Quote::of(&message(2, OTHER))));
    let changed = |number: u32, sender: i64, removed: bool| {
        let mut message = message(number, sender);
        message.seq = 10 + u64::from(number);
        message.body = if removed { String::new() } else { "new".into() };
        message.deleted_at = removed.then_some(message.created_at);
        Event::MessageChanged { message }
    };
    chats.apply(me(), &changed(4, ME, false));
    chats.apply(me(), &changed(1, OTHER, false));
    assert_eq!(shown(&chats), "new 2 new", "also one whose event has not come");
    assert!(matches!(chats.talk(id()).aim, Aim::Reply(_)));
    chats.apply(me(), &changed(2, OTHER, true));
    assert_eq!(shown(&chats), "new  new");
    assert_eq!(chats.talk(id()).aim, Aim::New, "what is gone cannot be answered");
}

#[test]
fn who_reads_something_older_is_not_taken_away_from_it() {
    let mut chats = chats();
    let page = MessagePage {
        items: vec![message(20, OTHER)],
        has_more_before: true,
        has_more_after: true,
        seq: 40,
    };
    chats.settle_page(me(), id(), Ok(page));
    assert!(!chats.apply(me(), &created(41, OTHER)));
    assert_eq!(shown(&chats), "20");
}

#[test]
fn typing_ends_with_the_message_or_with_time() {
    let mut chats = chats();
    chats.typing(id(), Some(6_000));
    chats.stop_typing(id(), 5_999);
    assert!(chats.talk(id()).is_typing());
    chats.apply(me(), &created(3, OTHER));
    assert!(!chats.talk(id()).is_typing());
    chats.typing(id(), Some(9_000));
    chats.stop_typing(id(), 9_000);
    assert!(!chats.talk(id()).is_typing());
}

#[test]
fn groups_days_and_the_new_line() {
    let mut chats = chats();
    send(&mut chats, 3);
    let talk = chats.talk(id());
    let shape: Vec<&str> = rows(&talk, me(), Some(2), |at| at.as_millis() / 2_000)
        .iter()
        .map(|row| match row {
            Row::Day(..) => "day",
            Row::New => "new",
            Row::Message(line) if line.first => "first",
            Row::Message(_) => "next",
        })
        .collect();
    assert_eq!(shape, ["day", "first", "day", "new", "first", "day", "first"]);
}

#[test]
fn reading_the_top_of_the_list_again_keeps_how_far_it_was_read() {
    let page = |next: Option<&str>| Page {
        items: vec![conversation(1)],
        next_cursor: next.map(|next| Cursor(next.into())),
        seq: None,
    };
    let mut chats = Chats::default();
    chats.settle(false, Ok(page(Some("a"))));
    chats.settle(true, Ok(page(Some("b"))));
    chats.settle(false, Ok(page(Some("a"))));
    assert_eq!(chats.paging.next, Some(Cursor("b".into())));
    chats.settle(true, Err(Failure::Unreachable));
    assert_eq!(
        (chats.list.items.len(), chats.paging.failure.is_some()),
        (1, true)
    );
}
