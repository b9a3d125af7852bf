//! Histories that keep the promises, and one that breaks each.

use hearth_shared::ids::{ClientId, ConversationId, Id, UserId};

use super::check;
use crate::history::{Line, What};

fn id(number: u8) -> ClientId {
    ClientId::from_random_bytes([number; 16])
}

fn talk() -> ConversationId {
    ConversationId::new(7)
}

fn follows(receiver: u32) -> What {
    What::Follows {
        receiver,
        user: UserId::new(i64::from(receiver) + 1),
        conversation: talk(),
        seq: 1,
    }
}

fn invoke(number: u8) -> What {
    What::Invoke {
        sender: UserId::new(1),
        conversation: talk(),
        client_id: id(number),
    }
}

fn ok(number: u8, seq: u64) -> What {
    What::Ok {
        client_id: id(number),
        seq,
    }
}

fn applied(receiver: u32, number: u8, seq: u64) -> What {
    What::Applied {
        receiver,
        conversation: talk(),
        seq,
        client_id: id(number),
    }
}

fn last(messages: &[(u64, u8)]) -> What {
    What::Final {
        conversation: talk(),
        messages: messages.iter().map(|(seq, number)| (*seq, id(*number))).collect(),
    }
}

/// Position 1 was there before; 2 and 3 are sent and come to two devices.
fn good() -> Vec<What> {
    vec![
        follows(0),
        follows(1),
        invoke(2),
        ok(2, 2),
        applied(0, 2, 2),
        invoke(3),
        applied(1, 2, 2),
        applied(0, 3, 3),
        applied(1, 3, 3),
        ok(3, 3),
        last(&[(1, 1), (2, 2), (3, 3)]),
    ]
}

fn wrong(story: Vec<What>) -> String {
    let lines: Vec<Line> = story
        .into_iter()
        .zip(1..)
        .map(|(what, at)| Line { at, what })
        .collect();
    check(&lines).join("\n")
}

fn without(at: usize) -> Vec<What> {
    let mut story = good();
    story.remove(at);
    story
}

#[test]
fn a_good_history_is_good() {
    assert_eq!(wrong(good()), "");
    // An answer that never came leaves it open whether the message is there.
    assert_eq!(wrong(without(9)), "");
    let mut never = good();
    never.insert(8, invoke(4));
    assert_eq!(wrong(never), "");
}

#[test]
fn a_message_that_was_lost_is_found() {
    let mut story = good();
    story[10] = last(&[(1, 1), (2, 2)]);
    assert!(wrong(story).contains("durable"));
    assert!(wrong(without(8)).contains("never came to device 1"));
}

#[test]
fn a_message_that_is_there_twice_is_found() {
    let mut story = good();
    story[10] = last(&[(1, 1), (2, 2), (3, 3), (4, 3)]);
    assert!(wrong(story).contains("unique"));
    let mut story = good();
    story.insert(9, applied(1, 3, 3));
    assert!(wrong(story).contains("unique: device 1"));
    let mut story = good();
    story.insert(10, ok(3, 3));
    assert!(wrong(story).contains("answered twice"));
}

#[test]
fn what_was_refused_must_not_be_there() {
    let mut story = good();
    story[9] = What::Refused {
        client_id: id(3),
        why: "400".to_owned(),
    };
    assert!(wrong(story).contains("unique"));
}

#[test]
fn a_gap_and_another_order_are_found() {
    // Device 1 steps over position 2.
    let found = wrong(without(6));
    assert!(found.contains("order: device 1"), "{found}");
    let mut story = good();
    story.swap(6, 8);
    assert!(wrong(story).contains("order: device 1"));
    // All agree, and a position is missing.
    let mut story = without(4);
    story.retain(|what| !matches!(what, What::Applied { seq: 2, .. }));
    story.retain(|what| !matches!(what, What::Ok { seq: 2, .. }));
    *story.last_mut().unwrap() = last(&[(1, 1), (3, 3)]);
    assert!(wrong(story).contains("order"));
}

#[test]
fn later_messages_stand_behind_earlier_ones() {
    let story = vec![invoke(3), ok(3, 3), invoke(2), ok(2, 2), last(&[(2, 2), (3, 3)])];
    assert_eq!(wrong(story), "real time: in c:7 2 was sent after 3 was answered");
    let at_once = vec![invoke(3), invoke(2), ok(3, 3), ok(2, 2), last(&[(2, 2), (3, 3)])];
    assert_eq!(wrong(at_once), "");
}

#[test]
fn nobody_is_told_of_what_they_do_not_follow() {
    assert!(wrong(without(1)).contains("audience: device 1"));
}

#[test]
fn lines_survive_the_file() {
    for what in good() {
        let line = Line { at: 5, what };
        let text = serde_json::to_string(&line).unwrap();
        assert_eq!(serde_json::from_str::<Line>(&text).unwrap(), line);
    }
}
