//! Hashtag pages.

use hearth_shared::endpoint::Nothing;
use hearth_shared::page::PageQuery;
use hearth_shared::posts::{Audience, DeletePost, EditPost, ListTagPosts, PostPatch, RestorePost};
use hearth_shared::rich_text::TAG_MAX;

use crate::everywhere;
use crate::support::{Options, Person, TestApp};

const PUBLIC: Options = Options {
    public_posts: true,
    ..Options::PLAIN
};

async fn tagged(app: &TestApp, viewer: &Person, tag: &str) -> Vec<String> {
    let call = ListTagPosts { tag: tag.into() };
    let page = viewer.call(app, &call, &Nothing).await.unwrap();
    page.items.into_iter().map(|post| post.body).collect()
}

everywhere! {
    with PUBLIC;

    async fn a_tag_shows_what_one_may_see(app: TestApp) {
        let (ada, ben, dan) = (app.person("ada").await, app.person("ben").await, app.person("dan").await);
        app.befriend(&ada, &ben).await;
        ada.post_for(&app, "#Tea for all", Audience::Public).await;
        ada.post(&app, "#tea for friends, and #TEA again").await;
        ada.post_for(&app, "my #tea", Audience::OnlyMe).await;
        ada.post(&app, "tea without, a#tea, #teatime").await;
        ben.post(&app, "#Äpfel, #äpfel_2").await;
        let all = ["my #tea", "#tea for friends, and #TEA again", "#Tea for all"];
        assert_eq!(tagged(&app, &ada, "tea").await, all);
        assert_eq!(tagged(&app, &ben, "TeA").await, all[1..]);
        assert_eq!(tagged(&app, &dan, "tea").await, all[2..]);
        assert_eq!(tagged(&app, &ada, "ÄPFEL").await, ["#Äpfel, #äpfel_2"]);
        for nothing in ["coffee", "1", "a b", "a-b", "\0", "%00", "%", "#", &"a".repeat(TAG_MAX + 1)] {
            assert!(tagged(&app, &ada, nothing).await.is_empty(), "{nothing}");
        }
    }

    async fn tags_follow_the_text(app: TestApp) {
        let ada = app.person("ada").await;
        let post = ada.post(&app, "#one #two").await;
        let edit = |body: &str| PostPatch { body: Some(body.into()), audience: None, media_ids: None };
        ada.call(&app, &EditPost { post_id: post.id }, &edit("#two #three")).await.unwrap();
        for (tag, there) in [("one", false), ("two", true), ("three", true)] {
            assert_eq!(!tagged(&app, &ada, tag).await.is_empty(), there, "{tag}");
        }
        ada.call(&app, &DeletePost { post_id: post.id }, &Nothing).await.unwrap();
        assert!(tagged(&app, &ada, "two").await.is_empty());
        ada.call(&app, &RestorePost { post_id: post.id }, &Nothing).await.unwrap();
        assert_eq!(tagged(&app, &ada, "two").await.len(), 1);
        ada.call(&app, &EditPost { post_id: post.id }, &edit("none")).await.unwrap();
        assert!(tagged(&app, &ada, "two").await.is_empty());
    }

    async fn pages_neither_skip_nor_repeat(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        for n in 0..11 {
            let (by, audience) = if n % 3 == 0 { (&ada, Audience::OnlyMe) } else { (&ben, Audience::Friends) };
            by.post_for(&app, &format!("#x {n}"), audience).await;
        }
        let mut query = PageQuery { limit: Some(3), cursor: None };
        let mut seen = Vec::new();
        let call = ListTagPosts { tag: "x".into() };
        loop {
            let page = ben.call_with(&app, &call, &query, &Nothing).await.unwrap();
            seen.extend(page.items.into_iter().map(|post| post.body));
            ada.post(&app, "#x meanwhile").await;
            query.cursor = page.next_cursor;
            if query.cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, [10, 8, 7, 5, 4, 2, 1].map(|n| format!("#x {n}")));
    }

    /// However many posts with the tag there are that one may not see: a page looks at so many at most, and says
    /// that it goes on.
    async fn what_others_file_does_not_hide_what_one_may_see(app: TestApp) {
        let (ada, dan) = (app.person("ada").await, app.person("dan").await);
        dan.post(&app, "#x mine").await;
        ada.post(&app, "#x first").await;
        let (author, first) = (ada.id(), "SELECT MAX(id) FROM posts");
        let many = format!(
            "INSERT INTO posts (id, author_id, client_id, request_hash, body, audience_id, like_count, love_count, \
             laugh_count, wow_count, sad_count, angry_count, comment_count, created_at) \
             SELECT m.id + n.i, {author}, 'c' || n.i, '', '#x', 2, 0, 0, 0, 0, 0, 0, 0, 1 \
             FROM ({first}) AS m(id), (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000) SELECT i FROM n) AS n"
        );
        let many = if matches!(app.db().target(), hearth::platform::db::Target::Sqlite(_)) {
            // SQLite names no columns of a table in FROM.
            many.replace("AS m(id)", "AS m").replace("SELECT MAX(id) FROM posts", "SELECT MAX(id) AS id FROM posts")
        } else {
            many
        };
        let run = app.db().write(move |tx| {
            hearth::platform::db::dialect::execute(tx.conn(), &many)?;
            hearth::platform::db::dialect::execute(tx.conn(), "INSERT INTO post_tags (tag, post_id) SELECT 'x', id FROM posts WHERE created_at = 1")?;
            Ok(hearth::platform::db::Outcome::Commit(()))
        });
        run.await.unwrap();
        let mut query = PageQuery { limit: Some(20), cursor: None };
        let (mut seen, mut pages) = (Vec::new(), 0);
        let call = ListTagPosts { tag: "x".into() };
        loop {
            let page = dan.call_with(&app, &call, &query, &Nothing).await.unwrap();
            seen.extend(page.items.into_iter().map(|post| post.body));
            pages += 1;
            query.cursor = page.next_cursor;
            if query.cursor.is_none() {
                break;
            }
        }
        assert_eq!((seen, pages), (vec!["#x mine".to_owned()], 3));
    }
}
