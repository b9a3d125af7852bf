//! The life of a friendship, and its races.

use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::{
    AcceptFriendRequest, CancelFriendRequest, DeclineFriendRequest, Direction, FriendsQuery,
    ListFriendRequests, ListFriends, RemoveFriend, RequestStatus, RequestsQuery,
};
use hearth_shared::problem::ErrorCode;
use hearth_shared::users::{Friendship, GetProfile};

use crate::everywhere;
use crate::support::{Person, TestApp, fetch};

async fn friendship(app: &TestApp, viewer: &Person, of: &Person) -> Friendship {
    let profile = viewer
        .call(
            app,
            &GetProfile {
                username: of.username(),
            },
            &Nothing,
        )
        .await
        .unwrap();
    assert_eq!(
        profile.person.request_id.is_some(),
        matches!(
            profile.person.friendship,
            Friendship::Incoming | Friendship::Outgoing
        )
    );
    profile.person.friendship
}

async fn requests(app: &TestApp, person: &Person, direction: Direction) -> usize {
    let query = RequestsQuery {
        direction,
        ..RequestsQuery::default()
    };
    person
        .call_with(app, &ListFriendRequests {}, &query, &Nothing)
        .await
        .unwrap()
        .items
        .len()
}

/// Friends as the list has them, and as the profile counts them.
async fn friends(app: &TestApp, person: &Person) -> Vec<String> {
    let page = person.call(app, &ListFriends {}, &Nothing).await.unwrap();
    let profile = person
        .call(
            app,
            &GetProfile {
                username: person.username(),
            },
            &Nothing,
        )
        .await
        .unwrap();
    assert_eq!(profile.friend_count, u32::try_from(page.items.len()).ok());
    page.items
        .into_iter()
        .map(|friend| friend.user.username)
        .collect()
}

everywhere! {
    async fn ask_accept_remove(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        assert_eq!(friendship(&app, &ada, &ben).await, Friendship::None);
        let request = ada.ask_friend(&app, &ben).await.unwrap();
        assert_eq!(request.status, RequestStatus::Pending);
        assert_eq!((&request.from, &request.to), (&ada.session.user, &ben.session.user));
        assert_eq!(friendship(&app, &ada, &ben).await, Friendship::Outgoing);
        assert_eq!(friendship(&app, &ben, &ada).await, Friendship::Incoming);
        assert_eq!(requests(&app, &ada, Direction::Outgoing).await, 1);
        assert_eq!(requests(&app, &ben, Direction::Incoming).await, 1);
        assert_eq!(ada.ask_friend(&app, &ben).await.unwrap_err(), ErrorCode::AlreadyRequested);

        let accept = AcceptFriendRequest { request_id: request.id };
        assert_eq!(ada.call(&app, &accept, &Nothing).await.unwrap_err(), ErrorCode::NotFound);
        ben.call(&app, &accept, &Nothing).await.unwrap();
        assert_eq!(friends(&app, &ada).await, ["ben"]);
        assert_eq!(friends(&app, &ben).await, ["ada"]);
        assert_eq!(friendship(&app, &ada, &ben).await, Friendship::Friends);
        assert_eq!(ben.call(&app, &accept, &Nothing).await.unwrap_err(), ErrorCode::NotFound);
        assert_eq!(ben.ask_friend(&app, &ada).await.unwrap_err(), ErrorCode::AlreadyFriends);

        ben.call(&app, &RemoveFriend { user_id: ada.id() }, &Nothing).await.unwrap();
        assert!(friends(&app, &ada).await.is_empty());
        assert_eq!(friendship(&app, &ada, &ben).await, Friendship::None);
        let again = ben.call(&app, &RemoveFriend { user_id: ada.id() }, &Nothing).await;
        assert_eq!(again.unwrap_err(), ErrorCode::NotFound);
    }

    async fn decline_and_cancel_leave_nothing_behind(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let request = ada.ask_friend(&app, &ben).await.unwrap();
        ben.call(&app, &DeclineFriendRequest { request_id: request.id }, &Nothing).await.unwrap();
        assert_eq!(friendship(&app, &ada, &ben).await, Friendship::None);
        let request = ada.ask_friend(&app, &ben).await.unwrap();
        let by_other = ben.call(&app, &CancelFriendRequest { request_id: request.id }, &Nothing).await;
        assert_eq!(by_other.unwrap_err(), ErrorCode::NotFound);
        ada.call(&app, &CancelFriendRequest { request_id: request.id }, &Nothing).await.unwrap();
        assert_eq!(friendship(&app, &ben, &ada).await, Friendship::None);
        assert_eq!(requests(&app, &ben, Direction::Incoming).await, 0);
    }

    async fn nobody_befriends_themselves_or_nobody(app: TestApp) {
        let ada = app.person("ada").await;
        assert_eq!(ada.ask_friend(&app, &ada).await.unwrap_err(), ErrorCode::SelfRequest);
        let mut nobody = ada.clone();
        nobody.session.user.id = hearth_shared::ids::Id::new(1);
        assert_eq!(ada.ask_friend(&app, &nobody).await.unwrap_err(), ErrorCode::NotFound);
    }

    async fn crossed_requests_become_one_friendship(app: TestApp) {
        for round in 0..20 {
            let (a, b) = (app.person(&format!("a{round:02}")).await, app.person(&format!("b{round:02}")).await);
            let (one, two) = futures_util::join!(a.ask_friend(&app, &b), b.ask_friend(&app, &a));
            let (one, two) = (one.unwrap().status, two.unwrap().status);
            assert_ne!(one, two, "one asks, the other accepts by asking");
            assert_eq!(friends(&app, &a).await, [b.username()]);
            assert_eq!(friends(&app, &b).await, [a.username()]);
            assert_eq!(requests(&app, &a, Direction::Incoming).await + requests(&app, &b, Direction::Incoming).await, 0);
        }
    }

    async fn accept_against_cancel_has_one_outcome(app: TestApp) {
        for round in 0..20 {
            let (a, b) = (app.person(&format!("a{round:02}")).await, app.person(&format!("b{round:02}")).await);
            let request_id = a.ask_friend(&app, &b).await.unwrap().id;
            let (accept, accept_again) = (AcceptFriendRequest { request_id }, AcceptFriendRequest { request_id });
            let cancel = CancelFriendRequest { request_id };
            let (accepted, again, cancelled) = futures_util::join!(
                b.call(&app, &accept, &Nothing),
                b.call(&app, &accept_again, &Nothing),
                a.call(&app, &cancel, &Nothing)
            );
            let won = [accepted.is_ok(), again.is_ok(), cancelled.is_ok()].iter().filter(|ok| **ok).count();
            assert_eq!(won, 1, "{accepted:?} {again:?} {cancelled:?}");
            let expected = usize::from(cancelled.is_err());
            assert_eq!(friends(&app, &a).await.len(), expected);
            assert_eq!(friends(&app, &b).await.len(), expected);
        }
    }

    /// Accepted or declined, never both; and what each is told fits what is.
    async fn accept_against_decline_has_one_outcome(app: TestApp) {
        for round in 0..20 {
            let (a, b) = (app.person(&format!("a{round:02}")).await, app.person(&format!("b{round:02}")).await);
            let request_id = a.ask_friend(&app, &b).await.unwrap().id;
            let (accept, decline) = (AcceptFriendRequest { request_id }, DeclineFriendRequest { request_id });
            let (accepted, declined) = futures_util::join!(
                b.call(&app, &accept, &Nothing),
                b.call(&app, &decline, &Nothing)
            );
            assert_ne!(accepted.is_ok(), declined.is_ok(), "{accepted:?} {declined:?}");
            let expected = usize::from(accepted.is_ok());
            for (person, told) in [(&a, expected), (&b, expected)] {
                let (now, _) = fetch(&app, person).await;
                assert_eq!(now.friends.friends.len(), expected);
                assert!(now.friends.incoming.is_empty() && now.friends.outgoing.is_empty());
                assert_eq!(now.notifications.items.len(), told, "{:?}", now.notifications.items);
                assert_eq!(now.counts.friend_requests, 0);
            }
        }
    }

    async fn friends_come_in_pages_newest_first(app: TestApp) {
        let ada = app.person("ada").await;
        for n in 0..7 {
            let friend = app.person(&format!("friend{n}")).await;
            app.befriend(&ada, &friend).await;
        }
        let mut names = Vec::new();
        let mut query = FriendsQuery { limit: Some(3), ..FriendsQuery::default() };
        loop {
            let page = ada.call_with(&app, &ListFriends {}, &query, &Nothing).await.unwrap();
            names.extend(page.items.into_iter().map(|friend| friend.user.username));
            query.cursor = page.next_cursor;
            if query.cursor.is_none() {
                break;
            }
        }
        assert_eq!(names, (0..7).rev().map(|n| format!("friend{n}")).collect::<Vec<_>>());
    }
}
