//! Pages in any order, early and late; and one fault each.

use proptest::prelude::*;

use super::tests::message;
use super::*;
use crate::conversations::groups::{Group, History, Role, Visibility};
use crate::conversations::members::{GroupLine, LineKind};
use crate::conversations::{
    Conversation, ConversationKind, ConversationRequest, Message, MessagePage, Quote,
};
use crate::ids::{FriendRequestId, Id, ListedId, NotificationId};
use crate::notifications::{Happening, Notification};
use crate::realtime::events::GroupChange;
use crate::time::Timestamp;

const ME: i64 = 1;
const OTHER: i64 = 10;

fn said(number: u32) -> Message {
    let at = Timestamp::from_millis(i64::from(number));
    message(0, number, i64::from(number), UserId::new(OTHER), at)
}

/// A line that stands behind so many messages.
fn line(seq: u64, after_number: u32) -> GroupLine {
    let who = said(1).sender;
    GroupLine {
        seq,
        after_number,
        kind: LineKind::Joined,
        actor: who.clone(),
        subject: who,
        role: None,
        created_at: Timestamp::from_millis(0),
    }
}

/// The lines that stand between messages `from` to `to`, before the first message and behind the last.
fn between(lines: &[GroupLine], from: u32, to: u32) -> Vec<GroupLine> {
    let begin = if from == 1 { 0 } else { from };
    let within = |line: &&GroupLine| (begin..=to).contains(&line.after_number);
    lines.iter().filter(within).cloned().collect()
}

/// Messages `from` to `to` of `all`.
fn page(from: u32, to: u32, all: u32) -> MessagePage {
    MessagePage {
        items: (from..=to).map(said).collect(),
        has_more_before: from > 1,
        has_more_after: to < all,
        lines: Vec::new(),
        last_number: all,
        seq: u64::from(all),
    }
}

fn talk() -> ConversationId {
    ConversationId::new(1)
}

#[derive(Debug, Clone)]
enum Act {
    Say(u32),
    /// Somebody comes.
    Line,
    /// The page before or after what is loaded, or one anywhere; late by some acts.
    Before(u32),
    After(u32),
    Around(u32, u32),
    Newest(u32),
}

fn acts() -> impl Strategy<Value = Vec<(Act, usize)>> {
    let len = || 1..6_u32;
    let act = prop_oneof![
        3 => (1..4_u32).prop_map(Act::Say),
        2 => Just(Act::Line),
        2 => len().prop_map(Act::Before),
        2 => len().prop_map(Act::After),
        1 => (1..30_u32, len()).prop_map(|(at, len)| Act::Around(at, len)),
        1 => len().prop_map(Act::Newest),
    ];
    prop::collection::vec((act, 0..4_usize), 1..40)
}

fn check(log: &MessageLog, all: u32, lines: &[GroupLine]) {
    assert!(log.lines.is_sorted_by(|a, b| a.seq < b.seq));
    let (Some(first), Some(last)) = (log.first(), log.last()) else {
        assert_eq!(log.lines, lines);
        return assert_eq!(all, 0);
    };
    assert_eq!(log.items, (first..=last).map(said).collect::<Vec<_>>());
    assert_eq!(between(&log.lines, first, last), between(lines, first, last));
    assert_eq!(log.more_before, first > 1);
    assert_eq!(log.more_after, last < all);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pages_make_one_run_and_tell_where_it_ends(start in 0..20_u32, acts in acts()) {
        let mut all = start;
        let mut happened: Vec<Event> = Vec::new();
        let mut lines: Vec<GroupLine> = Vec::new();
        let mut log = MessageLog::new(talk(), page(start.saturating_sub(4).max(1), start, start));
        let mut late: Vec<(usize, MessagePage)> = Vec::new();
        for (now, (act, delay)) in acts.into_iter().enumerate() {
            let before = happened.len();
            let (from, to) = match act {
                Act::Say(count) => {
                    happened.extend((all + 1..=all + count).map(|number| Event::MessageCreated { message: said(number) }));
                    all += count;
                    (1, 0)
                }
                Act::Line => {
                    lines.push(line(before as u64 + 1, all));
                    happened.push(joined(lines[lines.len() - 1].clone()));
                    (1, 0)
                }
                Act::Before(len) => {
                    let first = log.first().unwrap_or(1);
                    (first.saturating_sub(len).max(1), first - 1)
                }
                Act::After(len) => {
                    let last = log.last().unwrap_or(0);
                    (last + 1, all.min(last + len))
                }
                Act::Around(at, len) => (at.min(all).max(1), all.min(at + len)),
                Act::Newest(len) => (all.saturating_sub(len) + 1, all),
            };
            for event in &happened[before..] {
                log.apply(event);
            }
            let asked = MessagePage {
                lines: between(&lines, from, to),
                seq: happened.len() as u64,
                ..page(from, to, all)
            };
            late.push((now + delay, asked));
            let due;
            (due, late) = late.into_iter().partition(|(at, _)| *at <= now);
            for (_, page) in due {
                // Read and followed: what happened since comes again.
                let since = usize::try_from(page.seq).unwrap();
                log.merge(page);
                for event in &happened[since..] {
                    log.apply(event);
                }
            }
            check(&log, all, &lines);
        }
    }
}

#[test]
fn an_empty_log_keeps_its_lines_and_takes_those_of_an_empty_page() {
    let nothing = |lines: Vec<GroupLine>| MessagePage {
        items: Vec::new(),
        lines,
        ..page(4, 3, 3)
    };
    // Messages 1 to 3 are from before one came.
    let mut log = MessageLog::new(talk(), nothing(Vec::new()));
    log.apply(&joined(line(7, 3)));
    log.merge(nothing(vec![line(6, 3)]));
    assert_eq!(log.lines, [line(6, 3), line(7, 3)]);
    log.merge(MessagePage {
        lines: vec![line(9, 4)],
        ..page(4, 4, 4)
    });
    assert_eq!(log.lines, [line(6, 3), line(7, 3), line(9, 4)]);
    assert_eq!(log.items, [said(4)]);
}

fn joined(line: GroupLine) -> Event {
    let change = GroupChange {
        conversation_id: talk(),
        line,
        role: Some(Role::Member),
        group: Group {
            title: "Walks".into(),
            description: String::new(),
            visibility: Visibility::Private,
            history: History::All,
            picture_url: None,
        },
        member_count: 2,
        membership_version: 1,
    };
    Event::GroupChanged { change }
}

#[test]
fn the_largest_number_does_no_harm() {
    let mut log = MessageLog::new(talk(), page(u32::MAX - 1, u32::MAX, u32::MAX));
    log.merge(page(u32::MAX, u32::MAX, u32::MAX));
    let message = said(u32::MAX);
    assert!(log.apply(&Event::MessageCreated { message }));
    assert_eq!(log.items.len(), 2);
}

/// What is answered over HTTP may be older than what events have told: nothing that is gone comes back through it.
#[test]
fn a_late_answer_brings_nothing_back() {
    let (me, quoted) = (UserId::new(ME), said(1));
    let mut reply = said(2);
    reply.reply_to = Some(Quote::of(&quoted));
    let mut pages = page(1, 2, 2);
    pages.items[1] = reply.clone();
    let mut log = MessageLog::new(talk(), pages);
    let mut list = ConversationList::default();
    list.put(Conversation {
        last_message: Some(reply.clone()),
        ..begun(1, 2)
    });
    let version = |seq: u64, message: &Message, body: &str| Message {
        seq,
        body: body.to_owned(),
        ..message.clone()
    };
    let gone = version(5, &quoted, "");
    let late = version(3, &quoted, &quoted.body);
    let changed = version(4, &reply, "changed");
    let events = [
        Event::MessageChanged { message: changed },
        Event::MessageChanged { message: gone },
        Event::MessageChanged { message: late },
        Event::MessageCreated { message: reply },
    ];
    for event in &events {
        log.apply(event);
        list.apply(me, event);
    }
    let excerpt = |message: &Message| message.reply_to.as_ref().unwrap().excerpt.clone();
    assert_eq!(log.items[0].body, "");
    for shown in [&log.items[1], list.items[0].last_message.as_ref().unwrap()] {
        assert_eq!((shown.body.as_str(), excerpt(shown).as_str()), ("changed", ""));
    }
    // A new name is a new name in quotes, too.
    let card = UserCard {
        rev: 9,
        display_name: "New".into(),
        ..quoted.sender
    };
    log.renew(&card);
    list.renew(&card);
    for shown in [&log.items[1], list.items[0].last_message.as_ref().unwrap()] {
        assert_eq!(shown.reply_to.as_ref().unwrap().sender.display_name, "New");
    }
}

#[test]
fn a_conversation_that_comes_late_was_read_elsewhere_meanwhile() {
    let me = UserId::new(ME);
    let mut list = ConversationList::default();
    list.read(
        me,
        &Read {
            conversation_id: talk(),
            user_id: me,
            number: 5,
            at: Timestamp::from_millis(9),
        },
    );
    list.put(begun(1, 5));
    let known = list.find(talk()).unwrap();
    assert_eq!((known.my_read_number, known.unread_count), (5, 0));
    assert_eq!(list.unread(), 0);
}

#[test]
fn what_was_answered_is_not_asked_again() {
    let mut list = ConversationList::default();
    let with = |request| Conversation {
        other: Some(said(1).sender),
        request: Some(request),
        ..begun(1, 1)
    };
    let asked = ConversationRequest::Incoming {
        mutual_friend_count: 0,
    };
    // The last of them was long on its way.
    [asked, ConversationRequest::Accepted, asked]
        .into_iter()
        .for_each(|request| list.put(with(request)));
    let accepted = Some(ConversationRequest::Accepted);
    assert_eq!(list.items[0].request, accepted);
    // To ask for friendship, and not to get it, takes nothing away; that a friendship ends does.
    let (id, user_id) = (FriendRequestId::new(1), UserId::new(OTHER));
    list.apply(UserId::new(ME), &Event::FriendRequestGone { id, user_id });
    assert_eq!((list.items[0].can_send, list.items[0].request), (true, accepted));
    list.apply(UserId::new(ME), &Event::FriendRemoved { user_id });
    assert_eq!((list.items[0].can_send, list.items[0].request), (false, None));
}

/// The conversation was known before anything was said in it, when the two were friends.
#[test]
fn a_request_that_comes_behind_its_message_is_one() {
    let mut list = ConversationList::default();
    list.put(begun(1, 0));
    list.apply(UserId::new(ME), &Event::MessageCreated { message: said(1) });
    let mut asked = Conversation {
        request: Some(ConversationRequest::Incoming {
            mutual_friend_count: 0,
        }),
        ..begun(1, 1)
    };
    asked.settings.request = true;
    list.put(asked.clone());
    assert_eq!(list.items[0].request, asked.request);
}

/// What was read before that message comes behind it: whoever sent it has read it all the same.
#[test]
fn who_writes_before_it_is_shown_how_far_they_are_has_read_that() {
    let mut list = ConversationList::default();
    let reader = |number: u32| crate::conversations::ReadPosition {
        user_id: UserId::new(OTHER),
        number,
        at: Some(Timestamp::from_millis(number.into())),
    };
    list.put(Conversation {
        request: Some(ConversationRequest::Incoming {
            mutual_friend_count: 0,
        }),
        ..begun(1, 1)
    });
    list.apply(UserId::new(ME), &Event::MessageCreated { message: said(2) });
    list.put(Conversation {
        request: Some(ConversationRequest::Accepted),
        read_positions: vec![reader(1)],
        ..begun(1, 1)
    });
    assert_eq!(list.items[0].read_positions, [reader(2)]);
}

#[test]
fn a_request_is_full_with_its_third_message() {
    let mut list = ConversationList::default();
    list.put(Conversation {
        request: Some(ConversationRequest::Outgoing),
        ..begun(1, 2)
    });
    assert_eq!(
        (list.items[0].can_send, list.items[0].request_left()),
        (true, Some(1))
    );
    list.apply(UserId::new(ME), &Event::MessageCreated { message: said(3) });
    assert_eq!(
        (list.items[0].can_send, list.items[0].request_left()),
        (false, Some(0))
    );
}

#[test]
fn conversations_without_a_message_keep_their_order() {
    let mut list = ConversationList::default();
    [1, 2, 1].into_iter().for_each(|id| list.put(begun(id, 0)));
    let ids: Vec<i64> = list.items.iter().map(|known| known.id.get()).collect();
    assert_eq!(ids, [2, 1]);
}

#[test]
fn the_last_notification_that_is_loaded_is_not_lost_when_it_comes_again() {
    let mut list = NotificationList {
        items: vec![news(2, 20), news(1, 12)],
        more: true,
    };
    let before = list.clone();
    list.apply(&Event::Notification {
        notification: news(1, 12),
    });
    assert_eq!(list, before);
    // One that is not loaded changes: its place is further down.
    list.apply(&Event::Notification {
        notification: news(7, 5),
    });
    assert_eq!(list, before);
    // All that was loaded is gone, and there is news.
    for id in [1, 2] {
        list.apply(&Event::NotificationGone {
            id: NotificationId::new(id),
        });
    }
    list.apply(&Event::Notification {
        notification: news(3, 30),
    });
    assert_eq!(list.items, [news(3, 30)]);
}

fn begun(id: i64, said: u32) -> Conversation {
    Conversation {
        id: ConversationId::new(id),
        kind: ConversationKind::Direct,
        other: None,
        group: None,
        my_role: None,
        listed_id: ListedId::new(id),
        first_number: 1,
        member_count: 2,
        can_send: true,
        request: None,
        last_message: None,
        last_number: said,
        my_read_number: 0,
        unread_count: said,
        read_positions: Vec::new(),
        last_seq: 0,
        membership_version: 1,
        settings: crate::conversations::ConversationSettings::default(),
        created_at: Timestamp::from_millis(0),
    }
}

fn news(id: i64, position: u64) -> Notification {
    Notification {
        id: NotificationId::new(id),
        position,
        what: Happening::FriendAccepted,
        actors: Vec::new(),
        actor_count: 1,
        excerpt: None,
        group: None,
        seen: false,
        read: false,
        created_at: Timestamp::from_millis(0),
        updated_at: Timestamp::from_millis(0),
    }
}
