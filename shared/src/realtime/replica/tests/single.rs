//! Groups, one thing each that the histories do not reach.

use super::*;
use crate::conversations::groups::{Group, History, Role};
use crate::conversations::members::{GroupInvitation, GroupLine, LineKind};
use crate::conversations::{Conversation, MessagePage, READ_POSITIONS_MAX};
use crate::realtime::events::GroupChange;
use crate::realtime::{ConversationHead, Sync};

/// The group of the histories, as it is in the beginning.
fn begun() -> Conversation {
    Circle::default().conversation().unwrap()
}

/// The same, but that it shows nothing of the three messages before I came.
fn closed() -> Conversation {
    let group = begun().group.map(|group| Group {
        history: History::FromJoining,
        ..group
    });
    Conversation {
        group,
        first_number: 4,
        last_number: 3,
        my_read_number: 3,
        last_seq: 9,
        ..begun()
    }
}

fn empty(last_number: u32) -> MessagePage {
    MessagePage {
        last_number,
        ..Said::default().page(Vec::new())
    }
}

fn said(number: u32, seq: u64) -> Event {
    let at = Timestamp::from_millis(i64::from(number));
    let message = Message {
        seq,
        ..message(PEOPLE, number, 100 + i64::from(number), person(0), at)
    };
    Event::MessageCreated { message }
}

/// What happened at a position, as it was read at a version.
fn change(seq: u64, kind: LineKind, subject: UserId, role: Option<Role>, version: u64) -> GroupChange {
    GroupChange {
        conversation_id: begun().id,
        line: GroupLine {
            seq,
            after_number: 0,
            kind,
            actor: card(subject),
            subject: card(subject),
            role: None,
            created_at: Timestamp::from_millis(i64::try_from(seq).unwrap()),
        },
        role,
        group: begun().group.unwrap(),
        member_count: 2,
        membership_version: version,
    }
}

fn readers(list: &ConversationList) -> Vec<(UserId, u32)> {
    let positions = list.items[0].read_positions.iter();
    positions
        .map(|position| (position.user_id, position.number))
        .collect()
}

#[test]
fn what_is_hidden_moves_the_stream_and_nothing_else() {
    let mut all = Replica::new(me());
    all.conversations.put(closed());
    all.logs
        .insert(closed().id, MessageLog::new(closed().id, empty(3)));
    assert_eq!(all.conversations.unread(), 0);
    let mut expected = all.clone();
    expected.conversations.items[0].last_seq = 10;
    for (conversation_id, seq) in [(closed().id, 10), (closed().id, 8), (id(99), 11)] {
        all.apply(
            &Event::Hidden {
                conversation_id,
                seq,
                quote: None,
            },
            None,
        );
        check(&all);
        assert_eq!(all, expected);
    }
    all.apply(&said(4, 11), None);
    check(&all);
    let known = &all.conversations.items[0];
    assert_eq!(
        (known.last_number, known.unread_count, known.first_number),
        (4, 1, 4)
    );
    assert_eq!(known.last_message.as_ref().unwrap().number, 4);
    assert_eq!((known.last_seq, known.listed_id), (11, id(104)));
    assert_eq!(all.logs[&closed().id].first(), Some(4));
}

#[test]
fn an_empty_log_waits_for_the_message_after_those_that_are_not_shown() {
    let mut log = MessageLog::new(closed().id, empty(3));
    assert!(!log.apply(&said(3, 9)), "it is not for me");
    assert!(log.apply(&said(4, 10)));
    assert_eq!(
        (log.first(), log.last(), log.more_after),
        (Some(4), Some(4), false)
    );
    let mut log = MessageLog::new(closed().id, empty(3));
    assert!(log.apply(&said(5, 11)));
    assert_eq!((log.first(), log.more_after), (None, true));
    assert!(log.apply(&said(4, 10)), "what lies between has to be read");
    assert_eq!((log.first(), log.more_after), (None, true));
}

#[test]
fn whoever_comes_again_begins_anew() {
    let mut all = Replica::new(me());
    all.conversations.put(begun());
    all.logs.insert(begun().id, MessageLog::new(begun().id, empty(0)));
    [said(1, 3), said(2, 4)]
        .iter()
        .for_each(|event| all.apply(event, None));
    assert_eq!(all.conversations.unread(), 1);
    all.apply(&Event::ConversationRemoved { id: id(99) }, None);
    assert_eq!((all.conversations.items.len(), all.logs.len()), (1, 1));
    all.apply(&Event::ConversationRemoved { id: begun().id }, None);
    assert_eq!(all, Replica::new(me()));
    let again = Conversation {
        listed_id: id(200),
        ..closed()
    };
    let conversation = Box::new(again.clone());
    all.apply(&Event::ConversationAdded { conversation }, None);
    check(&all);
    assert_eq!(all.conversations.items, [again]);
    assert_eq!(all.conversations.unread(), 0);
    all.apply(&said(4, 10), None);
    assert_eq!(
        all.conversations.items[0].listed_id,
        id(200),
        "it was sent before that"
    );
}

#[test]
fn the_latest_invitation_is_the_first_and_there_is_one_for_each_group() {
    let invitation = |group: i64, at: i64| {
        let mut known = invited();
        known.group.id = id(group);
        known.created_at = Timestamp::from_millis(at);
        known
    };
    let mut all = Replica::new(me());
    let come = |invitation: GroupInvitation| Event::GroupInvitation { invitation };
    for (group, at) in [(7, 20), (5, 30), (6, 20), (7, 20), (5, 10)] {
        all.apply(&come(invitation(group, at)), None);
        check(&all);
    }
    let expected = [invitation(7, 20), invitation(6, 20), invitation(5, 10)];
    assert_eq!(all.invitations.items, expected);
    // Whoever asked has another name.
    let newer = UserCard {
        rev: 2,
        ..card(person(0))
    };
    all.renew(&newer);
    assert!(all.invitations.items.iter().all(|known| known.by.rev == 2));
    let gone = Event::GroupInvitationGone {
        conversation_id: id(6),
    };
    all.apply(&gone, None);
    let left: Vec<i64> = all
        .invitations
        .items
        .iter()
        .map(|known| known.group.id.get())
        .collect();
    assert_eq!(left, [7, 5]);
}

fn invited() -> GroupInvitation {
    let mut server = Server::default();
    server.act_in_group(&GroupAct::Go {
        who: 0,
        removed: false,
    });
    server.act_in_group(&GroupAct::Invite(0));
    server.circle.invitation().unwrap()
}

#[test]
fn lines_have_the_names_that_people_have_now() {
    let newer = |rev: i64| UserCard {
        rev,
        ..card(person(1))
    };
    let mut log = MessageLog::new(begun().id, empty(0));
    let mut change = change(3, LineKind::Joined, person(1), None, 3);
    let mut expect = |change: &GroupChange, card: Option<UserCard>, rev: i64| {
        let change = change.clone();
        log.apply(&Event::GroupChanged { change });
        card.iter().for_each(|card| log.renew(card));
        let [line] = &log.lines[..] else {
            panic!("{:?}", log.lines);
        };
        assert_eq!((line.actor.rev, line.subject.rev), (rev, rev));
    };
    expect(&change, None, 1);
    expect(&change, Some(newer(2)), 2);
    (change.line.actor, change.line.subject) = (newer(3), newer(3));
    expect(&change, None, 3);
    (change.line.actor, change.line.subject) = (newer(1), newer(1));
    expect(&change, None, 3);
}

#[test]
fn where_there_are_many_nobody_is_shown_to_have_read() {
    let mut list = ConversationList::default();
    list.put(begun());
    let tell = |list: &mut ConversationList, seq: u64, at: usize, role: Option<Role>, count: u32| {
        let kind = if role.is_some() {
            LineKind::Joined
        } else {
            LineKind::Left
        };
        let change = GroupChange {
            member_count: count,
            ..change(seq, kind, person(at), role, seq)
        };
        list.apply(me(), &Event::GroupChanged { change });
    };
    let member = Some(Role::Member);
    tell(&mut list, 3, 1, member, READ_POSITIONS_MAX);
    assert_eq!(readers(&list), [(person(0), 0), (person(1), 0)]);
    tell(&mut list, 4, 2, member, READ_POSITIONS_MAX + 1);
    assert_eq!(readers(&list), []);
    tell(&mut list, 5, 2, None, READ_POSITIONS_MAX);
    tell(&mut list, 6, 3, member, READ_POSITIONS_MAX);
    assert_eq!(readers(&list), [(person(3), 0)]);
}

/// The answer to a question from before somebody came and somebody else went. Frames of what was read get lost.
#[test]
fn a_late_answer_brings_nobody_back() {
    let mut list = ConversationList::default();
    list.put(begun());
    let read = |number: u32| {
        let mut read = begun();
        read.last_number = 3;
        read.last_seq = 5;
        read.read_positions[0].number = number;
        read
    };
    list.put(read(1));
    let mut expect = |event: Option<(u64, LineKind, usize, Option<Role>)>, expected: &[(UserId, u32)]| {
        if let Some((seq, kind, at, role)) = event {
            let change = change(seq, kind, person(at), role, seq);
            list.apply(me(), &Event::GroupChanged { change });
        } else {
            list.put(read(3));
        }
        assert_eq!(readers(&list), expected);
    };
    let member = Some(Role::Member);
    expect(
        Some((6, LineKind::Joined, 1, member)),
        &[(person(0), 1), (person(1), 0)],
    );
    expect(None, &[(person(0), 3), (person(1), 0)]);
    expect(Some((7, LineKind::Left, 0, None)), &[(person(1), 0)]);
    expect(None, &[(person(1), 0)]);
}

#[test]
fn whoever_gives_the_group_away_is_an_administrator() {
    let given = |by: UserId, to: UserId| {
        let mut change = change(3, LineKind::RoleChanged, to, Some(Role::Owner), 3);
        change.line.actor = card(by);
        change.line.role = Some(Role::Owner);
        change
    };
    // What I am by now may be known already.
    let cases = [
        (me(), Role::Owner, Role::Admin),
        (me(), Role::Member, Role::Member),
        (person(0), Role::Owner, Role::Owner),
    ];
    for (by, before, after) in cases {
        let mut list = ConversationList::default();
        list.put(Conversation {
            my_role: Some(before),
            ..begun()
        });
        let change = given(by, person(1));
        list.apply(me(), &Event::GroupChanged { change });
        assert_eq!(list.items[0].my_role, Some(after));
    }
}

/// It waited for those before it, and was read before they were.
#[test]
fn an_event_that_waited_counts_for_whom_it_is_about() {
    let mut list = ConversationList::default();
    list.put(begun());
    let tell = |list: &mut ConversationList, change: GroupChange| {
        list.apply(me(), &Event::GroupChanged { change });
    };
    let member = Some(Role::Member);
    let named = |title: &str, mut change: GroupChange| {
        change.group.title = title.into();
        change
    };
    tell(
        &mut list,
        named("new", change(3, LineKind::Joined, person(1), member, 9)),
    );
    tell(
        &mut list,
        named(
            "old",
            change(4, LineKind::RoleChanged, me(), Some(Role::Admin), 4),
        ),
    );
    tell(
        &mut list,
        named("old", change(5, LineKind::Joined, person(2), member, 5)),
    );
    let known = &list.items[0];
    assert_eq!(known.my_role, Some(Role::Admin));
    assert_eq!(
        (
            known.group.as_ref().unwrap().title.as_str(),
            known.membership_version
        ),
        ("new", 9)
    );
    assert_eq!(readers(&list), [(person(0), 0), (person(1), 0), (person(2), 0)]);
    // Somebody went, as is told late. Somebody else came again meanwhile, and has read what was said then.
    let read = Read {
        conversation_id: begun().id,
        user_id: person(1),
        number: 2,
        at: Timestamp::from_millis(8),
    };
    list.read(me(), &read);
    tell(&mut list, change(6, LineKind::Left, person(2), None, 6));
    tell(&mut list, change(7, LineKind::Left, person(1), None, 7));
    tell(&mut list, change(8, LineKind::Joined, person(1), member, 9));
    assert_eq!(readers(&list), [(person(0), 0), (person(1), 2)]);
}

/// What was asked before I went and is answered after it must not count for anything.
#[test]
fn a_late_sync_brings_no_number_back() {
    let mut list = ConversationList::default();
    list.put(begun());
    let id = begun().id;
    let sync = Sync {
        epoch: String::new(),
        user_seq: 1,
        counts: Counts::default(),
        conversations: vec![ConversationHead {
            id,
            last_seq: 9,
            last_number: 5,
            read_number: 2,
            membership_version: 3,
            settings: crate::conversations::ConversationSettings::default(),
        }],
    };
    list.on_sync(&sync);
    assert_eq!(list.unread(), 1);
    list.apply(me(), &Event::ConversationRemoved { id });
    list.on_sync(&sync);
    assert_eq!(list.unread(), 0);
    let conversation = Box::new(begun());
    list.apply(me(), &Event::ConversationAdded { conversation });
    list.on_sync(&sync);
    assert_eq!(list.unread(), 1, "come again, it counts again");
}
