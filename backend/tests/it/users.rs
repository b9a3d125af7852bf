//! People: finding them, their page.

use hearth_shared::endpoint::Nothing;
use hearth_shared::users::{FindPeople, Friendship, GetMe, GetProfile, PeopleQuery};

use crate::everywhere;
use crate::support::{Person, TestApp};

async fn find(app: &TestApp, person: &Person, q: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut query = PeopleQuery {
        q: q.to_owned(),
        limit: Some(2),
        cursor: None,
    };
    loop {
        let page = person
            .call_with(app, &FindPeople {}, &query, &Nothing)
            .await
            .unwrap();
        assert!(page.items.len() <= 2);
        names.extend(page.items.into_iter().map(|found| found.user.username));
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            return names;
        }
    }
}

async fn register(app: &TestApp, username: &str, display_name: &str) -> Person {
    let mut account = Person::account(username);
    account.display_name = display_name.to_owned();
    let answer = app
        .ask(
            None,
            &hearth_shared::auth::Register {},
            &Default::default(),
            &account,
        )
        .await;
    assert_eq!(answer.status, 201, "{answer:?}");
    Person {
        session: serde_json::from_str(&answer.text).unwrap(),
    }
}

everywhere! {
    async fn people_are_found_by_the_beginnings_of_their_names(app: TestApp) {
        let ada = register(&app, "ada", "Ada Okoye").await;
        register(&app, "zoe_b", "Zoë Brandt").await;
        register(&app, "lena", "Lena Kovač").await;
        register(&app, "brandon", "Brandon Lee").await;
        assert_eq!(find(&app, &ada, "zo").await, ["zoe_b"]);
        assert_eq!(find(&app, &ada, "ZOË bra").await, ["zoe_b"]);
        assert_eq!(find(&app, &ada, "kovac").await, ["lena"]);
        assert_eq!(find(&app, &ada, "bra").await, ["brandon", "zoe_b"]);
        assert_eq!(find(&app, &ada, "@brandon").await, ["brandon"]);
        assert!(find(&app, &ada, "andt").await.is_empty());
        assert!(find(&app, &ada, "ada").await.is_empty(), "not oneself");
        assert!(find(&app, &ada, "%").await.is_empty());
    }

    async fn nearer_people_come_first(app: TestApp) {
        let ada = register(&app, "ada", "Ada").await;
        let stranger = register(&app, "sam_a", "Sam Aaa").await;
        let friend = register(&app, "sam_z", "Sam Zzz").await;
        let friends_friend = register(&app, "sam_m", "Sam Mmm").await;
        register(&app, "sam_b", "Sam Bbb").await;
        app.befriend(&ada, &friend).await;
        app.befriend(&friend, &friends_friend).await;
        assert_eq!(find(&app, &ada, "sam").await, ["sam_z", "sam_m", "sam_a", "sam_b"]);
        let mutual = ada.call(&app, &GetProfile { username: "sam_m".into() }, &Nothing).await.unwrap();
        assert_eq!(mutual.person.mutual_friend_count, 1);
        assert_eq!(stranger.call(&app, &GetMe {}, &Nothing).await.unwrap().incoming_request_count, 0);
    }

    /// A letter left out, added, changed, or two that changed places: found, but after those who are called so.
    async fn small_typos_are_forgiven(app: TestApp) {
        let ada = register(&app, "ada", "Ada Okoye").await;
        register(&app, "marg", "Margarete Brandt").await;
        register(&app, "jo_h", "John Kovač").await;
        register(&app, "lena1", "Lena Lindgren").await;
        register(&app, "lina1", "Lina Lindgren").await;
        for (typed, found) in [
            ("jhon", vec!["jo_h"]),
            ("jon", vec![]),
            ("kovc", vec!["jo_h"]),
            ("kovacc", vec!["jo_h"]),
            ("margraete", vec!["marg"]),
            ("magarette", vec!["marg"]),
            ("margarete brnadt", vec!["marg"]),
            ("marg brnadt", vec!["marg"]),
            ("lena", vec!["lena1", "lina1"]),
            ("lina lindgren", vec!["lina1", "lena1"]),
            ("mona", vec![]),
            // More typos than letters allow.
            ("mergorate", vec![]),
        ] {
            assert_eq!(find(&app, &ada, typed).await, found, "{typed}");
        }
        // Of those with a typo, the nearest first too; and friends are found in spite of one.
        let lina = app.person("lina2").await;
        app.befriend(&ada, &lina).await;
        let friend = register(&app, "zz_li", "Lina Zzz").await;
        app.befriend(&ada, &friend).await;
        assert_eq!(find(&app, &ada, "lena").await, ["lena1", "zz_li", "lina1"]);
    }

    /// Who joined before typos were forgiven is found at the next start.
    async fn names_that_were_there_before_are_learned(app: TestApp) {
        let ada = register(&app, "ada", "Ada Okoye").await;
        register(&app, "marg", "Margarete Brandt").await;
        app.db().write(|tx| {
            hearth::platform::db::dialect::execute(tx.conn(), "DELETE FROM name_remainders")?;
            Ok(hearth::platform::db::Outcome::Commit(()))
        }).await.unwrap();
        assert!(find(&app, &ada, "margraete").await.is_empty());
        for _ in 0..2 {
            hearth::features::users::vocabulary::learn_all(app.db()).await.unwrap();
            assert_eq!(find(&app, &ada, "margraete").await, ["marg"]);
        }
    }

    async fn a_page_shows_strangers_no_counts(app: TestApp) {
        let (ada, ben, cy) = (app.person("ada").await, app.person("ben").await, app.person("cy_").await);
        app.befriend(&ada, &ben).await;
        ada.post(&app, "one").await;
        let page = GetProfile { username: "ada".into() };
        let own = ada.call(&app, &page, &Nothing).await.unwrap();
        assert_eq!((own.person.friendship, own.friend_count, own.post_count), (Friendship::Myself, Some(1), Some(1)));
        let friends = ben.call(&app, &page, &Nothing).await.unwrap();
        assert_eq!((friends.friend_count, friends.post_count), (Some(1), Some(1)));
        let strangers = cy.call(&app, &page, &Nothing).await.unwrap();
        assert_eq!((strangers.friend_count, strangers.post_count), (None, None));
        assert_eq!(strangers.person.friendship, Friendship::None);
    }
}
