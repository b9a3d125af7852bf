//! What posts said before, and putting back what was removed.

use diesel::prelude::*;
use futures_util::future::join_all;
use hearth::features::posts::jobs::{Cleared, KEPT, clear_removed};
use hearth::schema::{comments, posts};
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{Id, PostId};
use hearth_shared::page::PageQuery;
use hearth_shared::posts::{
    Audience, DeleteComment, DeletePost, EditPost, GetFeed, GetPost, ListComments, ListPostEdits,
    NewReaction, NewShare, PostPatch, RESTORE_MILLIS, ReactionKind, RestorePost, SavePost, SetReaction,
    SharePost,
};
use hearth_shared::problem::ErrorCode;
use hearth_shared::users::GetProfile;

use crate::everywhere;
use crate::support::{Person, TestApp, client_id};

async fn edit(app: &TestApp, by: &Person, post: PostId, body: Option<&str>, audience: Option<Audience>) {
    let patch = PostPatch {
        body: body.map(Into::into),
        audience,
        media_ids: None,
    };
    by.call(app, &EditPost { post_id: post }, &patch).await.unwrap();
}

async fn history(app: &TestApp, viewer: &Person, post: PostId) -> Vec<String> {
    let call = ListPostEdits { post_id: post };
    let page = viewer.call(app, &call, &Nothing).await.unwrap();
    page.items.into_iter().map(|edit| edit.body).collect()
}

async fn post_count(app: &TestApp, person: &Person) -> Option<u32> {
    let call = GetProfile {
        username: person.username(),
    };
    person.call(app, &call, &Nothing).await.unwrap().post_count
}

/// The same as if somebody had removed a post earlier.
async fn age(app: &TestApp, post: PostId, millis: i64) {
    let sql = format!("UPDATE posts SET deleted_at = deleted_at - {millis} WHERE id = {post}");
    let run = app.db().write(move |tx| {
        hearth::platform::db::dialect::execute(tx.conn(), &sql)?;
        Ok(hearth::platform::db::Outcome::Commit(()))
    });
    run.await.unwrap();
}

everywhere! {
    async fn earlier_texts_are_there_the_latest_first(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let post = ada.post(&app, "one").await;
        assert!(history(&app, &ben, post.id).await.is_empty());
        for text in ["two", "two", "three", "four"] {
            edit(&app, &ada, post.id, Some(text), None).await;
        }
        for viewer in [&ada, &ben] {
            assert_eq!(history(&app, viewer, post.id).await, ["three", "two", "one"]);
        }
        let call = ListPostEdits { post_id: post.id };
        let mut query = PageQuery { limit: Some(2), cursor: None };
        let first = ben.call_with(&app, &call, &query, &Nothing).await.unwrap();
        query.cursor = first.next_cursor;
        let rest = ben.call_with(&app, &call, &query, &Nothing).await.unwrap();
        assert_eq!((first.items.len(), rest.items.len(), rest.next_cursor), (2, 1, None));
        assert!(first.items[0].replaced_at >= rest.items[0].replaced_at);
        let stranger = app.person("dan").await;
        assert_eq!(stranger.call(&app, &call, &Nothing).await.unwrap_err(), ErrorCode::NotFound);
    }

    /// What was written for fewer people stays theirs when the post is for more now.
    async fn a_text_for_fewer_people_is_not_told(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let post = ada.post_for(&app, "canary: to myself", Audience::OnlyMe).await;
        edit(&app, &ada, post.id, Some("canary: still to myself"), None).await;
        edit(&app, &ada, post.id, Some("for friends"), Some(Audience::Friends)).await;
        edit(&app, &ada, post.id, Some("for friends, better"), None).await;
        // Said to friends, then taken back, then changed in private.
        edit(&app, &ada, post.id, None, Some(Audience::OnlyMe)).await;
        edit(&app, &ada, post.id, Some("canary: a draft"), None).await;
        edit(&app, &ada, post.id, Some("done"), None).await;
        edit(&app, &ada, post.id, None, Some(Audience::Friends)).await;
        assert_eq!(history(&app, &ben, post.id).await, ["for friends"]);
        assert_eq!(
            history(&app, &ada, post.id).await,
            ["canary: a draft", "for friends, better", "for friends", "canary: still to myself", "canary: to myself"],
            "a change of the audience alone is no version"
        );
        // And the other way: what friends have read is theirs while they may see the post.
        edit(&app, &ada, post.id, Some("end"), None).await;
        assert_eq!(history(&app, &ben, post.id).await, ["done", "for friends"]);
    }

    async fn what_was_removed_comes_back_as_it_was(app: TestApp) {
        let (ada, ben, dan) = (app.person("ada").await, app.person("ben").await, app.person("dan").await);
        app.befriend(&ada, &ben).await;
        let post = ada.post(&app, "x").await;
        ben.comment(&app, &post, "hm").await.unwrap();
        let like = NewReaction { kind: ReactionKind::Like };
        ben.call(&app, &SetReaction { post_id: post.id }, &like).await.unwrap();
        let get = GetPost { post_id: post.id };
        let before = ben.call(&app, &get, &Nothing).await.unwrap();
        let restore = RestorePost { post_id: post.id };
        assert_eq!(ben.call(&app, &restore, &Nothing).await.unwrap_err(), ErrorCode::Forbidden, "he sees it, and it is not his");
        assert_eq!(dan.call(&app, &restore, &Nothing).await.unwrap_err(), ErrorCode::NotFound);
        ada.call(&app, &DeletePost { post_id: post.id }, &Nothing).await.unwrap();
        assert_eq!(post_count(&app, &ada).await, Some(0));
        for other in [&ben, &dan] {
            assert_eq!(other.call(&app, &restore, &Nothing).await.unwrap_err(), ErrorCode::NotFound);
        }
        for _ in 0..2 {
            let back = ada.call(&app, &restore, &Nothing).await.unwrap();
            assert_eq!((back.id, back.comment_count), (post.id, 1));
        }
        assert_eq!(post_count(&app, &ada).await, Some(1), "once, however often it was asked for");
        assert_eq!(ben.call(&app, &get, &Nothing).await.unwrap(), before);
        assert_eq!(ben.call(&app, &GetFeed {}, &Nothing).await.unwrap().items, [before]);
        // Reactions and comments go on as before.
        let like = SetReaction { post_id: post.id };
        ben.call(&app, &like, &NewReaction { kind: ReactionKind::Wow }).await.unwrap();
        ben.comment(&app, &post, "again").await.unwrap();
    }

    async fn after_a_minute_it_is_gone(app: TestApp) {
        let ada = app.person("ada").await;
        let restore = async |post: PostId| ada.call(&app, &RestorePost { post_id: post }, &Nothing).await;
        for (millis, back) in [(RESTORE_MILLIS - 20_000, true), (RESTORE_MILLIS + 1, false)] {
            let post = ada.post(&app, "x").await;
            ada.call(&app, &DeletePost { post_id: post.id }, &Nothing).await.unwrap();
            age(&app, post.id, millis.into()).await;
            assert_eq!(restore(post.id).await.err(), (!back).then_some(ErrorCode::NotFound));
        }
        assert_eq!(post_count(&app, &ada).await, Some(1));
    }

    /// Whichever comes last, post and count say the same.
    async fn removing_and_putting_back_at_once(app: TestApp) {
        let ada = app.person("ada").await;
        let (nodes, post) = (app.nodes(), ada.post(&app, "x").await.id);
        for _ in 0..25 {
            let calls = (0..12).map(|n| {
                let (client, ada) = (nodes[n % nodes.len()].clone(), ada.clone());
                tokio::spawn(async move {
                    if n % 2 == 0 {
                        ada.call(&client, &DeletePost { post_id: post }, &Nothing).await.map(drop)
                    } else {
                        ada.call(&client, &RestorePost { post_id: post }, &Nothing).await.map(drop)
                    }
                })
            });
            for answer in join_all(calls).await {
                let answer = answer.unwrap();
                assert!(matches!(answer, Ok(()) | Err(ErrorCode::NotFound)), "{answer:?}");
            }
            let there = ada.call(&app, &GetPost { post_id: post }, &Nothing).await.is_ok();
            assert_eq!(post_count(&app, &ada).await, Some(u32::from(there)));
            ada.call(&app, &RestorePost { post_id: post }, &Nothing).await.unwrap();
        }
    }

    /// After a month there is nothing left, and nothing else is touched.
    async fn what_was_removed_goes_for_good_after_a_month(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let (old, fresh, kept) = (ada.post(&app, "old #x").await, ada.post(&app, "fresh").await, ada.post(&app, "kept").await);
        edit(&app, &ada, old.id, Some("older #x"), None).await;
        ben.comment(&app, &old, "hm").await.unwrap();
        ben.call(&app, &SavePost { post_id: old.id }, &Nothing).await.unwrap();
        let share = SharePost { post_id: kept.id };
        let new = NewShare { client_id: client_id(), body: String::new(), audience: Audience::Friends };
        let share = ben.call(&app, &share, &new).await.unwrap();
        for (by, post) in [(&ada, old.id), (&ada, fresh.id), (&ben, share.id)] {
            by.call(&app, &DeletePost { post_id: post }, &Nothing).await.unwrap();
        }
        let (day, month) = (24 * 60 * 60 * 1000, i64::try_from(KEPT.as_millis()).unwrap());
        age(&app, old.id, month + 1).await;
        age(&app, share.id, month + day).await;
        age(&app, fresh.id, month - day).await;
        let clear = async || clear_removed(app.db(), hearth::platform::clock::now()).await.unwrap();
        clear().await;
        assert_eq!(clear().await, Cleared::default(), "it is done at once");
        let rows = app.db().read(|conn| {
            let ids: Vec<i64> = posts::table.order(posts::id).select(posts::id).load(conn)?;
            let counts: Vec<i64> = posts::table.order(posts::id).select(posts::share_count).load(conn)?;
            Ok((ids, counts))
        });
        let (ids, counts) = rows.await.unwrap();
        assert_eq!((ids, counts), (vec![fresh.id.get(), kept.id.get()], vec![0, 0]), "a share that was removed counted no more");
    }

    /// What a comment said goes a month after it was removed, and nobody notices.
    async fn what_a_removed_comment_said_goes_for_good(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let post = ada.post(&app, "hello").await;
        let old = ben.comment(&app, &post, "said, and regretted").await.unwrap();
        ada.comment(&app, &post, "why not?").await.unwrap();
        let fresh = ben.comment(&app, &post, "removed of late").await.unwrap();
        for comment in [&old, &fresh] {
            let call = DeleteComment { comment_id: comment.id };
            ben.call(&app, &call, &Nothing).await.unwrap();
        }
        let month = i64::try_from(KEPT.as_millis()).unwrap();
        let at = hearth::platform::clock::now().as_millis() - month - 1;
        let id = old.id.get();
        let run = app.db().write(move |tx| {
            diesel::update(comments::table.find(id)).set(comments::deleted_at.eq(at)).execute(tx.conn())?;
            Ok(hearth::platform::db::Outcome::Commit(()))
        });
        run.await.unwrap();
        let list = async || ada.call(&app, &ListComments { post_id: post.id }, &Nothing).await.unwrap().items;
        let before = list().await;
        let clear = async || clear_removed(app.db(), hearth::platform::clock::now()).await.unwrap();
        assert_eq!(clear().await, Cleared { posts: 0, comments: 1 });
        assert_eq!(clear().await, Cleared::default(), "it is done at once");
        assert_eq!(list().await, before, "for others nothing has changed");
        assert_eq!(before.len(), 1);
        let said = app.db().read(|conn| Ok(comments::table.order(comments::id).select(comments::body).load::<String>(conn)?));
        assert_eq!(said.await.unwrap(), ["", "why not?", "removed of late"]);
    }
}
