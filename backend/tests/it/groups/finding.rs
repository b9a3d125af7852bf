//! How public groups are found.

use hearth_shared::conversations::groups::{EditGroup, GroupPatch, GroupsQuery, ListGroups};
use hearth_shared::endpoint::Nothing;
use hearth_shared::problem::ErrorCode;

use super::{join, make, private, public};
use crate::everywhere;
use crate::support::{Person, TestApp};

async fn titles(app: &TestApp, who: &Person, q: &str) -> Vec<String> {
    let query = GroupsQuery {
        q: (!q.is_empty()).then(|| q.to_owned()),
        ..GroupsQuery::default()
    };
    let page = who
        .call_with(app, &ListGroups {}, &query, &Nothing)
        .await
        .unwrap();
    page.items.into_iter().map(|card| card.group.title).collect()
}

everywhere! {
    async fn public_groups_are_found_by_the_words_of_their_titles(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let garden = make(&app, &ada, &public("Gärten der Woche")).await.id;
        make(&app, &ada, &public("Book club")).await;
        make(&app, &ada, &private("Garden of secrets")).await;
        join(&app, &ben, garden).await.unwrap();
        assert_eq!(titles(&app, &ben, "").await, ["Gärten der Woche", "Book club"], "the most members first");
        for q in ["gart", "GÄRTEN woche", "der gar"] {
            assert_eq!(titles(&app, &ben, q).await, ["Gärten der Woche"], "{q}");
        }
        for q in ["arten", "garden", "gart club", "!", "%", "secrets"] {
            assert_eq!(titles(&app, &ben, q).await, [] as [&str; 0], "{q}");
        }
        let patch = GroupPatch { title: Some("Balcony".into()), description: None };
        ada.call(&app, &EditGroup { conversation_id: garden }, &patch).await.unwrap();
        assert_eq!(titles(&app, &ben, "gart").await, [] as [&str; 0]);
        assert_eq!(titles(&app, &ben, "balc").await, ["Balcony"]);
        let long = GroupsQuery { q: Some("x".repeat(101)), ..GroupsQuery::default() };
        assert_eq!(ben.call_with(&app, &ListGroups {}, &long, &Nothing).await.err(), Some(ErrorCode::ValidationFailed));
    }

    async fn pages_of_groups_meet(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let mut ids = Vec::new();
        for number in 0..7 {
            ids.push(make(&app, &ada, &public(&format!("Group {number}"))).await.id);
        }
        for id in [ids[2], ids[5]] {
            join(&app, &ben, id).await.unwrap();
        }
        let mut query = GroupsQuery { limit: Some(2), ..GroupsQuery::default() };
        let mut found = Vec::new();
        loop {
            let page = ben.call_with(&app, &ListGroups {}, &query, &Nothing).await.unwrap();
            found.extend(page.items.iter().map(|card| (card.id, card.my_role.is_some())));
            query.cursor = page.next_cursor;
            if query.cursor.is_none() {
                break;
            }
        }
        let place = |n: usize| (ids[n], n == 2 || n == 5);
        assert_eq!(found, [5, 2, 6, 4, 3, 1, 0].map(place));
    }
}
