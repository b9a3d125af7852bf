//! What becomes of messages that answers and events bring in any order.

use hearth_shared::conversations::groups::{Group, History, Role, Visibility};
use hearth_shared::conversations::members::{GroupLine, LineKind};
use hearth_shared::conversations::{Attachment, NewMessage, Pins, Quote, ReadPosition};
use hearth_shared::ids::{Id, ListedId, MediaId, MessageId};
use hearth_shared::media::MediaKind;
use hearth_shared::time::Timestamp;
use hearth_shared::users::UserCard;

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
        attachments: Vec::new(),
        reply_to: None,
        reactions: Vec::new(),
        created_at: Timestamp::from_millis(i64::from(number) * 1_000),
        edited_at: None,
        deleted_at: None,
        pinned_at: None,
    }
}

pub(crate) fn attachment(number: i64) -> Attachment {
    Attachment {
        id: MediaId::new(number),
        kind: MediaKind::Image,
        width: Some(4),
        height: Some(3),
        duration_ms: None,
        blurhash: None,
        alt_text: String::new(),
        name: format!("{number}.jpg"),
        size: 1,
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
        group: None,
        my_role: None,
        member_count: 2,
        can_send: true,
        request: None,
        listed_id: ListedId::new(i64::from(last)),
        first_number: 1,
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
        settings: hearth_shared::conversations::ConversationSettings::default(),
        created_at: Timestamp::from_millis(0),
    }
}

/// The newest messages, and there are no others.
fn page(items: Vec<Message>) -> MessagePage {
    MessagePage {
        has_more_before: false,
        has_more_after: false,
        lines: Vec::new(),
        last_number: items.last().map_or(0, |last| last.number),
        seq: items.last().map_or(0, |last| last.seq),
        items,
    }
}

pub(crate) fn group() -> Group {
    Group {
        title: "Garden week".into(),
        description: String::new(),
        visibility: Visibility::Private,
        history: History::All,
        picture_url: None,
    }
}

fn person(id: i64) -> UserCard {
    UserCard {
        display_name: format!("U{id}"),
        ..user(id)
    }
}

/// A line of a group, with its position, the message before it, what it tells, and of whom.
pub(crate) fn line(seq: u64, after: u32, kind: LineKind, actor: i64, subject: i64) -> GroupLine {
    GroupLine {
        seq,
        after_number: after,
        kind,
        actor: person(actor),
        subject: person(subject),
        role: None,
        created_at: Timestamp::from_millis(i64::from(after) * 1_000),
    }
}

pub(crate) fn change(seq: u64, kind: LineKind, actor: i64, subject: i64, role: Option<Role>) -> GroupChange {
    GroupChange {
        conversation_id: id(),
        line: line(seq, 2, kind, actor, subject),
        role,
        group: group(),
        member_count: 3,
        membership_version: seq,
    }
}

/// With two messages of the other one.
fn chats() -> Chats {
    let mut chats = Chats::default();
    chats.put(conversation(2));
    let said = vec![message(1, OTHER), message(2, OTHER)];
    chats.settle_page(me(), id(), Ok(page(said)));
    chats
}

fn send(chats: &mut Chats, byte: u8) {
    let new = NewMessage {
        client_id: client(byte),
        body: byte.to_string(),
        reply_to_id: None,
        media_ids: Vec::new(),
    };
    chats.change(id(), |talk| {
        talk.outbox.push(new, Vec::new(), None, Timestamp::from_millis(0));
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
    let older = MessagePage {
        has_more_before: true,
        has_more_after: true,
        seq: 40,
        ..page(vec![message(20, OTHER)])
    };
    chats.settle_page(me(), id(), Ok(older));
    assert!(!chats.apply(me(), &created(41, OTHER)));
    assert_eq!(shown(&chats), "20");
}

#[test]
fn typing_ends_with_the_message_or_with_time() {
    let (mut chats, other, third) = (chats(), UserId::new(OTHER), UserId::new(3));
    chats.typing(id(), other, 6_000);
    chats.stop_typing(id(), 5_999);
    assert!(chats.talk(id()).is_typing());
    chats.apply(me(), &created(3, OTHER));
    assert!(!chats.talk(id()).is_typing());
    chats.typing(id(), other, 9_000);
    chats.typing(id(), third, 9_500);
    chats.typing(id(), other, 9_200);
    assert_eq!(chats.talk(id()).typists().collect::<Vec<_>>(), [other, third]);
    chats.stop_typing(id(), 9_200);
    assert_eq!(chats.talk(id()).typists().collect::<Vec<_>>(), [third]);
    let change = change(9, LineKind::Left, 3, 3, None);
    chats.apply(me(), &Event::GroupChanged { change });
    assert!(!chats.talk(id()).is_typing(), "who has gone types no more");
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
            Row::Changes(_) => "changes",
        })
        .collect();
    assert_eq!(shape, ["day", "first", "day", "new", "first", "day", "first"]);
}

/// A log of messages 3 and 4 with lines after these numbers: what is shown, where.
fn with_lines(after: &[u32], more_after: bool) -> Vec<String> {
    let mut chats = chats();
    let lines = after.iter().zip(1..);
    let lines = lines.map(|(after, seq)| line(seq, *after, LineKind::Joined, 3, 3));
    let page = MessagePage {
        lines: lines.collect(),
        has_more_before: true,
        has_more_after: more_after,
        ..page(vec![message(3, OTHER), message(4, OTHER)])
    };
    chats.change(id(), |talk| talk.outdated = true);
    chats.settle_page(me(), id(), Ok(page));
    send(&mut chats, 9);
    let talk = chats.talk(id());
    let rows = rows(&talk, me(), None, |_| 0).into_iter();
    rows.filter_map(|row| match row {
        Row::Message(line) => Some(format!("{}{}", line.body, if line.first { "!" } else { "" })),
        Row::Changes(run) => Some(format!("({})", run.len())),
        Row::Day(..) | Row::New => None,
    })
    .collect()
}

#[test]
fn lines_stand_between_the_messages_that_are_loaded() {
    assert_eq!(with_lines(&[], false), ["3!", "4", "9!"]);
    assert_eq!(
        with_lines(&[0, 1, 2, 3, 3, 4, 4, 4, 4], false),
        ["(1)", "3!", "(2)", "4!", "(4)", "9!"],
        "what belongs to messages that are not loaded waits for them"
    );
    assert_eq!(
        with_lines(&[3, 4, 7], true),
        ["3!", "(1)", "4!", "9!"],
        "the end of what is loaded is not the end"
    );
}

#[test]
fn few_lines_have_their_days_and_many_are_one() {
    let mut chats = chats();
    let shape = |chats: &mut Chats, count: u64| {
        let lines = (1..=count).map(|seq| GroupLine {
            created_at: Timestamp::from_millis(i64::try_from(seq).unwrap_or(0) * 1_000),
            ..line(seq, 0, LineKind::Joined, 3, 3)
        });
        let page = MessagePage {
            lines: lines.collect(),
            ..page(Vec::new())
        };
        chats.change(id(), |talk| talk.log = None);
        chats.settle_page(me(), id(), Ok(page));
        let talk = chats.talk(id());
        let rows = rows(&talk, me(), None, |at| at.as_millis() / 2_000);
        let shape = rows.iter().map(|row| match row {
            Row::Day(day, _) => format!("day{day}"),
            Row::Changes(run) => run.len().to_string(),
            Row::New | Row::Message(_) => String::new(),
        });
        shape.collect::<Vec<_>>()
    };
    assert_eq!(shape(&mut chats, 3), ["day0", "1", "day1", "2"]);
    assert_eq!(shape(&mut chats, 4), ["day0", "4"]);
}

#[test]
fn whose_the_group_was_is_an_administrator_and_that_is_no_news() {
    let mut chats = chats();
    for (seq, actor, subject, role) in [(3, 2, 3, Role::Owner), (4, 2, 2, Role::Admin)] {
        let mut change = change(seq, LineKind::RoleChanged, actor, subject, Some(role));
        change.line.role = Some(role);
        chats.apply(me(), &Event::GroupChanged { change });
    }
    let talk = chats.talk(id());
    let rows = rows(&talk, me(), None, |_| 0);
    let changes = rows.iter().filter_map(|row| match row {
        Row::Changes(run) => Some(run.len()),
        _ => None,
    });
    assert_eq!(changes.collect::<Vec<_>>(), [1]);
}

#[test]
fn nothing_is_left_of_a_group_that_one_is_in_no_more() {
    let mut chats = Chats::default();
    let conversation = Conversation {
        kind: ConversationKind::Group,
        other: None,
        group: Some(group()),
        my_role: Some(Role::Member),
        ..conversation(2)
    };
    chats.put(conversation.clone());
    chats.settle_page(me(), id(), Ok(page(vec![message(1, OTHER), message(2, OTHER)])));
    send(&mut chats, 9);
    let since = chats.reading();
    assert!(!chats.has_left(id(), since));
    chats.apply(me(), &Event::ConversationRemoved { id: id() });
    let talk = chats.talk(id());
    assert!(talk.gone && talk.log.is_none() && talk.outbox.items.is_empty());
    assert!(chats.find(id()).is_none() && chats.unsent().is_empty());
    assert!(chats.has_left(id(), since), "what was read before that is old");
    chats.put(conversation);
    assert!(!chats.talk(id()).gone, "one is in it again");
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

#[test]
fn a_picture_is_found_with_those_of_its_message() {
    let mut talk = Talk::default();
    let mut said = message(1, OTHER);
    said.attachments = vec![attachment(1), attachment(2)];
    let page = MessagePage {
        items: vec![said],
        has_more_before: false,
        has_more_after: false,
        lines: Vec::new(),
        last_number: 1,
        seq: 1,
    };
    talk.log = Some(MessageLog::new(id(), page));
    let new = NewMessage {
        client_id: client(9),
        body: String::new(),
        reply_to_id: None,
        media_ids: vec![MediaId::new(3)],
    };
    talk.outbox
        .push(new, vec![attachment(3)], None, Timestamp::from_millis(0));
    assert_eq!(talk.beside(MediaId::new(2)).len(), 2);
    assert_eq!(talk.beside(MediaId::new(3)), [attachment(3)]);
    assert!(talk.beside(MediaId::new(4)).is_empty());
}

#[test]
fn what_one_removes_shows_nothing_from_then_on() {
    let mut talk = Talk::default();
    let mut said = message(1, ME);
    said.attachments = vec![attachment(1)];
    talk.asked.remove(said.id, true);
    assert!(talk.asked.shown(&said, me()).attachments.is_empty());
}

#[test]
fn what_is_pinned_follows_the_messages_until_the_log_is_forgotten() {
    let mut chats = Chats::default();
    chats.put(conversation(3));
    let changed = |number: u32, seq: u64, pinned_at: Option<i64>| Event::MessageChanged {
        message: Message {
            seq,
            pinned_at: pinned_at.map(Timestamp::from_millis),
            ..message(number, OTHER)
        },
    };
    chats.apply(me(), &changed(1, 4, Some(1)));
    assert_eq!(chats.talk(id()).pins, None, "nothing was read yet");
    chats.change(id(), |talk| talk.pins = Some(Pins::new(Vec::new(), 4)));
    for event in [
        changed(1, 5, Some(2)),
        changed(3, 6, Some(3)),
        changed(2, 4, Some(9)),
        changed(1, 7, None),
    ] {
        chats.apply(me(), &event);
    }
    let pins = chats.talk(id()).pins.clone().unwrap();
    assert_eq!(pins.items.iter().map(|one| one.number).collect::<Vec<_>>(), [3]);
    chats.forget_logs();
    assert_eq!(chats.talk(id()).pins, None);
}
