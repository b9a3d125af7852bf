//! Pictures beside posts: put there, seen by those who may see the post, gone with it.

use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::MediaId;
use hearth_shared::media::Media;
use hearth_shared::posts::{
    Audience, CreatePost, DeletePost, EditPost, GetFeed, GetPost, NewPost, NewShare, Post, PostPatch,
    RestorePost, SharePost, Shared,
};
use hearth_shared::problem::ErrorCode;

use crate::everywhere;
use crate::support::pictures::{address, get, upload};
use crate::support::{Person, TestApp, client_id};

fn new_post(body: &str, media: &[&Media]) -> NewPost {
    NewPost {
        client_id: client_id(),
        body: body.into(),
        audience: Audience::Friends,
        media_ids: media.iter().map(|media| media.id).collect(),
        shared_post_id: None,
    }
}

fn ids(post: &Post) -> Vec<MediaId> {
    post.media.iter().map(|media| media.id).collect()
}

/// What the server answers to an address that is good for somebody.
async fn status(app: &TestApp, viewer: &Person, id: MediaId) -> u16 {
    get(app, &address(app, Some(viewer), id)).await.0
}

/// The field that is refused, and why.
async fn refused(app: &TestApp, by: &Person, new: &NewPost) -> (String, String) {
    let answer = app.ask(by.token(), &CreatePost {}, &Nothing, new).await;
    assert_eq!(answer.status, 422, "{answer:?}");
    let error = &answer.json()["errors"][0];
    let text = |key: &str| error[key].as_str().unwrap().to_owned();
    (text("field"), text("code"))
}

everywhere! {
    async fn pictures_come_and_go_with_their_post(app: TestApp) {
        let (ada, ben, dan) = (app.person("ada").await, app.person("ben").await, app.person("dan").await);
        app.befriend(&ada, &ben).await;
        let (one, two) = (upload(&app, &ada).await, upload(&app, &ada).await);
        assert_eq!(status(&app, &ben, one.id).await, 404, "it stands nowhere yet");
        let post = ada.call(&app, &CreatePost {}, &new_post("", &[&two, &one])).await.unwrap();
        assert_eq!((post.body.as_str(), ids(&post)), ("", vec![two.id, one.id]));
        let seen = ben.call(&app, &GetFeed {}, &Nothing).await.unwrap().items.remove(0);
        assert_eq!(ids(&seen), [two.id, one.id]);
        // Each session has addresses of its own, and they work.
        assert_ne!(seen.media[0].url, post.media[0].url);
        assert_eq!(get(&app, &seen.media[0].url).await.0, 200);
        assert_eq!(status(&app, &dan, one.id).await, 404);
        let hide = PostPatch { audience: Some(Audience::OnlyMe), ..PostPatch::default() };
        ada.call(&app, &EditPost { post_id: post.id }, &hide).await.unwrap();
        assert_eq!(get(&app, &seen.media[0].url).await.0, 404, "at the next request");
        let show = PostPatch { audience: Some(Audience::Friends), ..PostPatch::default() };
        ada.call(&app, &EditPost { post_id: post.id }, &show).await.unwrap();
        ada.call(&app, &DeletePost { post_id: post.id }, &Nothing).await.unwrap();
        for viewer in [&ada, &ben] {
            assert_eq!(status(&app, viewer, one.id).await, 404, "removed");
        }
        let back = ada.call(&app, &RestorePost { post_id: post.id }, &Nothing).await.unwrap();
        assert_eq!(ids(&back), [two.id, one.id]);
        assert_eq!(status(&app, &ben, one.id).await, 200);
    }

    async fn what_stands_beside_a_post_can_be_changed(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let (one, two) = (upload(&app, &ada).await, upload(&app, &ada).await);
        let post = ada.call(&app, &CreatePost {}, &new_post("", &[&one, &two])).await.unwrap();
        let edit = EditPost { post_id: post.id };
        let media = |media: &[&Media]| PostPatch {
            media_ids: Some(media.iter().map(|media| media.id).collect()),
            ..PostPatch::default()
        };
        let same = ada.call(&app, &edit, &media(&[&one, &two])).await.unwrap();
        assert_eq!(same.edited_at, None, "nothing changed");
        let turned = ada.call(&app, &edit, &media(&[&two, &one])).await.unwrap();
        assert_eq!(ids(&turned), [two.id, one.id]);
        assert!(turned.edited_at.is_some(), "whoever watches it reads it anew");
        let fewer = ada.call(&app, &edit, &media(&[&two])).await.unwrap();
        assert_eq!(ids(&fewer), [two.id]);
        assert_eq!(status(&app, &ben, one.id).await, 404, "it stands there no more");
        // Something must be left of a post.
        let answer = app.ask(ada.token(), &edit, &Nothing, &media(&[])).await;
        assert_eq!((answer.status, answer.json()["errors"][0]["field"].as_str()), (422, Some("body")));
        assert_eq!(ids(&ada.call(&app, &GetPost { post_id: post.id }, &Nothing).await.unwrap()), [two.id]);
        let words = PostPatch { body: Some("words".into()), ..media(&[]) };
        let words = ada.call(&app, &edit, &words).await.unwrap();
        assert_eq!((words.body.as_str(), ids(&words)), ("words", vec![]));
    }

    async fn only_ones_own_and_each_in_one_place(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        let (one, his) = (upload(&app, &ada).await, upload(&app, &ben).await);
        let not_offered = ("media_ids".to_owned(), "not_offered".to_owned());
        assert_eq!(refused(&app, &ada, &new_post("x", &[&his])).await, not_offered);
        assert_eq!(refused(&app, &ada, &new_post("x", &[&one, &one])).await, not_offered);
        assert_eq!(refused(&app, &ada, &new_post("", &[])).await.0, "body");
        let first = new_post("x", &[&one]);
        let made = app.ask(ada.token(), &CreatePost {}, &Nothing, &first).await;
        assert_eq!(made.status, 201, "{made:?}");
        assert_eq!(refused(&app, &ada, &new_post("again", &[&one])).await, not_offered);
        assert!(ada.call(&app, &GetFeed {}, &Nothing).await.unwrap().items.len() == 1, "what was refused is nowhere");
        // The same request again, and one that differs only in what stands beside it.
        let again = app.ask(ada.token(), &CreatePost {}, &Nothing, &first).await;
        assert_eq!(again.status, 200, "{again:?}");
        let two = upload(&app, &ada).await;
        for media in [vec![], vec![two.id], vec![one.id, two.id]] {
            let other = NewPost { media_ids: media, ..first.clone() };
            assert_eq!(ada.call(&app, &CreatePost {}, &other).await.unwrap_err(), ErrorCode::ClientIdReused);
        }
    }

    async fn a_share_shows_the_pictures_of_the_original_to_those_who_may_see_it(app: TestApp) {
        let (ada, ben, cy) = (app.person("ada").await, app.person("ben").await, app.person("cyd").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ben, &cy).await;
        let picture = upload(&app, &ada).await;
        let post = ada.call(&app, &CreatePost {}, &new_post("", &[&picture])).await.unwrap();
        let share = NewShare { client_id: client_id(), body: "look".into(), audience: Audience::Friends };
        let share = ben.call(&app, &SharePost { post_id: post.id }, &share).await.unwrap();
        let Some(Shared::Post(original)) = share.shared else { panic!("{share:?}") };
        assert_eq!((original.media.len(), share.media.len()), (1, 0));
        assert_eq!(get(&app, &original.media[0].url).await.0, 200);
        let answer = app.ask(cy.token(), &GetPost { post_id: share.id }, &Nothing, &Nothing).await;
        assert_eq!(answer.json()["shared"], serde_json::json!({"unavailable": true}));
        assert_eq!(status(&app, &cy, picture.id).await, 404);
    }
}
