//! What people are told of what is said: once, never of themselves, never of whom or what they do not want to hear,
//! and only while they may see it; and what is told live is what a fresh read shows.

use hearth_shared::blocks::BlockPerson;
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::RemoveFriend;
use hearth_shared::notifications::GetBadges;
use hearth_shared::posts::{
    Audience, DeletePost, EditPost, MutePerson, MutePost, NewReaction, NewShare, PostPatch, ReactionKind,
    RemoveCommentReaction, RestorePost, SetCommentReaction, SharePost,
};

use super::{news, remove, reply, restore, rewrite};
use crate::everywhere;
use crate::support::{Device, Options, Person, TestApp, client_id, fetch};

const LIKE: NewReaction = NewReaction {
    kind: ReactionKind::Like,
};

async fn badge(app: &TestApp, person: &Person) -> u32 {
    let badges = person.call(app, &GetBadges {}, &Nothing).await.unwrap();
    badges.notifications
}

everywhere! {
    async fn replies_are_told_to_who_is_answered_and_to_the_author_once(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cleo).await;
        let post = ada.post(&app, "x").await;
        let bens = ben.comment(&app, &post, "ben's").await.unwrap();
        let adas = ada.comment(&app, &post, "ada's").await.unwrap();
        let one = reply(&app, &cleo, post.id, bens.id, "to ben").await.unwrap();
        assert_eq!(news(&app, &ben).await, ["reply cleo: to ben"]);
        assert_eq!(news(&app, &ada).await, ["comment cleo+ben: to ben"]);
        let two = reply(&app, &cleo, post.id, adas.id, "to ada").await.unwrap();
        assert_eq!(news(&app, &ada).await, ["reply cleo: to ada", "comment cleo+ben: to ben"], "not doubled");
        reply(&app, &ben, post.id, bens.id, "to myself").await.unwrap();
        assert_eq!(news(&app, &ben).await, ["reply cleo: to ben"]);
        remove(&app, &cleo, two.id).await.unwrap();
        remove(&app, &cleo, one.id).await.unwrap();
        assert!(news(&app, &ben).await.is_empty());
        assert_eq!(news(&app, &ada).await, ["comment ben: to myself"]);
        restore(&app, &cleo, one.id).await.unwrap();
        assert_eq!(news(&app, &ben).await, ["reply cleo: to ben"]);
    }

    async fn reactions_to_comments_are_told_and_taken_back(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cleo).await;
        let post = ada.post(&app, "x").await;
        let comment = ben.comment(&app, &post, "ben's").await.unwrap();
        let set = SetCommentReaction { comment_id: comment.id };
        for person in [&cleo, &ada, &ben] {
            person.call(&app, &set, &LIKE).await.unwrap();
        }
        assert_eq!(news(&app, &ben).await, ["comment_reaction ada+cleo: ben's"]);
        cleo.call(&app, &RemoveCommentReaction { comment_id: comment.id }, &Nothing).await.unwrap();
        assert_eq!(news(&app, &ben).await, ["comment_reaction ada: ben's"]);
        let seen = badge(&app, &ben).await;
        remove(&app, &ben, comment.id).await.unwrap();
        assert!(news(&app, &ben).await.is_empty());
        assert_eq!(badge(&app, &ben).await, seen - 1, "what is not shown is not counted");
        restore(&app, &ben, comment.id).await.unwrap();
        assert_eq!(news(&app, &ben).await, ["comment_reaction ada: ben's"]);
        assert_eq!(badge(&app, &ben).await, seen);
    }

    async fn who_passes_a_post_on_is_told_to_its_author(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        for (a, b) in [(&ada, &ben), (&ada, &cleo), (&ben, &cleo)] {
            app.befriend(a, b).await;
        }
        let post = ada.post(&app, "the original").await;
        let share = async |by: &Person, body: &str, audience: Audience| {
            let new = NewShare { client_id: client_id(), body: body.into(), audience };
            by.call(&app, &SharePost { post_id: post.id }, &new).await.unwrap()
        };
        share(&cleo, "for myself", Audience::OnlyMe).await;
        assert!(news(&app, &ada).await.is_empty(), "what she may not see she is not told");
        let bens = share(&ben, "look", Audience::Friends).await;
        share(&cleo, "", Audience::Friends).await;
        assert_eq!(news(&app, &ada).await, ["share cleo+ben: "]);
        assert!(news(&app, &ben).await.is_empty());
        ben.call(&app, &DeletePost { post_id: bens.id }, &Nothing).await.unwrap();
        assert_eq!(news(&app, &ada).await, ["share cleo: "]);
        ben.call(&app, &RestorePost { post_id: bens.id }, &Nothing).await.unwrap();
        assert_eq!(news(&app, &ada).await, ["share ben+cleo: "]);
        // With the original all of it is hidden, and back with it.
        ada.call(&app, &DeletePost { post_id: post.id }, &Nothing).await.unwrap();
        assert!(news(&app, &ada).await.is_empty());
        ada.call(&app, &RestorePost { post_id: post.id }, &Nothing).await.unwrap();
        assert_eq!(news(&app, &ada).await, ["share ben+cleo: "]);
    }

    async fn of_whom_and_what_is_muted_nothing_is_told(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cleo).await;
        let (post, muted) = (ada.post(&app, "x").await, ada.post(&app, "y").await);
        ada.call(&app, &MutePerson { user_id: ben.id() }, &Nothing).await.unwrap();
        ada.call(&app, &MutePost { post_id: muted.id }, &Nothing).await.unwrap();
        ben.comment(&app, &post, "hello @ada").await.unwrap();
        cleo.comment(&app, &muted, "hello @ada").await.unwrap();
        assert!(news(&app, &ada).await.is_empty());
        cleo.comment(&app, &post, "hello").await.unwrap();
        assert_eq!(news(&app, &ada).await, ["comment cleo: hello"]);
    }

    async fn who_may_not_see_a_post_is_shown_nothing_of_it(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cleo).await;
        let post = ada.post(&app, "x").await;
        let bens = ben.comment(&app, &post, "ben's").await.unwrap();
        reply(&app, &cleo, post.id, bens.id, "to ben").await.unwrap();
        assert_eq!(news(&app, &ben).await, ["reply cleo: to ben"]);
        ada.call(&app, &RemoveFriend { user_id: ben.id() }, &Nothing).await.unwrap();
        assert!(news(&app, &ben).await.is_empty());
        // Nor is he told of what happens there from now on.
        reply(&app, &cleo, post.id, bens.id, "again @ben").await.unwrap();
        assert!(news(&app, &ben).await.is_empty());
        app.befriend(&ada, &ben).await;
        assert_eq!(news(&app, &ben).await.len(), 1, "the one that he was told");
        cleo.call(&app, &BlockPerson { user_id: ben.id() }, &Nothing).await.unwrap();
        assert!(news(&app, &ben).await.is_empty());
    }
}

everywhere! {
    with Options { public_posts: true, ..Options::default() };
    /// Devices that were there all the time show what a fresh read shows, whatever was said and unsaid.
    async fn what_is_told_live_is_what_is_there(app: TestApp) {
        let (ada, ben, cleo) = (app.person("ada").await, app.person("ben").await, app.person("cleo").await);
        for (a, b) in [(&ada, &ben), (&ada, &cleo), (&ben, &cleo)] {
            app.befriend(a, b).await;
        }
        let mut devices = Vec::new();
        for person in [&ada, &ben, &cleo] {
            devices.push(Device::start(&app, person).await);
        }
        let post = ada.post(&app, "about @ben").await;
        let one = ben.comment(&app, &post, "@cleo @ada").await.unwrap();
        let answer = reply(&app, &cleo, post.id, one.id, "@ada yes").await.unwrap();
        let set = SetCommentReaction { comment_id: one.id };
        ada.call(&app, &set, &LIKE).await.unwrap();
        check(&app, &mut devices).await;
        rewrite(&app, &cleo, answer.id, "yes").await;
        remove(&app, &ben, one.id).await.unwrap();
        check(&app, &mut devices).await;
        restore(&app, &ben, one.id).await.unwrap();
        check(&app, &mut devices).await;
        for audience in [Audience::OnlyMe, Audience::Public] {
            let patch = PostPatch { audience: Some(audience), ..PostPatch::default() };
            ada.call(&app, &EditPost { post_id: post.id }, &patch).await.unwrap();
            check(&app, &mut devices).await;
        }
        ada.call(&app, &RemoveFriend { user_id: cleo.id() }, &Nothing).await.unwrap();
        check(&app, &mut devices).await;
        let patch = PostPatch { body: Some("about @cleo".into()), ..PostPatch::default() };
        ada.call(&app, &EditPost { post_id: post.id }, &patch).await.unwrap();
        check(&app, &mut devices).await;
        ben.call(&app, &BlockPerson { user_id: cleo.id() }, &Nothing).await.unwrap();
        check(&app, &mut devices).await;
        ada.call(&app, &DeletePost { post_id: post.id }, &Nothing).await.unwrap();
        check(&app, &mut devices).await;
        for person in [&ada, &ben, &cleo] {
            assert!(news(&app, person).await.is_empty());
        }
    }
}

async fn check(app: &TestApp, devices: &mut [Device]) {
    for device in devices {
        device.settle_with(app).await;
        let (fresh, _) = fetch(app, &device.person).await;
        let shown = (&device.replica.notifications, device.replica.counts);
        assert_eq!(
            shown,
            (&fresh.notifications, fresh.counts),
            "{}",
            device.person.username()
        );
    }
}
