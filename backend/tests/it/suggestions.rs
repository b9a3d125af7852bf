//! People whom one may know.

use hearth_shared::blocks::BlockPerson;
use hearth_shared::endpoint::Nothing;
use hearth_shared::page::PageQuery;
use hearth_shared::privacy::{ChangePrivacy, ListAudience, PrivacyChange};
use hearth_shared::suggestions::{HideSuggestion, ListSuggestions, Reason, Suggestion};

use crate::everywhere;
use crate::support::{Person, TestApp};

async fn suggestions(app: &TestApp, viewer: &Person) -> Vec<Suggestion> {
    let mut all = Vec::new();
    let mut query = PageQuery {
        limit: Some(2),
        cursor: None,
    };
    loop {
        let page = viewer
            .call_with(app, &ListSuggestions {}, &query, &Nothing)
            .await
            .unwrap();
        assert!(page.items.len() <= 2);
        all.extend(page.items);
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            return all;
        }
    }
}

fn names(suggestions: &[Suggestion]) -> Vec<(&str, u32)> {
    let name = |suggestion: &'_ Suggestion| suggestion.mutual_friend_count;
    suggestions
        .iter()
        .map(|one| (one.user.username.as_str(), name(one)))
        .collect()
}

everywhere! {
    async fn those_with_most_friends_in_common_come_first(app: TestApp) {
        let ada = app.person("ada").await;
        let mut friends = Vec::new();
        for n in 0..4 {
            let friend = app.person(&format!("friend{n}")).await;
            app.befriend(&ada, &friend).await;
            friends.push(friend);
        }
        let mut far = Vec::new();
        for shared in 1..=4 {
            let person = app.person(&format!("far{shared}")).await;
            for friend in friends.iter().take(shared) {
                app.befriend(friend, &person).await;
            }
            far.push(person);
        }
        app.person("nobodys").await;
        let all = suggestions(&app, &ada).await;
        assert_eq!(names(&all), [("far4", 4), ("far3", 3), ("far2", 2), ("far1", 1)]);
        assert!(all.iter().all(|one| one.reason == Reason::MutualFriends && one.can_request));
        let named: Vec<usize> = all.iter().map(|one| one.mutual_friends.len()).collect();
        assert_eq!(named, [3, 3, 2, 1]);
        assert_eq!(all[3].mutual_friends[0].username, "friend0");

        // Whoever shows their friends to nobody is counted, not named.
        let secret = PrivacyChange { friend_list: Some(ListAudience::OnlyMe), ..PrivacyChange::default() };
        friends[0].call(&app, &ChangePrivacy {}, &secret).await.unwrap();
        let all = suggestions(&app, &ada).await;
        assert_eq!((names(&all)[3], all[3].mutual_friends.len()), (("far1", 1), 0));

        // Hidden for good, asked, asking, blocked, friends: none of them.
        for _ in 0..2 {
            ada.call(&app, &HideSuggestion { user_id: far[0].id() }, &Nothing).await.unwrap();
        }
        ada.ask_friend(&app, &far[1]).await.unwrap();
        far[2].ask_friend(&app, &ada).await.unwrap();
        assert_eq!(names(&suggestions(&app, &ada).await), [("far4", 4)]);
        far[3].call(&app, &BlockPerson { user_id: ada.id() }, &Nothing).await.unwrap();
        assert!(suggestions(&app, &ada).await.is_empty());
        // It was she who hid far1, not far1 who hid her.
        assert!(suggestions(&app, &far[0]).await.iter().any(|one| one.user.id == ada.id()));
    }

    async fn who_has_no_friends_is_shown_who_is_new_here(app: TestApp) {
        for n in 0..5 {
            app.person(&format!("p{n}_")).await;
        }
        let ada = app.person("ada").await;
        let all = suggestions(&app, &ada).await;
        assert_eq!(names(&all), [("p4_", 0), ("p3_", 0), ("p2_", 0), ("p1_", 0), ("p0_", 0)]);
        assert!(all.iter().all(|one| one.reason == Reason::NewHere && one.mutual_friends.is_empty()));
    }
}
