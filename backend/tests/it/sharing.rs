//! Passing posts on: who may, who sees the original, and what is counted.

use futures_util::future::join_all;
use hearth_shared::blocks::{BlockPerson, UnblockPerson};
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::RemoveFriend;
use hearth_shared::ids::{Id, PostId};
use hearth_shared::posts::{
    Audience, CreatePost, DeletePost, EditPost, GetFeed, GetPost, NewPost, NewShare, Post, PostPatch,
    RestorePost, SharePost, Shared,
};
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::frames::{ClientFrame, PostState, ServerFrame};

use crate::everywhere;
use crate::support::{Options, Person, Socket, TestApp, client_id};

const PUBLIC: Options = Options {
    public_posts: true,
    ..Options::PLAIN
};

fn words(body: &str, audience: Audience) -> NewShare {
    NewShare {
        client_id: client_id(),
        body: body.into(),
        audience,
    }
}

async fn share(app: &TestApp, by: &Person, post: PostId, body: &str) -> Result<Post, ErrorCode> {
    by.call(app, &SharePost { post_id: post }, &words(body, Audience::Friends))
        .await
}

async fn get(app: &TestApp, viewer: &Person, post: PostId) -> Result<Post, ErrorCode> {
    viewer.call(app, &GetPost { post_id: post }, &Nothing).await
}

/// What somebody sees of the original inside of a share: its text.
async fn seen(app: &TestApp, viewer: &Person, share: PostId) -> Option<String> {
    match get(app, viewer, share).await.unwrap().shared.unwrap() {
        Shared::Post(original) => Some(original.body),
        Shared::Unavailable => None,
    }
}

async fn count(app: &TestApp, viewer: &Person, post: PostId) -> u32 {
    get(app, viewer, post).await.unwrap().share_count
}

async fn next_state(socket: &mut Socket, post: PostId) -> PostState {
    let is_it = |frame: &ServerFrame| matches!(frame, ServerFrame::Post(state) if state.post_id == post);
    match socket.wait_for(is_it).await {
        ServerFrame::Post(state) => state,
        other => panic!("{other:?}"),
    }
}

everywhere! {
    with PUBLIC;

    /// Whoever may see both sees both; the others see that there was something.
    async fn the_original_is_for_those_who_may_see_it(app: TestApp) {
        let (ada, ben, cy) = (app.person("ada").await, app.person("ben").await, app.person("cyd").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ben, &cy).await;
        let hers = ada.post(&app, "for my friends").await;
        // A stranger cannot pass on what they cannot see, and learns nothing of it.
        let missing = PostId::new(4_611_686_018_427_387_904);
        for unseen in [hers.id, missing] {
            assert_eq!(share(&app, &cy, unseen, "x").await.unwrap_err(), ErrorCode::NotFound);
            let new = NewPost {
                client_id: client_id(), body: "x".into(), audience: Audience::Friends,
                media_ids: Vec::new(), shared_post_id: Some(unseen),
            };
            let answer = app.ask(cy.token(), &CreatePost {}, &Nothing, &new).await;
            assert_eq!((answer.status, answer.json()["errors"][0]["field"].as_str()), (422, Some("shared_post_id")));
        }
        let shared = share(&app, &ben, hers.id, "look").await.unwrap();
        assert_eq!((shared.body.as_str(), shared.author.id), ("look", ben.id()));
        let Some(Shared::Post(original)) = shared.shared.clone() else { panic!("{shared:?}") };
        assert_eq!((original.id, original.author.id, original.body.as_str()), (hers.id, ada.id(), "for my friends"));
        assert_eq!(original.audience, Audience::Friends);
        assert_eq!(get(&app, &ben, shared.id).await.unwrap(), shared);
        // Cyd is ben's friend and not ada's.
        let feed = cy.call(&app, &GetFeed {}, &Nothing).await.unwrap().items;
        assert_eq!((feed[0].body.as_str(), &feed[0].shared), ("look", &Some(Shared::Unavailable)));
        let raw = app.ask(cy.token(), &GetPost { post_id: shared.id }, &Nothing, &Nothing).await;
        assert_eq!(raw.json()["shared"], serde_json::json!({"unavailable": true}), "nothing but that");
        // Ada is ben's friend, so she sees who passed it on.
        assert_eq!(seen(&app, &ada, shared.id).await.as_deref(), Some("for my friends"));
        assert_eq!(count(&app, &ada, hers.id).await, 1);
    }

    /// Of a post that passes one on itself, the original is passed on, if the caller may see that.
    async fn a_share_of_a_share_is_of_the_original(app: TestApp) {
        let (ada, ben, cy) = (app.person("ada").await, app.person("ben").await, app.person("cyd").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ben, &cy).await;
        let open = ada.post_for(&app, "to all", Audience::Public).await;
        let first = share(&app, &ben, open.id, "first").await.unwrap();
        let second = share(&app, &cy, first.id, "second").await.unwrap();
        let Some(Shared::Post(original)) = second.shared else { panic!("{second:?}") };
        assert_eq!(original.id, open.id);
        assert_eq!((count(&app, &ada, open.id).await, count(&app, &ben, first.id).await), (2, 0));
        let closed = ada.post(&app, "to friends").await;
        let third = share(&app, &ben, closed.id, "third").await.unwrap();
        assert_eq!(share(&app, &cy, third.id, "x").await.unwrap_err(), ErrorCode::NotFound, "it is seen, the original is not");
        assert_eq!(count(&app, &ada, closed.id).await, 1);
    }

    async fn what_happens_to_the_original_counts_at_the_next_request(app: TestApp) {
        let (ada, ben, cy) = (app.person("ada").await, app.person("ben").await, app.person("cyd").await);
        for other in [&ben, &cy] {
            app.befriend(&ada, other).await;
        }
        app.befriend(&ben, &cy).await;
        let hers = ada.post(&app, "one").await;
        let shared = share(&app, &ben, hers.id, "").await.unwrap();
        let sees = async || seen(&app, &cy, shared.id).await;
        assert_eq!(sees().await.as_deref(), Some("one"));
        let edit = |body: Option<&str>, audience| PostPatch { body: body.map(Into::into), audience, media_ids: None };
        let call = EditPost { post_id: hers.id };
        ada.call(&app, &call, &edit(Some("two"), None)).await.unwrap();
        assert_eq!(sees().await.as_deref(), Some("two"));
        ada.call(&app, &call, &edit(None, Some(Audience::OnlyMe))).await.unwrap();
        assert_eq!(sees().await, None, "narrowed");
        ada.call(&app, &call, &edit(None, Some(Audience::Friends))).await.unwrap();
        assert_eq!(sees().await.as_deref(), Some("two"));
        ada.call(&app, &DeletePost { post_id: hers.id }, &Nothing).await.unwrap();
        assert_eq!(sees().await, None, "removed");
        ada.call(&app, &RestorePost { post_id: hers.id }, &Nothing).await.unwrap();
        assert_eq!(sees().await.as_deref(), Some("two"), "put back");
        ada.call(&app, &BlockPerson { user_id: cy.id() }, &Nothing).await.unwrap();
        assert_eq!(sees().await, None, "blocked");
        ada.call(&app, &UnblockPerson { user_id: cy.id() }, &Nothing).await.unwrap();
        assert_eq!(sees().await, None, "a friend no longer");
        ada.call(&app, &EditPost { post_id: hers.id }, &edit(None, Some(Audience::Public))).await.unwrap();
        assert_eq!(sees().await.as_deref(), Some("two"));
        ada.call(&app, &RemoveFriend { user_id: ben.id() }, &Nothing).await.unwrap();
        assert_eq!(seen(&app, &ben, shared.id).await.as_deref(), Some("two"), "it is public now");
    }

    /// The same request makes one share; another one with its number is refused, also when only what is attached
    /// differs.
    async fn repeats_make_one_share(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let (one, two) = (ada.post(&app, "one").await, ada.post(&app, "two").await);
        let new = words("look", Audience::Friends);
        let call = SharePost { post_id: one.id };
        let first = app.ask(ben.token(), &call, &Nothing, &new).await;
        let second = app.ask(ben.token(), &call, &Nothing, &new).await;
        assert_eq!((first.status, second.status), (201, 200), "{second:?}");
        assert_eq!(first.text, second.text);
        assert_eq!(count(&app, &ada, one.id).await, 1);
        let other = ben.call(&app, &SharePost { post_id: two.id }, &new).await;
        assert_eq!(other.unwrap_err(), ErrorCode::ClientIdReused);
        let post = NewPost {
            client_id: new.client_id.clone(), body: "look".into(), audience: Audience::Friends,
            media_ids: Vec::new(), shared_post_id: None,
        };
        assert_eq!(ben.call(&app, &CreatePost {}, &post).await.unwrap_err(), ErrorCode::ClientIdReused);
        let same = NewPost { shared_post_id: Some(one.id), ..post };
        let same = ben.call(&app, &CreatePost {}, &same).await.unwrap();
        assert_eq!(Some(same.id), serde_json::from_str::<Post>(&first.text).ok().map(|post| post.id), "it is the same wish");
        // It was accepted once: hidden from him by now, it is answered all the same.
        ada.call(&app, &DeletePost { post_id: one.id }, &Nothing).await.unwrap();
        let again = ben.call(&app, &call, &new).await.unwrap();
        assert_eq!((again.id, again.shared), (same.id, Some(Shared::Unavailable)));
        assert_eq!(share(&app, &ben, one.id, "x").await.unwrap_err(), ErrorCode::NotFound);
    }

    /// The count is that of the shares that are there, however many come and go at once.
    async fn shares_are_counted_exactly(app: TestApp) {
        let (ada, ben, cy) = (app.person("ada").await, app.person("ben").await, app.person("cyd").await);
        for other in [&ben, &cy] {
            app.befriend(&ada, other).await;
        }
        let hers = ada.post(&app, "x").await;
        let (nodes, id) = (app.nodes(), hers.id);
        let work = [&ben, &cy, &ada].into_iter().enumerate().map(|(n, person)| {
            let (client, person) = (nodes[n % nodes.len()].clone(), person.clone());
            tokio::spawn(async move {
                for round in 0..6 {
                    let call = SharePost { post_id: id };
                    let made = person.call(&client, &call, &words("", Audience::Friends)).await.unwrap();
                    if round % 2 == 0 {
                        person.call(&client, &DeletePost { post_id: made.id }, &Nothing).await.unwrap();
                    }
                    if round % 4 == 0 {
                        person.call(&client, &RestorePost { post_id: made.id }, &Nothing).await.unwrap();
                    }
                }
            })
        });
        for worker in join_all(work).await {
            worker.unwrap();
        }
        assert_eq!(count(&app, &ada, hers.id).await, 3 * 5, "six each, of which one stays away");
    }

    /// A share may say nothing; a post may not.
    async fn words_are_needed_where_there_is_nothing_else(app: TestApp) {
        let ada = app.person("ada").await;
        let hers = ada.post(&app, "x").await;
        let shared = share(&app, &ada, hers.id, "words").await.unwrap();
        let nothing = PostPatch { body: Some(String::new()), audience: None, media_ids: None };
        let edited = ada.call(&app, &EditPost { post_id: shared.id }, &nothing).await.unwrap();
        assert_eq!(edited.body, "");
        let answer = app.ask(ada.token(), &EditPost { post_id: hers.id }, &Nothing, &nothing).await;
        let error = &answer.json()["errors"][0];
        assert_eq!((answer.status, error["field"].as_str(), error["code"].as_str()), (422, Some("body"), Some("required")));
    }

    /// Whoever looks at a share watches the original.
    async fn who_watches_the_original_is_told(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let hers = ada.post(&app, "x").await;
        let mut socket = Socket::connect(app.socket_base(), &ben).await;
        socket.ready().await;
        socket.send(&ClientFrame::Watch { post_ids: vec![hers.id], conversation_id: None }).await;
        assert_eq!(next_state(&mut socket, hers.id).await.share_count, 0);
        let shared = share(&app, &ben, hers.id, "x").await.unwrap();
        assert_eq!(next_state(&mut socket, hers.id).await.share_count, 1);
        ben.call(&app, &DeletePost { post_id: shared.id }, &Nothing).await.unwrap();
        assert_eq!(next_state(&mut socket, hers.id).await.share_count, 0);
        ada.call(&app, &DeletePost { post_id: hers.id }, &Nothing).await.unwrap();
        assert!(next_state(&mut socket, hers.id).await.gone);
        ada.call(&app, &RestorePost { post_id: hers.id }, &Nothing).await.unwrap();
        assert!(!next_state(&mut socket, hers.id).await.gone, "it is there again");
        let patch = PostPatch { audience: Some(Audience::OnlyMe), ..PostPatch::default() };
        ada.call(&app, &EditPost { post_id: hers.id }, &patch).await.unwrap();
        assert!(next_state(&mut socket, hers.id).await.gone);
    }
}
