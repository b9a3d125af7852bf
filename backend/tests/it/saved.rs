//! Posts that people keep for later.

use std::time::Duration;

use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{Id, PostId};
use hearth_shared::page::PageQuery;
use hearth_shared::posts::{
    Audience, DeletePost, EditPost, GetPost, ListSavedPosts, PostPatch, RestorePost, SavePost, UnsavePost,
};
use hearth_shared::problem::ErrorCode;

use crate::everywhere;
use crate::support::{Person, TestApp};

async fn save(app: &TestApp, by: &Person, post: PostId) -> Result<(), ErrorCode> {
    by.call(app, &SavePost { post_id: post }, &Nothing)
        .await
        .map(drop)
}

async fn unsave(app: &TestApp, by: &Person, post: PostId) {
    let call = UnsavePost { post_id: post };
    by.call(app, &call, &Nothing).await.map(drop).unwrap();
}

async fn saved(app: &TestApp, by: &Person) -> Vec<String> {
    let page = by.call(app, &ListSavedPosts {}, &Nothing).await.unwrap();
    page.items.into_iter().map(|post| post.body).collect()
}

everywhere! {
    async fn the_latest_kept_is_the_first(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let mut posts = Vec::new();
        for n in 0..5 {
            posts.push(ada.post(&app, &n.to_string()).await.id);
        }
        for n in [3, 0, 4, 1] {
            save(&app, &ben, posts[n]).await.unwrap();
            // Moments are counted in milliseconds.
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        save(&app, &ben, posts[3]).await.unwrap();
        assert_eq!(saved(&app, &ben).await, ["1", "4", "0", "3"], "once more changes nothing");
        assert!(saved(&app, &ada).await.is_empty(), "nobody else knows");
        let mut query = PageQuery { limit: Some(3), cursor: None };
        let mut seen = Vec::new();
        loop {
            let page = ben.call_with(&app, &ListSavedPosts {}, &query, &Nothing).await.unwrap();
            assert!(page.items.iter().all(|post| post.my_saved));
            seen.extend(page.items.into_iter().map(|post| post.body));
            query.cursor = page.next_cursor;
            if query.cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, ["1", "4", "0", "3"]);
        for _ in 0..2 {
            unsave(&app, &ben, posts[4]).await;
        }
        unsave(&app, &ben, PostId::new(4_611_686_018_427_387_904)).await;
        assert_eq!(saved(&app, &ben).await, ["1", "0", "3"]);
        let call = |n: usize| GetPost { post_id: posts[n] };
        let mine = async |who: &Person, n| who.call(&app, &call(n), &Nothing).await.unwrap().my_saved;
        assert!(mine(&ben, 1).await && !mine(&ben, 4).await && !mine(&ada, 1).await);
    }

    async fn only_what_can_be_seen_now_is_listed(app: TestApp) {
        let (ada, ben, dan) = (app.person("ada").await, app.person("ben").await, app.person("dan").await);
        app.befriend(&ada, &ben).await;
        let (one, two) = (ada.post(&app, "one").await.id, ada.post(&app, "two").await.id);
        assert_eq!(save(&app, &dan, one).await, Err(ErrorCode::NotFound));
        unsave(&app, &dan, one).await;
        for post in [one, two] {
            save(&app, &ben, post).await.unwrap();
        }
        let audience = |audience| PostPatch { audience: Some(audience), ..PostPatch::default() };
        ada.call(&app, &EditPost { post_id: one }, &audience(Audience::OnlyMe)).await.unwrap();
        assert_eq!(saved(&app, &ben).await, ["two"]);
        ada.call(&app, &DeletePost { post_id: two }, &Nothing).await.unwrap();
        assert!(saved(&app, &ben).await.is_empty());
        ada.call(&app, &RestorePost { post_id: two }, &Nothing).await.unwrap();
        ada.call(&app, &EditPost { post_id: one }, &audience(Audience::Friends)).await.unwrap();
        assert_eq!(saved(&app, &ben).await, ["two", "one"], "it was kept all the time");
        // What is hidden by now can be let go of.
        ada.call(&app, &EditPost { post_id: one }, &audience(Audience::OnlyMe)).await.unwrap();
        unsave(&app, &ben, one).await;
        ada.call(&app, &EditPost { post_id: one }, &audience(Audience::Friends)).await.unwrap();
        assert_eq!(saved(&app, &ben).await, ["two"]);
    }
}
