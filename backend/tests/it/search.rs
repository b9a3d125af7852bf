//! Finding posts: by what, and by whom.

use diesel::prelude::*;
use hearth::features::search::indexing;
use hearth::platform::db::Outcome;
use hearth::platform::db::words::{self, Index};
use hearth::schema::search_progress;
use hearth_shared::blocks::{BlockPerson, UnblockPerson};
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::RemoveFriend;
use hearth_shared::posts::{
    Audience, DeletePost, EditPost, MutePerson, MutePost, Post, PostPatch, RestorePost,
};
use hearth_shared::problem::ErrorCode;
use hearth_shared::search::{Search, SearchQuery};

use crate::everywhere;
use crate::support::{Options, Person, TestApp};

async fn page(app: &TestApp, by: &Person, query: &SearchQuery) -> (Vec<Post>, SearchQuery) {
    let page = by.call_with(app, &Search {}, query, &Nothing).await.unwrap();
    let next = SearchQuery {
        cursor: page.next_cursor,
        ..query.clone()
    };
    (
        page.items.into_iter().filter_map(|found| found.post).collect(),
        next,
    )
}

async fn find(app: &TestApp, by: &Person, q: &str) -> Vec<String> {
    let query = SearchQuery {
        q: q.to_owned(),
        ..SearchQuery::default()
    };
    let (posts, next) = page(app, by, &query).await;
    assert_eq!(next.cursor, None);
    posts.into_iter().map(|post| post.body).collect()
}

async fn edit(app: &TestApp, by: &Person, post: &Post, body: Option<&str>, audience: Option<Audience>) {
    let patch = PostPatch {
        body: body.map(str::to_owned),
        audience,
        media_ids: None,
    };
    by.call(app, &EditPost { post_id: post.id }, &patch)
        .await
        .unwrap();
}

const PUBLIC: Options = Options {
    public_posts: true,
    ..Options::PLAIN
};

everywhere! {
    with PUBLIC;
    async fn words_are_found_whole_or_begun_in_any_order_and_spelling(app: TestApp) {
        let ada = app.person("ada").await;
        for body in ["Zoë swam in the Lake", "The lake at NIGHT #über_see", "我喜欢湖", "ﬁne straße 42"] {
            ada.post(&app, body).await;
        }
        for (q, found) in [
            ("lake", vec!["The lake at NIGHT #über_see", "Zoë swam in the Lake"]),
            ("  LÁKE ", vec!["The lake at NIGHT #über_see", "Zoë swam in the Lake"]),
            ("lake zoe", vec!["Zoë swam in the Lake"]),
            ("zoe la", vec!["Zoë swam in the Lake"]),
            ("zo lake", vec![]),
            ("l", vec!["The lake at NIGHT #über_see", "Zoë swam in the Lake"]),
            ("lak", vec!["The lake at NIGHT #über_see", "Zoë swam in the Lake"]),
            ("#Uber", vec!["The lake at NIGHT #über_see"]),
            ("see", vec!["The lake at NIGHT #über_see"]),
            ("ee", vec![]),
            ("喜欢", vec!["我喜欢湖"]),
            ("湖", vec!["我喜欢湖"]),
            ("fine 4", vec!["ﬁne straße 42"]),
            ("lakes", vec![]),
        ] {
            assert_eq!(find(&app, &ada, q).await, found, "{q}");
        }
    }

    async fn what_means_something_to_a_database_is_text(app: TestApp) {
        let ada = app.person("ada").await;
        ada.post(&app, "fish and chips or not near").await;
        ada.post_for(&app, "only chips", Audience::Public).await;
        for q in [
            "\"fish\"", "fish*", "fish AND chips", "NOT fish", "near(fish chips)", "fish & chips", "chips:* fish",
            "words:fish", "'fish'", "fish\\", "^fish", "-fish", "(fish", "fish;--", "\"", "{words}: fish", "fish | !",
            "fish <-> chips",
        ] {
            let found = find(&app, &ada, q).await;
            let wanted = ["words:fish", "{words}: fish", "\""];
            assert_eq!(found.len(), usize::from(!wanted.contains(&q)), "{q}");
        }
        assert_eq!(find(&app, &ada, "fish OR chips").await.len(), 1, "a word like any other");
        // The marks that stand beside the words cannot be asked for.
        for q in ["__p", "_p", &format!("__{}", ada.id()), "p", "_fi"] {
            assert!(find(&app, &ada, q).await.len() <= usize::from(q == "_fi"), "{q}");
        }
    }

    async fn nothing_to_look_for_finds_nothing(app: TestApp) {
        let ada = app.person("ada").await;
        ada.post(&app, "here").await;
        for q in ["", "   ", "…!?", "🎉"] {
            assert!(find(&app, &ada, q).await.is_empty(), "{q}");
        }
        let query = SearchQuery { q: "x".repeat(101), ..SearchQuery::default() };
        let refused = ada.call_with(&app, &Search {}, &query, &Nothing).await;
        assert_eq!(refused.err(), Some(ErrorCode::ValidationFailed));
        let cursor = Some(hearth_shared::page::Cursor("nonsense".into()));
        let query = SearchQuery { q: "here".into(), cursor, ..SearchQuery::default() };
        assert_eq!(ada.call_with(&app, &Search {}, &query, &Nothing).await.err(), Some(ErrorCode::InvalidCursor));
    }

    async fn only_what_one_may_see_is_found(app: TestApp) {
        let (ada, ben, eve) = (app.person("ada").await, app.person("ben").await, app.person("eve").await);
        app.befriend(&ada, &ben).await;
        let post = ada.post(&app, "harbour lights").await;
        assert_eq!(find(&app, &ada, "harbour").await, ["harbour lights"]);
        assert_eq!(find(&app, &ben, "harbour").await, ["harbour lights"]);
        assert!(find(&app, &eve, "harbour").await.is_empty(), "a stranger");
        edit(&app, &ada, &post, None, Some(Audience::Public)).await;
        assert_eq!(find(&app, &eve, "harbour").await, ["harbour lights"]);
        edit(&app, &ada, &post, None, Some(Audience::OnlyMe)).await;
        assert!(find(&app, &ben, "harbour").await.is_empty() && find(&app, &eve, "harbour").await.is_empty());
        assert_eq!(find(&app, &ada, "harbour").await.len(), 1);
        edit(&app, &ada, &post, None, Some(Audience::Public)).await;
        // Blocks hide both ways, and end.
        eve.call(&app, &BlockPerson { user_id: ada.id() }, &Nothing).await.unwrap();
        assert!(find(&app, &eve, "harbour").await.is_empty());
        let theirs = eve.post_for(&app, "harbour of eve", Audience::Public).await;
        assert_eq!(find(&app, &ada, "harbour").await, ["harbour lights"]);
        eve.call(&app, &UnblockPerson { user_id: ada.id() }, &Nothing).await.unwrap();
        assert_eq!(find(&app, &ada, "harbour").await, ["harbour of eve", "harbour lights"]);
        // Who is muted is found all the same.
        ada.call(&app, &MutePerson { user_id: eve.id() }, &Nothing).await.unwrap();
        ada.call(&app, &MutePost { post_id: theirs.id }, &Nothing).await.unwrap();
        assert_eq!(find(&app, &ada, "of eve").await, ["harbour of eve"]);
        // Friends no longer.
        edit(&app, &ada, &post, None, Some(Audience::Friends)).await;
        ben.call(&app, &RemoveFriend { user_id: ada.id() }, &Nothing).await.unwrap();
        assert!(find(&app, &ben, "lights").await.is_empty());
    }

    async fn words_follow_the_text(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let post = ada.post(&app, "apricot jam").await;
        edit(&app, &ada, &post, Some("quince jelly"), None).await;
        assert!(find(&app, &ben, "apricot").await.is_empty());
        assert_eq!(find(&app, &ben, "quince").await, ["quince jelly"]);
        ada.call(&app, &DeletePost { post_id: post.id }, &Nothing).await.unwrap();
        assert!(find(&app, &ada, "quince").await.is_empty() && find(&app, &ben, "quince").await.is_empty());
        ada.call(&app, &RestorePost { post_id: post.id }, &Nothing).await.unwrap();
        assert_eq!(find(&app, &ben, "quince").await, ["quince jelly"]);
    }

    async fn who_is_suspended_is_not_found(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        ada.post_for(&app, "walnut", Audience::Public).await;
        let id = ada.id();
        for (at, found) in [("1", 0), ("NULL", 1)] {
            let statement = format!("UPDATE users SET suspended_at = {at} WHERE id = {id}");
            app.db().write(move |tx| {
                diesel::sql_query(&statement).execute(tx.conn())?;
                Ok(Outcome::Commit(()))
            }).await.unwrap();
            assert_eq!(find(&app, &ben, "walnut").await.len(), found);
        }
    }

    /// More than a round of the search looks at, most of it not for the one who searches; others write and remove
    /// meanwhile.
    async fn pages_neither_skip_nor_repeat(app: TestApp) {
        let (ada, ben, eve) = (app.person("ada").await, app.person("ben").await, app.person("eve").await);
        app.befriend(&ada, &ben).await;
        let mut expected = Vec::new();
        let mut removed = None;
        for n in 0..140 {
            match n % 7 {
                0 => expected.push(ben.post(&app, &format!("tide {n}")).await.id),
                3 => {
                    let gone = ada.post(&app, &format!("tide {n}")).await.id;
                    if n < 10 { removed = Some(gone) } else { expected.push(gone) }
                }
                _ => drop(eve.post(&app, "tide of another shore").await),
            }
        }
        expected.reverse();
        let mut seen = Vec::new();
        let mut query = SearchQuery { q: "tid".into(), limit: Some(6), ..SearchQuery::default() };
        loop {
            let (posts, next) = page(&app, &ada, &query).await;
            assert!(posts.len() <= 6);
            seen.extend(posts.into_iter().map(|post| post.id));
            if let Some(post_id) = removed.take() {
                ada.call(&app, &DeletePost { post_id }, &Nothing).await.unwrap();
            }
            ben.post(&app, "tide meanwhile").await;
            query = next;
            if query.cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, expected);
    }

    /// What was written before there was a search is found once it is indexed.
    async fn old_posts_are_indexed_in_steps(app: TestApp) {
        let ada = app.person("ada").await;
        for n in 0..7 {
            ada.post(&app, &format!("attic {n}")).await;
        }
        let gone = ada.post(&app, "attic gone").await;
        ada.call(&app, &DeletePost { post_id: gone.id }, &Nothing).await.unwrap();
        let ids = find_ids(&app, &ada).await;
        assert_eq!(ids.len(), 7);
        app.db().write(move |tx| {
            words::forget(tx.conn(), Index::Posts, &ids)?;
            diesel::insert_into(search_progress::table)
                .values((search_progress::id.eq(1), search_progress::below.eq(i64::MAX)))
                .execute(tx.conn())?;
            Ok(Outcome::Commit(()))
        }).await.unwrap();
        assert!(find(&app, &ada, "attic").await.is_empty());
        let (one, two) = tokio::join!(indexing::index_all(app.db()), indexing::index_all(app.db()));
        one.and(two).unwrap();
        assert_eq!(find(&app, &ada, "attic").await.len(), 7);
        let left: i64 = app.db().read(|conn| Ok(search_progress::table.count().get_result(conn)?)).await.unwrap();
        assert_eq!(left, 0);
    }
}

async fn find_ids(app: &TestApp, by: &Person) -> Vec<i64> {
    use hearth_shared::ids::Id;
    let query = SearchQuery {
        q: "attic".into(),
        ..SearchQuery::default()
    };
    let (posts, _) = page(app, by, &query).await;
    posts.iter().map(|post| post.id.get()).collect()
}
