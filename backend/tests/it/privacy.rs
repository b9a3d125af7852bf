//! Who may ask, see and find a person, as each of them decided.

use std::time::Duration;

use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::{FriendsQuery, ListFriends};
use hearth_shared::page::PageQuery;
use hearth_shared::privacy::{
    ChangePrivacy, GetPrivacy, ListAudience, PrivacyChange, PrivacySettings, Reach,
};
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::frames::{Presence, ServerFrame};
use hearth_shared::suggestions::ListSuggestions;
use hearth_shared::users::{FindPeople, GetProfile, ListUserFriends, PeopleQuery};

use crate::everywhere;
use crate::support::{Person, Socket, TestApp};

async fn change(app: &TestApp, person: &Person, change: PrivacyChange) -> PrivacySettings {
    person.call(app, &ChangePrivacy {}, &change).await.unwrap()
}

fn asks(friend_requests: Reach) -> PrivacyChange {
    PrivacyChange {
        friend_requests: Some(friend_requests),
        ..PrivacyChange::default()
    }
}

fn finds(findable: Reach) -> PrivacyChange {
    PrivacyChange {
        findable: Some(findable),
        ..PrivacyChange::default()
    }
}

fn shows(friend_list: ListAudience) -> PrivacyChange {
    PrivacyChange {
        friend_list: Some(friend_list),
        ..PrivacyChange::default()
    }
}

fn online(show_online: bool) -> PrivacyChange {
    PrivacyChange {
        show_online: Some(show_online),
        ..PrivacyChange::default()
    }
}

async fn found(app: &TestApp, viewer: &Person, q: &str) -> bool {
    let query = PeopleQuery {
        q: q.to_owned(),
        ..PeopleQuery::default()
    };
    let page = viewer
        .call_with(app, &FindPeople {}, &query, &Nothing)
        .await
        .unwrap();
    !page.items.is_empty()
}

async fn can_request(app: &TestApp, viewer: &Person, of: &Person) -> bool {
    let call = GetProfile {
        username: of.username(),
    };
    viewer
        .call(app, &call, &Nothing)
        .await
        .unwrap()
        .person
        .can_request
}

async fn friends_of(app: &TestApp, viewer: &Person, of: &Person) -> Result<Vec<String>, ErrorCode> {
    let call = ListUserFriends {
        username: of.username(),
    };
    let mut names = Vec::new();
    let mut query = PageQuery {
        limit: Some(1),
        cursor: None,
    };
    loop {
        let page = viewer.call_with(app, &call, &query, &Nothing).await?;
        names.extend(page.items.into_iter().map(|person| person.user.username));
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            return Ok(names);
        }
    }
}

/// Whether each friend is here, as the list says.
async fn here(app: &TestApp, person: &Person) -> Vec<(String, Option<bool>)> {
    let page = person.call(app, &ListFriends {}, &Nothing).await.unwrap();
    page.items
        .into_iter()
        .map(|friend| (friend.user.username, friend.online))
        .collect()
}

everywhere! {
    async fn settings_are_kept_one_by_one(app: TestApp) {
        let ada = app.person("ada").await;
        let mut expected = PrivacySettings::default();
        assert_eq!(ada.call(&app, &GetPrivacy {}, &Nothing).await.unwrap(), expected);
        assert_eq!(change(&app, &ada, PrivacyChange::default()).await, expected);
        change(&app, &ada, asks(Reach::Nobody)).await;
        change(&app, &ada, shows(ListAudience::OnlyMe)).await;
        change(&app, &ada, finds(Reach::FriendsOfFriends)).await;
        change(&app, &ada, online(false)).await;
        let by_email = PrivacyChange { find_by_email: Some(true), ..PrivacyChange::default() };
        change(&app, &ada, by_email).await;
        let writes = PrivacyChange { messages: Some(Reach::FriendsOfFriends), ..PrivacyChange::default() };
        change(&app, &ada, writes).await;
        expected = PrivacySettings {
            friend_requests: Reach::Nobody,
            messages: Reach::FriendsOfFriends,
            friend_list: ListAudience::OnlyMe,
            findable: Reach::FriendsOfFriends,
            find_by_email: true,
            show_online: false,
        };
        assert_eq!(ada.call(&app, &GetPrivacy {}, &Nothing).await.unwrap(), expected);
        let ben = app.person("ben").await;
        assert_eq!(ben.call(&app, &GetPrivacy {}, &Nothing).await.unwrap(), PrivacySettings::default());
    }

    async fn requests_are_taken_from_whom_one_wants(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        let dan = app.person("dan").await;
        app.befriend(&ada, &ben).await;
        app.befriend(&ben, &cleo).await;
        assert!(can_request(&app, &dan, &ada).await);
        assert!(!can_request(&app, &ben, &ada).await, "they are friends");
        change(&app, &ada, asks(Reach::FriendsOfFriends)).await;
        assert!(can_request(&app, &cleo, &ada).await);
        assert!(!can_request(&app, &dan, &ada).await);
        assert_eq!(dan.ask_friend(&app, &ada).await.unwrap_err(), ErrorCode::RequestsNotAccepted);
        change(&app, &ada, asks(Reach::Nobody)).await;
        assert!(!can_request(&app, &cleo, &ada).await);
        assert_eq!(cleo.ask_friend(&app, &ada).await.unwrap_err(), ErrorCode::RequestsNotAccepted);
        // Whom she asks herself may answer in whatever way.
        ada.ask_friend(&app, &cleo).await.unwrap();
        let accepted = cleo.ask_friend(&app, &ada).await.unwrap();
        assert_eq!(accepted.status, hearth_shared::friends::RequestStatus::Accepted);
    }

    async fn the_list_of_friends_is_for_whom_one_wants(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        let dan = app.person("dan").await;
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cleo).await;
        let all = vec!["ben".to_owned(), "cleo".to_owned()];
        assert_eq!(friends_of(&app, &ada, &ada).await, Ok(all.clone()));
        assert_eq!(friends_of(&app, &ben, &ada).await, Ok(all.clone()));
        assert_eq!(friends_of(&app, &dan, &ada).await, Err(ErrorCode::FriendListHidden));
        change(&app, &ada, shows(ListAudience::Everyone)).await;
        assert_eq!(friends_of(&app, &dan, &ada).await, Ok(all.clone()));
        change(&app, &ada, shows(ListAudience::OnlyMe)).await;
        assert_eq!(friends_of(&app, &ben, &ada).await, Err(ErrorCode::FriendListHidden));
        assert_eq!(friends_of(&app, &ada, &ada).await, Ok(all));
    }

    async fn who_does_not_want_to_be_found_is_not(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        let dan = app.person("dan").await;
        app.befriend(&ada, &ben).await;
        app.befriend(&ben, &cleo).await;
        let suggested = async |viewer: &Person| {
            let page = viewer.call(&app, &ListSuggestions {}, &Nothing).await.unwrap();
            page.items.iter().any(|suggestion| suggestion.user.id == ada.id())
        };
        assert!(found(&app, &dan, "ada").await && suggested(&dan).await && suggested(&cleo).await);
        change(&app, &ada, finds(Reach::FriendsOfFriends)).await;
        assert!(found(&app, &cleo, "ada").await && suggested(&cleo).await);
        assert!(!found(&app, &dan, "ada").await && !suggested(&dan).await);
        change(&app, &ada, finds(Reach::Nobody)).await;
        assert!(found(&app, &ben, "ada").await, "friends find each other");
        assert!(!found(&app, &cleo, "ada").await && !suggested(&cleo).await);
        // The address is a thing of its own, and only the whole of it.
        assert!(!found(&app, &dan, "ada@example.org").await);
        let by_email = PrivacyChange { find_by_email: Some(true), ..PrivacyChange::default() };
        change(&app, &ada, by_email).await;
        assert!(found(&app, &dan, "ADA@example.org").await);
        assert!(!found(&app, &dan, "ada@example.or").await);
        assert!(!found(&app, &ada, "ada@example.org").await, "not oneself");
    }

    async fn friends_are_listed_by_name_and_with_what_is_shared(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cleo).await;
        app.befriend(&ben, &cleo).await;
        for (q, expected) in [("cl", vec!["cleo"]), ("TEST be", vec!["ben"]), ("test", vec!["cleo", "ben"]), ("%", vec![])] {
            let query = FriendsQuery { q: q.into(), ..FriendsQuery::default() };
            let page = ada.call_with(&app, &ListFriends {}, &query, &Nothing).await.unwrap();
            assert!(page.items.iter().all(|friend| friend.mutual_friend_count == Some(1)));
            let names: Vec<_> = page.items.into_iter().map(|friend| friend.user.username).collect();
            assert_eq!(names, expected, "{q}");
        }
    }

    /// Who does not show that they are here does not see it of others either, in lists and over the socket.
    async fn being_here_is_shown_by_both_or_by_none(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let mut hers = Socket::connect(app.socket_base(), &ada).await;
        hers.ready().await;
        let mut his = Socket::connect(app.socket_base(), &ben).await;
        his.ready().await;
        let is = |of: &Person, online| ServerFrame::Presence(Presence { user_id: of.id(), online });
        let here_she_is = is(&ben, true);
        hers.wait_for(|frame| *frame == here_she_is).await;
        assert_eq!(here(&app, &ben).await, [("ada".to_owned(), Some(true))]);
        change(&app, &ada, online(false)).await;
        let (hers_away, his_away) = (is(&ada, false), is(&ben, false));
        his.wait_for(|frame| *frame == hers_away).await;
        hers.wait_for(|frame| *frame == his_away).await;
        assert_eq!(here(&app, &ben).await, [("ada".to_owned(), None)]);
        assert_eq!(here(&app, &ada).await, [("ben".to_owned(), None)]);
        // She comes again, and he: neither hears of it.
        let mut again = Socket::connect(app.socket_base(), &ada).await;
        let ready = again.wait_for(|frame| matches!(frame, ServerFrame::Ready(_))).await;
        assert!(matches!(ready, ServerFrame::Ready(ready) if ready.online.is_empty()));
        drop((hers, again));
        let left = his.drain(Duration::from_millis(5_500)).await;
        assert!(!left.iter().any(|frame| matches!(frame, ServerFrame::Presence(_))), "{left:?}");
        let mut hers = Socket::connect(app.socket_base(), &ada).await;
        hers.ready().await;
        change(&app, &ada, online(true)).await;
        let (she, he) = (is(&ada, true), is(&ben, true));
        his.wait_for(|frame| *frame == she).await;
        hers.wait_for(|frame| *frame == he).await;
        assert_eq!(here(&app, &ada).await, [("ben".to_owned(), Some(true))]);
    }
}
