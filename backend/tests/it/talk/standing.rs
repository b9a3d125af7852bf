//! What people are told stands for as long as what it tells of does, and they may see that: also of what happens while
//! it is hidden from them.

use hearth_shared::blocks::{BlockPerson, UnblockPerson};
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::RemoveFriend;
use hearth_shared::posts::{
    Audience, DeletePost, MutePerson, NewReaction, NewShare, Post, ReactionKind, RestorePost,
    SetCommentReaction, SharePost,
};

use super::{news, remove, reply, restore, rewrite};
use crate::everywhere;
use crate::support::{Device, Options, Person, TestApp, client_id, fetch};

async fn share(app: &TestApp, by: &Person, post: &Post, body: &str) -> Post {
    let new = NewShare {
        client_id: client_id(),
        body: body.into(),
        audience: Audience::Friends,
    };
    let call = SharePost { post_id: post.id };
    by.call(app, &call, &new).await.unwrap()
}

async fn delete(app: &TestApp, by: &Person, post: &Post) {
    let call = DeletePost { post_id: post.id };
    by.call(app, &call, &Nothing).await.unwrap();
}

async fn put_back(app: &TestApp, by: &Person, post: &Post) {
    let call = RestorePost { post_id: post.id };
    by.call(app, &call, &Nothing).await.unwrap();
}

async fn block(app: &TestApp, by: &Person, other: &Person) {
    let call = BlockPerson { user_id: other.id() };
    by.call(app, &call, &Nothing).await.unwrap();
}

async fn unblock(app: &TestApp, by: &Person, other: &Person) {
    let call = UnblockPerson { user_id: other.id() };
    by.call(app, &call, &Nothing).await.unwrap();
}

/// What a device shows that was told all the time is what a fresh read shows.
async fn level(app: &TestApp, device: &mut Device) {
    device.settle_with(app).await;
    let (fresh, _) = fetch(app, &device.person).await;
    let shown = (&device.replica.notifications, device.replica.counts);
    assert_eq!(shown, (&fresh.notifications, fresh.counts));
}

/// Four people who are all friends.
async fn friends(app: &TestApp) -> [Person; 4] {
    let mut people = Vec::new();
    for name in ["ada", "ben", "cleo", "dan"] {
        people.push(app.person(name).await);
    }
    for (place, one) in people.iter().enumerate() {
        for other in &people[..place] {
            app.befriend(one, other).await;
        }
    }
    people.try_into().unwrap_or_else(|_| panic!("four"))
}

everywhere! {
    async fn shares_come_and_go_while_the_original_is_away(app: TestApp) {
        let [ada, ben, cleo, dan] = friends(&app).await;
        let mut device = Device::start(&app, &ada).await;
        let post = ada.post(&app, "the original").await;
        let bens = share(&app, &ben, &post, "ben's").await;
        let cleos = share(&app, &cleo, &post, "cleo's").await;
        share(&app, &dan, &post, "dan's").await;
        assert_eq!(news(&app, &ada).await, ["share dan+cleo+ben: dan's"]);
        delete(&app, &cleo, &cleos).await;
        delete(&app, &ada, &post).await;
        assert!(news(&app, &ada).await.is_empty());
        delete(&app, &ben, &bens).await;
        put_back(&app, &cleo, &cleos).await;
        put_back(&app, &ada, &post).await;
        assert_eq!(news(&app, &ada).await, ["share cleo+dan: dan's"], "one went, one came back");
        level(&app, &mut device).await;
    }

    async fn who_is_hidden_takes_along_what_others_answered_them(app: TestApp) {
        let [ada, ben, cleo, dan] = friends(&app).await;
        let mut device = Device::start(&app, &ada).await;
        let post = ada.post(&app, "x").await;
        dan.comment(&app, &post, "dan's").await.unwrap();
        let cleos = cleo.comment(&app, &post, "cleo's").await.unwrap();
        let bens = reply(&app, &ben, post.id, cleos.id, "to cleo").await.unwrap();
        assert_eq!(news(&app, &ada).await, ["comment ben+cleo+dan: to cleo"]);
        block(&app, &ada, &cleo).await;
        assert_eq!(news(&app, &ada).await, ["comment dan: dan's"], "she sees neither");
        level(&app, &mut device).await;
        remove(&app, &ben, bens.id).await.unwrap();
        restore(&app, &ben, bens.id).await.unwrap();
        assert_eq!(news(&app, &ada).await, ["comment dan: dan's"], "nor is she told when it comes back");
        unblock(&app, &ada, &cleo).await;
        level(&app, &mut device).await;
        remove(&app, &ben, bens.id).await.unwrap();
        restore(&app, &ben, bens.id).await.unwrap();
        assert_eq!(news(&app, &ada).await, ["comment ben+dan: to cleo"]);
        level(&app, &mut device).await;
    }

    async fn of_an_answer_that_one_does_not_see_oneself_nothing_is_told(app: TestApp) {
        let [ada, ben, cleo, dan] = friends(&app).await;
        let mut device = Device::start(&app, &ben).await;
        let post = ada.post(&app, "x").await;
        let cleos = cleo.comment(&app, &post, "cleo's").await.unwrap();
        let bens = reply(&app, &ben, post.id, cleos.id, "to cleo").await.unwrap();
        let set = SetCommentReaction { comment_id: bens.id };
        let like = NewReaction { kind: ReactionKind::Like };
        dan.call(&app, &set, &like).await.unwrap();
        assert_eq!(news(&app, &ben).await, ["comment_reaction dan: to cleo"]);
        block(&app, &ben, &cleo).await;
        assert!(news(&app, &ben).await.is_empty());
        level(&app, &mut device).await;
        ada.call(&app, &set, &like).await.unwrap();
        unblock(&app, &ben, &cleo).await;
        assert_eq!(news(&app, &ben).await, ["comment_reaction dan: to cleo"], "as it was");
        level(&app, &mut device).await;
    }

    async fn what_was_reacted_to_is_quoted_as_it_reads_now(app: TestApp) {
        let [ada, ben, _, dan] = friends(&app).await;
        let mut device = Device::start(&app, &ben).await;
        let post = ada.post(&app, "x").await;
        let bens = ben.comment(&app, &post, "before").await.unwrap();
        let set = SetCommentReaction { comment_id: bens.id };
        dan.call(&app, &set, &NewReaction { kind: ReactionKind::Like }).await.unwrap();
        level(&app, &mut device).await;
        rewrite(&app, &ben, bens.id, "after").await;
        assert_eq!(news(&app, &ben).await, ["comment_reaction dan: after"]);
        level(&app, &mut device).await;
    }

    async fn nobody_is_quoted_who_is_muted(app: TestApp) {
        let [ada, ben, cleo, dan] = friends(&app).await;
        let post = ada.post(&app, "x").await;
        cleo.comment(&app, &post, "cleo's").await.unwrap();
        ada.call(&app, &MutePerson { user_id: ben.id() }, &Nothing).await.unwrap();
        ben.comment(&app, &post, "not told").await.unwrap();
        let dans = dan.comment(&app, &post, "dan's").await.unwrap();
        remove(&app, &dan, dans.id).await.unwrap();
        assert_eq!(news(&app, &ada).await, ["comment cleo: cleo's"]);
    }
}

everywhere! {
    with Options { public_posts: true, ..Options::default() };
    async fn who_parts_from_somebody_is_not_told_what_they_pass_on(app: TestApp) {
        let [ada, ben, cleo, _] = friends(&app).await;
        let mut device = Device::start(&app, &ada).await;
        let post = ada.post_for(&app, "for all", Audience::Public).await;
        share(&app, &ben, &post, "for ben's friends").await;
        share(&app, &cleo, &post, "for cleo's friends").await;
        ada.call(&app, &RemoveFriend { user_id: cleo.id() }, &Nothing).await.unwrap();
        assert_eq!(news(&app, &ada).await, ["share ben: for ben's friends"]);
        level(&app, &mut device).await;
    }
}
