//! What stands beside posts: which, in which order, and who sees it.

use hearth::features::media::clean::{GRACE, collect_orphans};
use hearth::features::media::service;
use hearth::platform::clock;
use hearth::platform::db::Outcome;
use hearth::platform::error::AppError;
use hearth_shared::blocks::{BlockPerson, UnblockPerson};
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::RemoveFriend;
use hearth_shared::ids::{Id, MediaId, PostId};
use hearth_shared::media::{DeleteMedia, FinishUpload};
use hearth_shared::page::PageQuery;
use hearth_shared::posts::{Audience, DeletePost, EditPost, GetPost, Post, PostPatch};
use hearth_shared::problem::{ErrorCode, FieldError};
use hearth_shared::time::Timestamp;
use hearth_shared::users::ListUserPhotos;

use crate::everywhere;
use crate::support::films::{self, Mp4, bring, mp4};
use crate::support::pictures::{self, address, get, stored};
use crate::support::{Options, Person, TestApp};

const PUBLIC: Options = Options {
    public_posts: true,
    ..Options::PLAIN
};

/// Makes these what stands beside a post, as the author of the post does.
pub(crate) async fn attach(
    app: &TestApp,
    owner: &Person,
    post: PostId,
    ids: &[MediaId],
) -> Result<bool, Vec<FieldError>> {
    let (owner, ids) = (owner.id(), ids.to_vec());
    let done = app
        .db()
        .write(move |tx| service::attach(tx, owner, post, &ids).map(Outcome::Commit));
    done.await.map_err(|error| match error {
        AppError::Problem(problem, _) => problem.errors,
        other => panic!("{other:?}"),
    })
}

/// The ids of what stands beside a post.
async fn beside(app: &TestApp, post: PostId) -> Vec<MediaId> {
    let rows = app.db().read(move |conn| service::of_posts(conn, &[post]));
    let mut rows = rows.await.unwrap();
    let rows = rows.remove(&post).unwrap_or_default();
    rows.iter().map(|row| row.id()).collect()
}

async fn edit(app: &TestApp, author: &Person, post: &Post, audience: Audience) {
    let patch = PostPatch {
        audience: Some(audience),
        ..PostPatch::default()
    };
    let call = EditPost { post_id: post.id };
    author.call(app, &call, &patch).await.unwrap();
}

async fn upload(app: &TestApp, person: &Person, count: usize) -> Vec<MediaId> {
    let mut ids = Vec::new();
    for _ in 0..count {
        ids.push(pictures::upload(app, person).await.id);
    }
    ids
}

/// What each of some people is answered who asks for a picture under an address of their own.
async fn answers(app: &TestApp, people: &[&Person], id: MediaId) -> Vec<u16> {
    let mut statuses = Vec::new();
    for person in people {
        statuses.push(get(app, &address(app, Some(person), id)).await.0);
    }
    statuses
}

async fn photos(app: &TestApp, viewer: &Person, of: &Person) -> Vec<MediaId> {
    let mut query = PageQuery {
        limit: Some(2),
        cursor: None,
    };
    let mut seen = Vec::new();
    loop {
        let call = ListUserPhotos {
            username: of.username(),
        };
        let page = viewer.call_with(app, &call, &query, &Nothing).await.unwrap();
        seen.extend(page.items.iter().map(|media| media.id));
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            return seen;
        }
    }
}

fn later() -> Timestamp {
    let grace = i64::try_from(GRACE.as_millis()).unwrap();
    Timestamp::from_millis(clock::now().as_millis() + grace + 60_000)
}

/// What the host's database says, as somebody else's program would change it.
async fn sql(app: &TestApp, text: String) {
    let run = app.db().write(move |tx| {
        hearth::platform::db::dialect::execute(tx.conn(), &text)?;
        Ok(Outcome::Commit(()))
    });
    run.await.unwrap();
}

everywhere! {
    with PUBLIC;

    async fn a_post_has_pictures_in_an_order(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let (post, other) = (ada.post(&app, "one").await, ada.post(&app, "other").await);
        let ids = upload(&app, &ada, 11).await;
        assert_eq!(attach(&app, &ada, post.id, &ids[..10]).await, Ok(true));
        assert_eq!(beside(&app, post.id).await, ids[..10]);
        assert_eq!(attach(&app, &ada, post.id, &ids[..10]).await, Ok(false), "it is so already");
        // Another order, one less, one more: all at once.
        let mut changed = ids[1..10].to_vec();
        changed.reverse();
        changed.push(ids[10]);
        assert_eq!(attach(&app, &ada, post.id, &changed).await, Ok(true));
        assert_eq!(beside(&app, post.id).await, changed);
        let film = bring(&app, &ada, &mp4(&Mp4::default())).await.id;
        let avatar = pictures::set_avatar(&app, &ada).await.1;
        let bens = upload(&app, &ben, 1).await[0];
        let wrong = [
            vec![changed[0]],
            vec![bens],
            vec![Id::new(7)],
            vec![avatar],
            vec![ids[0], changed[0]],
        ];
        let mut refusals = Vec::new();
        for ids in &wrong {
            refusals.push(attach(&app, &ada, other.id, ids).await.unwrap_err());
        }
        assert_eq!(refusals[0][0].field, "media_ids");
        assert!(refusals.iter().all(|refusal| *refusal == refusals[0]), "one answer for all of them");
        assert!(attach(&app, &ada, other.id, &[film, ids[0]]).await.is_err(), "a film stands alone");
        assert!(attach(&app, &ada, other.id, &ids).await.is_err(), "eleven");
        assert!(beside(&app, other.id).await.is_empty());
        assert_eq!(attach(&app, &ada, other.id, &[film]).await, Ok(true));
        assert_eq!(attach(&app, &ada, other.id, &[ids[0]]).await, Ok(true), "a picture in its place");
        // What was taken out belongs to nothing, and goes when its time has come.
        let kept = &app.servers()[0].media;
        collect_orphans(kept, clock::now()).await.unwrap();
        assert_eq!(get(&app, &address(&app, Some(&ada), film)).await.0, 200);
        collect_orphans(kept, later()).await.unwrap();
        assert_eq!(get(&app, &address(&app, Some(&ada), film)).await.0, 404);
        assert_eq!(beside(&app, post.id).await, changed);
        assert_eq!(stored(&app).len(), 11 * 3 + 5, "Ben's went too");
    }

    /// Whoever may see the post sees what stands beside it, on every request anew.
    async fn who_may_see_the_post_sees_its_pictures(app: TestApp) {
        let (ada, ben, dan, eve) = (app.person("ada").await, app.person("ben").await, app.person("dan").await, app.person("eve").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &eve).await;
        let people = [&ada, &ben, &dan, &eve];
        let film = mp4(&Mp4::default());
        for with_film in [false, true] {
            let post = ada.post(&app, "x").await;
            // Of a film also what stands before it.
            let ids = if with_film {
                let still = pictures::upload(&app, &ada).await.id;
                let upload = films::begin(&app, &ada, &film).await;
                films::send(&app, &ada, &upload, &film).await;
                let poster = FinishUpload { poster_id: Some(still), ..FinishUpload::default() };
                let media = films::finish(&app, &ada, &upload, poster).await.unwrap();
                assert_eq!(answers(&app, &people, still).await, [200, 404, 404, 404], "attached to nothing");
                vec![media.id, still]
            } else {
                upload(&app, &ada, 1).await
            };
            assert_eq!(answers(&app, &people, ids[0]).await, [200, 404, 404, 404], "attached to nothing");
            attach(&app, &ada, post.id, &ids[..1]).await.unwrap();
            let wanted = |wanted: [u16; 4], why: &'static str| {
                let (app, people, ids) = (&app, &people, &ids);
                async move {
                    for id in ids {
                        assert_eq!(answers(app, people, *id).await, wanted, "{why}");
                    }
                }
            };
            wanted([200, 200, 404, 200], "friends").await;
            edit(&app, &ada, &post, Audience::OnlyMe).await;
            wanted([200, 404, 404, 404], "only me").await;
            edit(&app, &ada, &post, Audience::Public).await;
            wanted([200, 200, 200, 200], "public").await;
            let block = BlockPerson { user_id: dan.id() };
            ada.call(&app, &block, &Nothing).await.map(drop).unwrap();
            wanted([200, 200, 404, 200], "blocked").await;
            ada.call(&app, &UnblockPerson { user_id: dan.id() }, &Nothing).await.unwrap();
            dan.call(&app, &BlockPerson { user_id: ada.id() }, &Nothing).await.map(drop).unwrap();
            wanted([200, 200, 404, 200], "has blocked").await;
            dan.call(&app, &UnblockPerson { user_id: ada.id() }, &Nothing).await.unwrap();
            edit(&app, &ada, &post, Audience::Friends).await;
            ada.call(&app, &RemoveFriend { user_id: eve.id() }, &Nothing).await.unwrap();
            wanted([200, 200, 404, 404], "no friend any more").await;
            app.befriend(&ada, &eve).await;
            ada.call(&app, &DeletePost { post_id: post.id }, &Nothing).await.unwrap();
            wanted([404, 404, 404, 404], "removed").await;
            // Hidden is like missing, to a byte.
            let (_, _, hidden) = get(&app, &address(&app, Some(&ben), ids[0])).await;
            let (_, _, missing) = get(&app, &address(&app, Some(&ben), Id::new(7))).await;
            let text = |body: &[u8]| {
                let mut body: serde_json::Value = serde_json::from_slice(body).unwrap();
                body["request_id"] = "".into();
                body
            };
            assert_eq!(text(&hidden), text(&missing));
            sql(&app, format!("UPDATE posts SET deleted_at = NULL WHERE id = {}", post.id)).await;
            wanted([200, 200, 404, 200], "put back").await;
            sql(&app, format!("UPDATE users SET suspended_at = 1 WHERE id = {}", ada.id())).await;
            let others = [&ben, &dan, &eve];
            assert_eq!(answers(&app, &others, ids[0]).await, [404, 404, 404], "suspended");
            sql(&app, format!("UPDATE users SET suspended_at = NULL WHERE id = {}", ada.id())).await;
        }
    }

    async fn photos_are_those_of_posts_that_the_viewer_may_see(app: TestApp) {
        let (ada, ben, dan) = (app.person("ada").await, app.person("ben").await, app.person("dan").await);
        app.befriend(&ada, &ben).await;
        let mut of = Vec::new();
        for audience in [Audience::Public, Audience::Friends, Audience::OnlyMe] {
            let post = ada.post_for(&app, "x", audience).await;
            let ids = upload(&app, &ada, 2).await;
            attach(&app, &ada, post.id, &ids).await.unwrap();
            of.push((post, ids));
        }
        let avatar = pictures::set_avatar(&app, &ada).await.1;
        // A film is no photo, nor what stands before it, nor what is attached to nothing.
        let still = pictures::upload(&app, &ada).await.id;
        let film = mp4(&Mp4::default());
        let upload = films::begin(&app, &ada, &film).await;
        films::send(&app, &ada, &upload, &film).await;
        let poster = FinishUpload { poster_id: Some(still), ..FinishUpload::default() };
        let media = films::finish(&app, &ada, &upload, poster).await.unwrap();
        let post = ada.post_for(&app, "x", Audience::Public).await;
        attach(&app, &ada, post.id, &[media.id]).await.unwrap();
        pictures::upload(&app, &ada).await;
        let newest_first = |posts: &[usize]| {
            let mut ids: Vec<_> = posts.iter().flat_map(|index| of[*index].1.clone()).chain([avatar]).collect();
            ids.sort_unstable();
            ids.reverse();
            ids
        };
        assert_eq!(photos(&app, &ada, &ada).await, newest_first(&[0, 1, 2]));
        assert_eq!(photos(&app, &ben, &ada).await, newest_first(&[0, 1]));
        assert_eq!(photos(&app, &dan, &ada).await, newest_first(&[0]));
        // What the list shows, the address gives, and nothing else.
        for viewer in [&ada, &ben, &dan] {
            let seen = photos(&app, viewer, &ada).await;
            for (_, ids) in &of {
                for id in ids {
                    let status = get(&app, &address(&app, Some(viewer), *id)).await.0;
                    assert_eq!(status == 200, seen.contains(id), "{}", viewer.username());
                }
            }
        }
        ada.call(&app, &DeletePost { post_id: of[0].0.id }, &Nothing).await.unwrap();
        assert_eq!(photos(&app, &dan, &ada).await, [avatar]);
        edit(&app, &ada, &of[1].0, Audience::Public).await;
        assert_eq!(photos(&app, &dan, &ada).await, newest_first(&[1]));
        // A day later nothing is left of what the removed post had.
        collect_orphans(&app.servers()[0].media, later()).await.unwrap();
        assert_eq!(get(&app, &address(&app, Some(&ada), of[0].1[0])).await.0, 404);
        assert_eq!(stored(&app).len(), 4 * 3 + 5 + 1 + 3);
    }

    async fn what_is_removed_leaves_its_post(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let post = ada.post(&app, "with words").await;
        let ids = upload(&app, &ada, 2).await;
        attach(&app, &ada, post.id, &ids).await.unwrap();
        assert_eq!(ben.call(&app, &DeleteMedia { media_id: ids[0] }, &Nothing).await, Err(ErrorCode::NotFound));
        ada.call(&app, &DeleteMedia { media_id: ids[0] }, &Nothing).await.unwrap();
        assert_eq!(beside(&app, post.id).await, ids[1..]);
        ada.call(&app, &DeleteMedia { media_id: ids[1] }, &Nothing).await.unwrap();
        assert!(ben.call(&app, &GetPost { post_id: post.id }, &Nothing).await.is_ok(), "it has words");
        // One that was nothing but a picture goes with it.
        let bare = ada.post(&app, "soon without words").await;
        let ids = upload(&app, &ada, 2).await;
        attach(&app, &ada, bare.id, &ids).await.unwrap();
        sql(&app, format!("UPDATE posts SET body = '' WHERE id = {}", bare.id)).await;
        ada.call(&app, &DeleteMedia { media_id: ids[0] }, &Nothing).await.unwrap();
        assert!(ben.call(&app, &GetPost { post_id: bare.id }, &Nothing).await.is_ok());
        ada.call(&app, &DeleteMedia { media_id: ids[1] }, &Nothing).await.unwrap();
        assert_eq!(ben.call(&app, &GetPost { post_id: bare.id }, &Nothing).await.map(drop), Err(ErrorCode::NotFound));
        assert!(stored(&app).is_empty());
    }

    /// Films, what stands before them, and what is on its way go with an account; of posts, with those.
    async fn all_of_it_goes_with_its_owner(app: TestApp) {
        let ada = app.person("ada").await;
        let post = ada.post(&app, "x").await;
        let film = mp4(&Mp4::default());
        let media = bring(&app, &ada, &film).await;
        attach(&app, &ada, post.id, &[media.id]).await.unwrap();
        let open = films::begin(&app, &ada, &film).await;
        films::send(&app, &ada, &open, &film).await;
        assert_eq!(stored(&app).len(), 2);
        let other = ada.post(&app, "y").await;
        let ids = upload(&app, &ada, 1).await;
        attach(&app, &ada, other.id, &ids).await.unwrap();
        let gone = other.id;
        app.db().write(move |tx| service::forget_post(tx, gone).map(Outcome::Commit)).await.unwrap();
        assert!(beside(&app, other.id).await.is_empty());
        let id = ada.id();
        let keys = app.db().write(move |tx| service::purge(tx, id).map(Outcome::Commit)).await.unwrap();
        service::erase(&app.servers()[0].media.store, &keys).await;
        assert!(stored(&app).is_empty());
        assert!(beside(&app, post.id).await.is_empty());
        assert_eq!(get(&app, &media.url).await.0, 404);
    }
}
