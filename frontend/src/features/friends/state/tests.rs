//! How one stands to others, without a browser.

use hearth_shared::ids::Id;
use hearth_shared::time::Timestamp;

use super::*;

fn user(id: i64) -> UserCard {
    UserCard {
        id: UserId::new(id),
        username: format!("user{id}"),
        display_name: format!("User {id}"),
        avatar_url: None,
        rev: 1,
    }
}

fn request(id: i64, from: i64) -> FriendRequest {
    FriendRequest {
        id: FriendRequestId::new(id),
        from: user(from),
        to: user(1),
        status: RequestStatus::Pending,
        created_at: Timestamp::from_millis(0),
        mutual_friend_count: 0,
    }
}

fn with_requests() -> People {
    let mut people = People::default();
    let requests = vec![request(10, 2), request(11, 3)];
    people.learn_requests(&requests, true, 0);
    people.incoming.change(|list| {
        list.settle(
            false,
            Ok(Page {
                items: requests,
                next_cursor: None,
                seq: None,
            }),
        )
    });
    people
}

#[test]
fn the_badge_follows_the_relation_at_once_and_returns_when_it_is_refused() {
    let mut people = with_requests();
    assert_eq!(people.waiting(), 2);
    let before = people
        .begin(UserId::new(2), Act::Accept(FriendRequestId::new(10)))
        .unwrap();
    assert_eq!(people.waiting(), 1);
    people.revert(UserId::new(2), before);
    assert_eq!(people.waiting(), 2);
}

#[test]
fn one_change_at_a_time_and_an_older_answer_does_not_undo_it() {
    let mut people = with_requests();
    let sara = UserId::new(2);
    assert!(
        people
            .begin(sara, Act::Accept(FriendRequestId::new(10)))
            .is_some()
    );
    assert!(people.begin(sara, Act::Remove).is_none());
    let since = people.reading();
    let asked = Some(FriendRequestId::new(10));
    people.learn(sara, Friendship::Incoming, asked, since);
    assert_eq!(people.relation(sara).unwrap().friendship, Friendship::Friends);
    people.settle(sara, Friendship::Friends, None);
    people.learn(sara, Friendship::Incoming, asked, since);
    assert_eq!(people.relation(sara).unwrap().friendship, Friendship::Friends);
    people.learn(sara, Friendship::None, None, people.reading());
    assert_eq!(people.relation(sara).unwrap().friendship, Friendship::None);
}

#[test]
fn an_event_is_the_newest_word_but_a_change_on_its_way_comes_first() {
    let mut people = with_requests();
    let (me, sara) = (UserId::new(1), UserId::new(2));
    let gone = Event::FriendRequestGone {
        id: FriendRequestId::new(10),
        user_id: sara,
    };
    let before = people.begin(sara, Act::Accept(FriendRequestId::new(10))).unwrap();
    assert_eq!(people.apply(me, &gone), Some(sara));
    assert_eq!(people.relation(sara).unwrap().friendship, Friendship::Friends);
    assert_eq!(people.incoming.items.len(), 1);
    people.revert(sara, before);
    assert_eq!(people.relation(sara).unwrap().friendship, Friendship::None);
    let since = people.reading();
    let again = Event::FriendRequest {
        request: request(12, 2),
    };
    people.apply(me, &again);
    people.learn(sara, Friendship::None, None, since);
    let relation = people.relation(sara).unwrap();
    assert_eq!(
        (relation.friendship, relation.request, people.waiting()),
        (Friendship::Incoming, Some(FriendRequestId::new(12)), 2)
    );
}

#[test]
fn who_takes_no_requests_is_known_until_something_else_is_between_the_two() {
    let mut people = People::default();
    let mut person = Person {
        user: user(5),
        friendship: Friendship::None,
        request_id: None,
        mutual_friend_count: 0,
        can_request: false,
    };
    people.learn_person(&person, 0);
    assert!(people.relation(UserId::new(5)).unwrap().closed);
    person.can_request = true;
    people.learn_person(&person, 0);
    assert!(!people.relation(UserId::new(5)).unwrap().closed);
}

#[test]
fn a_block_ends_what_was_and_its_end_brings_nothing_back() {
    let mut people = with_requests();
    let sara = UserId::new(2);
    people.begin(sara, Act::Block).unwrap();
    // The request that waited goes with it; that is told while the block is on its way.
    let gone = Event::FriendRequestGone {
        id: FriendRequestId::new(10),
        user_id: sara,
    };
    people.apply(UserId::new(1), &gone);
    people.settle(sara, Friendship::Blocked, None);
    assert_eq!(people.relation(sara).unwrap().friendship, Friendship::Blocked);
    people.apply(UserId::new(1), &gone);
    assert_eq!(people.relation(sara).unwrap().friendship, Friendship::Blocked);
    people.begin(sara, Act::Unblock).unwrap();
    people.settle(sara, Friendship::None, None);
    assert_eq!(people.relation(sara).unwrap().friendship, Friendship::None);
}

#[test]
fn a_filter_looks_at_the_beginnings_of_words() {
    let lena = UserCard {
        display_name: "Lena Maria Kovač".to_owned(),
        username: "kova".to_owned(),
        ..user(3)
    };
    for good in ["", " ", "le", "LENA ", "maria k", "Kovač", "kova"] {
        assert!(matches(&lena, good), "{good}");
    }
    for bad in ["ena", "lenas", "ovač", "x"] {
        assert!(!matches(&lena, bad), "{bad}");
    }
}

#[test]
fn a_list_that_fails_keeps_what_it_had() {
    let mut list = Listing::default();
    list.settle(
        false,
        Ok(Page {
            items: vec![1, 2],
            next_cursor: Some(Cursor("x".into())),
            seq: None,
        }),
    );
    list.begin();
    list.settle(true, Err(Failure::Unreachable));
    assert_eq!(
        (list.items.len(), list.failure.is_some(), list.loading),
        (2, true, false)
    );
    list.settle(
        true,
        Ok(Page {
            items: vec![3],
            next_cursor: None,
            seq: None,
        }),
    );
    assert_eq!(list.items, [1, 2, 3]);
}
