//! One fault each. `torment` has everything at once.

use proptest::prelude::*;

use super::*;
use crate::ids::{ConversationId, Id, UserId};
use crate::realtime::ConversationHead;

fn me() -> Stream {
    Stream::User(UserId::new(1))
}

fn talk() -> Stream {
    Stream::Conversation(ConversationId::new(5))
}

fn event(seq: u64) -> Event {
    Event::NotificationsSeen { up_to: seq }
}

fn counts(notifications: u32) -> Option<Counts> {
    Some(Counts {
        notifications,
        friend_requests: 0,
    })
}

/// The events after a position, `len` of them.
fn page(after: u64, len: u64, head: u64) -> EventPage {
    EventPage {
        items: (after + 1..=after + len)
            .map(|seq| Positioned {
                seq,
                event: event(seq),
            })
            .collect(),
        head,
        counts: None,
    }
}

fn sync(user_seq: u64, talk_seq: u64, epoch: &str) -> Sync {
    Sync {
        epoch: epoch.to_owned(),
        user_seq,
        counts: Counts::default(),
        conversations: vec![ConversationHead {
            id: ConversationId::new(5),
            last_seq: talk_seq,
            last_number: 0,
            read_number: 0,
            membership_version: 0,
            settings: crate::conversations::ConversationSettings::default(),
        }],
    }
}

fn fetch(stream: Stream, after: u64) -> Step {
    Step::Fetch { stream, after }
}

fn applied(steps: &[Step]) -> Vec<u64> {
    let seq = |step: &Step| match step {
        Step::Apply { seq, .. } => Some(*seq),
        _ => None,
    };
    steps.iter().filter_map(seq).collect()
}

fn following(stream: Stream, seq: u64) -> CatchUp {
    let mut client = CatchUp::default();
    assert_eq!(client.follow(0, stream, seq), []);
    client
}

fn frame(client: &mut CatchUp, now: u64, seq: u64) -> Vec<Step> {
    client.on_event(now, me(), seq, Box::new(event(seq)), None)
}

#[test]
fn what_is_next_is_applied_and_what_is_further_waits_for_the_gap() {
    let mut client = following(me(), 10);
    assert_eq!(applied(&frame(&mut client, 0, 11)), [11]);
    assert_eq!(frame(&mut client, 0, 13), []);
    assert_eq!(client.next_tick(), Some(GAP_MILLIS));
    assert_eq!(applied(&frame(&mut client, 100, 12)), [12, 13]);
    assert!(client.is_level());
    assert_eq!(client.next_tick(), None);
    assert_eq!(frame(&mut client, 100, 12), [], "an older one does nothing");
    assert_eq!(client.applied(me()), Some(13));
}

#[test]
fn nothing_is_due_while_an_answer_is_awaited() {
    let mut client = following(me(), 10);
    assert_eq!(client.on_head(0, me(), 12), [fetch(me(), 10)]);
    assert_eq!(client.on_head(5, me(), 13), []);
    assert_eq!(
        client.next_tick(),
        None,
        "a timer in the past would fire without end"
    );
    let steps = client.on_page(9, me(), 10, page(10, 2, 12));
    assert_eq!(applied(&steps), [11, 12]);
    assert_eq!(steps.last(), Some(&fetch(me(), 12)), "known to be there: at once");
}

#[test]
fn pages_follow_one_another_without_a_pause() {
    let mut client = following(me(), 0);
    assert_eq!(client.on_head(0, me(), 3), [fetch(me(), 0)]);
    let steps = client.on_page(1, me(), 0, page(0, 1, 3));
    assert_eq!(steps.last(), Some(&fetch(me(), 1)));
}

#[test]
fn an_answer_that_brings_nothing_is_not_asked_for_again_at_once() {
    let mut client = following(me(), 10);
    let mut now = 0;
    assert_eq!(client.on_head(now, me(), 12), [fetch(me(), 10)]);
    for pause in [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000] {
        assert_eq!(client.on_page(now, me(), 10, page(10, 0, 10)), []);
        assert_eq!(client.on_head(now, me(), 12), [], "heads do not hurry it");
        assert_eq!(client.next_tick(), Some(now + pause));
        now += pause;
        assert_eq!(client.on_tick(now), [fetch(me(), 10)]);
    }
    // A new socket does.
    assert_eq!(client.on_fetch_failed(now, me(), FetchError::Temporary, 1.0), []);
    assert_eq!(client.on_ready("a"), [Step::Sync]);
    assert_eq!(client.on_sync(now, me(), &sync(12, 0, "a")), [fetch(me(), 10)]);
}

#[test]
fn a_page_with_a_gap_in_it_is_not_stepped_over() {
    let mut client = following(me(), 10);
    client.on_head(0, me(), 13);
    let mut holes = page(10, 3, 13);
    holes.items.remove(1);
    assert_eq!(applied(&client.on_page(0, me(), 10, holes)), [11]);
    assert_eq!(client.applied(me()), Some(11));
}

#[test]
fn a_page_that_nobody_waits_for_is_dropped() {
    let mut client = following(me(), 10);
    client.on_head(0, me(), 12);
    // Looked away and back while it was on its way.
    client.unfollow(me());
    client.follow(0, me(), 3);
    assert_eq!(client.on_tick(GAP_MILLIS), [fetch(me(), 3)]);
    assert_eq!(client.on_page(GAP_MILLIS, me(), 10, page(10, 2, 12)), []);
    assert_eq!(client.next_tick(), None, "the other one is still on its way");
    // Nor does a failure of what was not asked for do anything.
    let mut client = following(me(), 10);
    for error in [
        FetchError::NotFound,
        FetchError::OutOfRange,
        FetchError::Temporary,
    ] {
        assert_eq!(client.on_fetch_failed(0, me(), error, 1.0), []);
        assert_eq!(client.applied(me()), Some(10));
        assert_eq!(client.next_tick(), None);
    }
}

#[test]
fn an_older_read_while_a_page_is_on_its_way() {
    let mut client = following(me(), 10);
    assert_eq!(client.on_head(0, me(), 12), [fetch(me(), 10)]);
    assert_eq!(client.follow(0, me(), 5), []);
    let steps = client.on_page(400, me(), 10, page(10, 2, 12));
    assert_eq!(
        steps,
        [fetch(me(), 5)],
        "its events do not follow what is applied"
    );
    assert_eq!(
        applied(&client.on_page(500, me(), 5, page(5, 7, 12))),
        [6, 7, 8, 9, 10, 11, 12]
    );
    assert!(client.is_level());
}

#[test]
fn a_newer_read_says_where_the_stream_stands() {
    let mut client = following(me(), 10);
    assert_eq!(client.follow(0, me(), 11), []);
    assert_eq!(
        client.applied(me()),
        Some(10),
        "others may still show what was at 10"
    );
    assert_eq!(client.on_tick(GAP_MILLIS), [fetch(me(), 10)]);
}

#[test]
fn what_is_heard_before_a_stream_is_followed_is_remembered() {
    // The conversation is read at 10; then 11 happens and its frame overtakes the answer.
    let mut client = CatchUp::default();
    assert_eq!(
        client.on_event(0, talk(), 11, Box::new(event(11)), None),
        [Step::Unknown(talk())]
    );
    assert_eq!(client.follow(0, talk(), 10), []);
    assert_eq!(client.on_tick(GAP_MILLIS), [fetch(talk(), 10)]);
    // The same before the socket was ready.
    let mut client = CatchUp::default();
    assert_eq!(client.on_sync(0, me(), &sync(3, 11, "a")), []);
    assert_eq!(client.follow(0, talk(), 10), []);
    assert_eq!(client.on_tick(GAP_MILLIS), [fetch(talk(), 10)]);
    // And with a stream that was looked away from.
    let mut client = following(talk(), 11);
    client.unfollow(talk());
    assert_eq!(client.follow(0, talk(), 10), []);
    assert_eq!(client.on_tick(GAP_MILLIS), [fetch(talk(), 10)]);
}

#[test]
fn who_is_far_behind_reads_anew() {
    let mut client = following(me(), 10);
    assert_eq!(client.on_head(0, me(), 2_000), [Step::Reread(me())]);
    assert_eq!(client.on_head(0, me(), 2_001), []);
    assert_eq!(client.next_tick(), None);
    // It fails, and is tried again after a pause.
    assert_eq!(client.on_fetch_failed(0, me(), FetchError::Temporary, 1.0), []);
    assert_eq!(client.next_tick(), Some(500));
    assert_eq!(client.on_tick(500), [Step::Reread(me())]);
    // Meanwhile something else was read by itself, before.
    assert_eq!(client.follow(600, me(), 1_990), []);
    assert_eq!(client.restart(700, me(), 2_001), []);
    assert_eq!(client.applied(me()), Some(1_990));
    assert_eq!(
        client.on_tick(700 + GAP_MILLIS),
        [fetch(me(), 1_990)],
        "the older one misses nothing either"
    );
}

#[test]
fn rereading_that_does_not_help_is_not_done_without_end() {
    let mut client = following(me(), 10);
    assert_eq!(client.on_head(0, me(), u64::MAX), [Step::Reread(me())]);
    let mut now = 0;
    for pause in [500, 1_000, 2_000] {
        assert_eq!(client.restart(now, me(), 20), []);
        assert_eq!(client.next_tick(), Some(now + pause));
        now += pause;
        assert_eq!(client.on_tick(now), [Step::Reread(me())]);
    }
}

#[test]
fn a_restart_that_nobody_asked_for_is_one_more_read() {
    let mut client = following(me(), 10);
    assert_eq!(client.restart(0, me(), 8), []);
    assert_eq!(client.applied(me()), Some(8));
    assert_eq!(client.restart(0, talk(), 8), []);
    assert_eq!(client.applied(talk()), None, "nobody looks at it");
}

#[test]
fn the_nearest_events_are_held() {
    let mut client = following(me(), 10);
    for seq in (12..12 + 2 * HELD_MAX as u64).rev() {
        frame(&mut client, 0, seq);
        assert!(client.streams[&me()].held.len() <= HELD_MAX);
    }
    let steps = frame(&mut client, 0, 11);
    assert_eq!(steps.len(), 1 + HELD_MAX);
    assert_eq!(client.applied(me()), Some(11 + HELD_MAX as u64));
}

#[test]
fn counts_of_a_frame_that_waited_do_not_follow_newer_ones() {
    let mut client = following(me(), 10);
    assert_eq!(client.on_event(0, me(), 13, Box::new(event(13)), counts(1)), []);
    assert_eq!(client.on_tick(GAP_MILLIS), [fetch(me(), 10)]);
    let mut newer = page(10, 2, 14);
    newer.counts = counts(9);
    let given: Vec<_> = client
        .on_page(400, me(), 10, newer)
        .into_iter()
        .filter_map(|step| match step {
            Step::Apply { seq, counts, .. } => Some((seq, counts)),
            _ => None,
        })
        .collect();
    assert_eq!(given, [(11, counts(9)), (12, counts(9)), (13, None)]);
}

#[test]
fn another_epoch_forgets_everything_once() {
    let mut client = following(me(), 10);
    assert_eq!(client.on_ready("a"), [Step::Sync]);
    client.on_event(0, talk(), 9, Box::new(event(9)), None);
    client.on_head(0, me(), 12);
    assert_eq!(client.on_ready("b"), [Step::Forget, Step::Sync]);
    assert_eq!(client.applied(me()), None);
    assert_eq!(client.next_tick(), None);
    assert_eq!(client.on_sync(0, me(), &sync(4, 2, "b")), []);
    assert_eq!(client.applied(me()), Some(4));
    assert_eq!(client.follow(0, talk(), 2), []);
    assert!(client.is_level(), "what was heard of the old one is forgotten");
    assert_eq!(
        client.on_page(0, me(), 10, page(10, 2, 12)),
        [],
        "a page of the old one"
    );
    assert_eq!(client.applied(me()), Some(4));
    assert_eq!(client.on_sync(0, me(), &sync(1, 0, "c")), [Step::Forget]);
    assert_eq!(client.applied(me()), Some(1));
}

#[test]
fn what_is_out_of_range_is_of_another_database() {
    let mut client = following(me(), 10);
    client.on_ready("a");
    client.follow(0, talk(), 3);
    client.on_head(0, me(), 12);
    assert_eq!(
        client.on_fetch_failed(0, me(), FetchError::OutOfRange, 0.5),
        [Step::Forget, Step::Sync]
    );
    assert_eq!((client.applied(me()), client.applied(talk())), (None, None));
    // Its new name is no reason to forget once more.
    assert_eq!(client.on_sync(0, me(), &sync(4, 2, "b")), []);
}

#[test]
fn what_is_not_found_is_followed_no_more() {
    let mut client = following(talk(), 10);
    client.on_head(0, talk(), 12);
    assert_eq!(client.on_fetch_failed(0, talk(), FetchError::NotFound, 0.5), []);
    assert_eq!(client.applied(talk()), None);
    assert_eq!(client.next_tick(), None);
}

fn removed() -> Event {
    Event::ConversationRemoved {
        id: ConversationId::new(5),
    }
}

#[test]
fn whoever_is_in_a_conversation_no_more_follows_it_no_more() {
    // It is told by a frame, or with what was missed.
    for missed in [false, true] {
        let mut client = following(me(), 10);
        client.follow(0, talk(), 3);
        client.on_event(0, talk(), 5, Box::new(event(5)), None);
        assert_eq!(client.on_tick(GAP_MILLIS), [fetch(talk(), 3)]);
        let steps = if missed {
            assert_eq!(client.on_head(400, me(), 11), [fetch(me(), 10)]);
            let mut page = page(10, 1, 11);
            page.items[0].event = removed();
            client.on_page(400, me(), 10, page)
        } else {
            client.on_event(400, me(), 11, Box::new(removed()), None)
        };
        assert_eq!(applied(&steps), [11]);
        assert_eq!(client.applied(talk()), None);
        assert_eq!(client.next_tick(), None);
        assert!(client.is_level(), "what waited is of no use");
        // What was on its way is not applied.
        assert_eq!(client.on_page(500, talk(), 3, page(3, 2, 5)), []);
        let late = client.on_event(500, talk(), 4, Box::new(event(4)), None);
        assert_eq!(late, [Step::Unknown(talk())]);
        assert_eq!(client.on_head(500, talk(), 5), [Step::Unknown(talk())]);
        assert_eq!(client.applied(talk()), None);
        // Whoever comes again follows it again.
        assert_eq!(client.follow(600, talk(), 8), []);
        let steps = client.on_event(600, talk(), 9, Box::new(event(9)), None);
        assert_eq!(applied(&steps), [9]);
        assert!(client.is_level());
    }
}

#[test]
fn a_conversation_is_followed_until_its_end_is_applied() {
    let mut client = following(me(), 10);
    client.follow(0, talk(), 3);
    assert_eq!(client.on_event(0, me(), 12, Box::new(removed()), None), []);
    let steps = client.on_event(0, talk(), 4, Box::new(event(4)), None);
    assert_eq!(applied(&steps), [4]);
    assert_eq!(applied(&frame(&mut client, 0, 11)), [11, 12]);
    assert_eq!(client.applied(talk()), None);
}

#[test]
fn what_was_heard_of_a_conversation_ends_with_it() {
    let mut client = following(me(), 10);
    assert_eq!(client.on_head(0, talk(), 20), [Step::Unknown(talk())]);
    client.on_event(0, me(), 11, Box::new(removed()), None);
    assert!(client.heard.is_empty());
    client.follow(0, talk(), 9);
    assert!(client.is_level());
}

#[test]
fn sync_is_tried_again() {
    let mut client = CatchUp::default();
    assert_eq!(client.on_ready("a"), [Step::Sync]);
    client.on_sync_failed(0, 1.0);
    assert!(!client.is_level());
    assert_eq!(client.next_tick(), Some(500));
    assert_eq!(client.on_tick(500), [Step::Sync]);
    client.on_sync_failed(500, 1.0);
    assert_eq!(client.next_tick(), Some(1_500));
    // A new socket asks at once, and once.
    assert_eq!(client.on_ready("a"), [Step::Sync]);
    assert_eq!(client.next_tick(), None);
}

#[test]
fn the_largest_numbers_do_no_harm() {
    let mut client = following(me(), u64::MAX);
    assert_eq!(frame(&mut client, 0, u64::MAX), []);
    assert_eq!(client.on_head(0, me(), u64::MAX), []);
    let mut client = following(me(), 0);
    assert_eq!(frame(&mut client, 0, u64::MAX), []);
    assert_eq!(client.on_tick(GAP_MILLIS), [Step::Reread(me())]);
    client.restart(GAP_MILLIS, me(), u64::MAX);
    assert!(client.is_level());
}

proptest! {
    #[test]
    fn pauses_grow_and_stay_within_bounds(failures in any::<u32>(), random in any::<f64>()) {
        let pause = backoff(failures, random);
        prop_assert!((100..=30_000).contains(&pause));
        prop_assert!(pause <= 500_u64.saturating_mul(1 << failures.min(16)));
        prop_assert!(backoff(failures, 1.0) <= backoff(failures.saturating_add(1), 1.0));
        prop_assert!(pause <= backoff(failures, 1.0));
    }
}
