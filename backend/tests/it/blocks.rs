//! Blocks: who is blocked and who blocks do not exist for each other, on whatever way they look; nobody is told;
//! and what happens at the same time ends in one way on both sides.

use std::time::Duration;

use hearth_shared::api::OPERATIONS;
use hearth_shared::blocks::{BlockPerson, ListBlocks, UnblockPerson};
use hearth_shared::conversations::{ConversationKind, GetConversation, NewConversation, OpenConversation};
use hearth_shared::endpoint::{API_BASE, Method, Nothing};
use hearth_shared::friends::{AcceptFriendRequest, RemoveFriend};
use hearth_shared::notifications::ListNotifications;
use hearth_shared::posts::{
    Audience, MutePerson, NewReaction, NewShare, Post, ReactionKind, SavePost, SetReaction, SharePost,
};
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::events::Event;
use hearth_shared::realtime::frames::{ClientFrame, ServerFrame};
use hearth_shared::users::{Friendship, GetProfile};
use serde_json::{Value, json};

use crate::authorization::table;
use crate::everywhere;
use crate::support::{Options, Person, Socket, TestApp, client_id, fetch};

const PUBLIC: Options = Options {
    public_posts: true,
    ..Options::PLAIN
};

async fn block(app: &TestApp, by: &Person, other: &Person) -> Result<(), ErrorCode> {
    let call = BlockPerson { user_id: other.id() };
    by.call(app, &call, &Nothing).await.map(drop)
}

async fn unblock(app: &TestApp, by: &Person, other: &Person) {
    let call = UnblockPerson { user_id: other.id() };
    by.call(app, &call, &Nothing).await.unwrap();
}

async fn stands(app: &TestApp, viewer: &Person, of: &Person) -> Result<Friendship, ErrorCode> {
    let call = GetProfile {
        username: of.username(),
    };
    let profile = viewer.call(app, &call, &Nothing).await?;
    Ok(profile.person.friendship)
}

async fn blocked(app: &TestApp, by: &Person) -> Vec<String> {
    let page = by.call(app, &ListBlocks {}, &Nothing).await.unwrap();
    page.items
        .into_iter()
        .map(|blocked| blocked.user.username)
        .collect()
}

/// Two who know each other well, and a friend of both.
struct World {
    ada: Person,
    ben: Person,
    cleo: Person,
    /// Public ones of ada and ben, with the other's reaction and comment.
    posts: [Post; 2],
    /// Of cleo, with comments of both.
    third: Post,
    /// Cleo's shares of what ada and ben wrote.
    shares: [Post; 2],
    /// Comments of ada and ben on it.
    comments: [String; 2],
}

async fn world(app: &TestApp) -> World {
    let (ada, ben) = (app.person("ada_canary").await, app.person("ben_canary").await);
    let cleo = app.person("cleo").await;
    for (a, b) in [(&ada, &ben), (&ada, &cleo), (&cleo, &ben)] {
        app.befriend(a, b).await;
    }
    let hers = ada
        .post_for(app, "ada_canary post #canary", Audience::Public)
        .await;
    let his = ben
        .post_for(app, "ben_canary post #canary", Audience::Public)
        .await;
    let like = NewReaction {
        kind: ReactionKind::Like,
    };
    for (who, what, text) in [
        (&ada, &his, "ada_canary there"),
        (&ben, &hers, "ben_canary there"),
    ] {
        who.comment(app, what, text).await.unwrap();
        who.call(app, &SetReaction { post_id: what.id }, &like)
            .await
            .unwrap();
    }
    let third = cleo.post(app, "of cleo").await;
    let one = ada.comment(app, &third, "ada_canary comment").await.unwrap();
    let two = ben.comment(app, &third, "ben_canary comment").await.unwrap();
    let comments = [one.id.to_string(), two.id.to_string()];
    let mut shares = Vec::new();
    for post in [&hers, &his] {
        let new = NewShare {
            client_id: client_id(),
            body: String::new(),
            audience: Audience::Friends,
        };
        let call = SharePost { post_id: post.id };
        shares.push(cleo.call(app, &call, &new).await.unwrap());
    }
    for (who, what) in [(&ada, &his), (&ben, &hers)] {
        let react = SetReaction { post_id: third.id };
        who.call(app, &react, &like).await.map(drop).unwrap();
        let save = SavePost { post_id: what.id };
        who.call(app, &save, &Nothing).await.map(drop).unwrap();
    }
    World {
        ada,
        ben,
        cleo,
        posts: [hers, his],
        third,
        shares: shares.try_into().unwrap(),
        comments,
    }
}

/// Every list that could hold somebody.
async fn everything(app: &TestApp, viewer: &Person, world: &World, other: &str) -> Vec<(String, String)> {
    let mut seen = Vec::new();
    for path in [
        "/feed".to_owned(),
        "/friends".to_owned(),
        "/friends?q=canary".to_owned(),
        "/friends/suggestions".to_owned(),
        "/friend-requests".to_owned(),
        "/friend-requests?direction=outgoing".to_owned(),
        "/users?q=canary".to_owned(),
        format!("/users?q={other}"),
        // A typo.
        "/users?q=canray".to_owned(),
        format!("/users?q={other}@example.org"),
        "/users/cleo/friends".to_owned(),
        "/users/cleo/posts".to_owned(),
        format!("/posts/{}", world.third.id),
        format!("/posts/{}/reactions", world.third.id),
        format!("/posts/{}", world.shares[0].id),
        format!("/posts/{}", world.shares[1].id),
        "/tags/canary/posts".to_owned(),
        "/saved".to_owned(),
        "/mutes".to_owned(),
        format!("/posts/{}/comments", world.third.id),
        format!("/posts/{}/comments?sort=newest", world.third.id),
        "/notifications".to_owned(),
        "/users/me/events?after=0".to_owned(),
        "/sync".to_owned(),
        "/conversations".to_owned(),
    ] {
        let answer = app
            .raw(
                Method::Get,
                &format!("{API_BASE}{path}"),
                viewer.token(),
                None::<&()>,
            )
            .await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        seen.push((path, answer.text));
    }
    seen
}

fn body(operation: &str, id: &str) -> Value {
    match operation {
        "CreateFriendRequest" => json!({"user_id": id}),
        "OpenConversation" => json!({"kind": "direct", "user_id": id}),
        "MarkRead" => json!({"number": 1}),
        "ChangeConversationSettings" => json!({"muted": true}),
        "CreateComment" | "SendMessage" => json!({"client_id": client_id(), "body": "new"}),
        "EditPost" | "EditComment" => json!({"body": "changed"}),
        "SharePost" => json!({"client_id": client_id()}),
        "SetReaction" | "SetCommentReaction" => json!({"kind": "like"}),
        _ => Value::Null,
    }
}

everywhere! {
    with PUBLIC;

    /// The canary of each is in what the other sees before, and nowhere after; cleo sees both as ever.
    async fn nothing_of_the_one_is_left_for_the_other(app: TestApp) {
        let world = world(&app).await;
        // Ada has been found by her address too.
        for person in [&world.ada, &world.ben] {
            let path = format!("{API_BASE}/users/me/privacy");
            let change = json!({"find_by_email": true, "friend_list": "everyone"});
            let answer = app.raw(Method::Patch, &path, person.token(), Some(&change)).await;
            assert_eq!(answer.status, 200, "{answer:?}");
        }
        for (by, other) in [(&world.ada, &world.ben), (&world.ben, &world.ada)] {
            by.call(&app, &MutePerson { user_id: other.id() }, &Nothing).await.map(drop).unwrap();
        }
        for (viewer, other) in [(&world.ada, &world.ben), (&world.ben, &world.ada)] {
            let name = other.username();
            let seen = everything(&app, viewer, &world, &name).await;
            let full = seen.iter().filter(|(_, text)| text.contains(&name)).count();
            assert!(full >= 14, "the canary must be there to be missed: {full}");
        }
        let cleos = everything(&app, &world.cleo, &world, "ada_canary").await;
        block(&app, &world.ada, &world.ben).await.unwrap();
        for (viewer, other) in [(&world.ada, &world.ben), (&world.ben, &world.ada)] {
            let name = other.username();
            for (path, text) in everything(&app, viewer, &world, &name).await {
                assert!(!text.contains(&name), "{} sees {name} at {path}: {text}", viewer.username());
            }
        }
        // The counts are the post's own.
        let call = hearth_shared::posts::GetPost { post_id: world.third.id };
        let third = world.ada.call(&app, &call, &Nothing).await.unwrap();
        assert_eq!((third.comment_count, third.last_comments.len()), (2, 1));
        for ((path, before), (_, after)) in cleos.iter().zip(everything(&app, &world.cleo, &world, "ada_canary").await) {
            // Ada and ben have one friend in common less, each other.
            let both = |text: &str| (text.contains("ada_canary"), text.contains("ben_canary"));
            assert_eq!(both(before), both(&after), "{path}");
        }
        // And all is as before when she takes it back, but for what was between the two.
        unblock(&app, &world.ada, &world.ben).await;
        assert_eq!(stands(&app, &world.ben, &world.ada).await, Ok(Friendship::None));
        assert_eq!(stands(&app, &world.ada, &world.ben).await, Ok(Friendship::None));
        let third = world.ada.call(&app, &call, &Nothing).await.unwrap();
        assert_eq!(third.last_comments.len(), 2);
        let told = world.ada.call(&app, &ListNotifications {}, &Nothing).await.unwrap();
        assert!(told.items.iter().all(|told| told.actors.iter().all(|actor| actor.id != world.ben.id())));
    }

    /// The table of `docs/authorization.md`.
    async fn every_call_answers_as_written(app: TestApp) {
        let world = world(&app).await;
        let talk = world.ada.open(&app, &world.ben).await;
        world.ada.say(&app, talk.id, "before").await.unwrap();
        block(&app, &world.ada, &world.ben).await.unwrap();
        // What somebody wrote to the caller, who then blocks them, or is blocked by them.
        let mut requests = Vec::new();
        for place in 0..2 {
            let (caller, other) = (app.person(&format!("asked{place}")).await, app.person(&format!("asks{place}")).await);
            let asks = other.open(&app, &caller).await.id;
            other.say(&app, asks, "before").await.unwrap();
            let (by, of) = if place == 0 { (&caller, &other) } else { (&other, &caller) };
            block(&app, by, of).await.unwrap();
            requests.push((caller, asks));
        }
        let mut wrong = Vec::new();
        for row in table("call") {
            let [operation, object, by, of] = row.as_slice() else { panic!("{row:?}") };
            for (place, expected) in [by, of].into_iter().enumerate() {
                unblock(&app, &world.ada, &world.ben).await;
                unblock(&app, &world.ben, &world.ada).await;
                block(&app, &world.ada, &world.ben).await.unwrap();
                let (mut caller, other) = if place == 0 { (&world.ada, &world.ben) } else { (&world.ben, &world.ada) };
                let id = match object.as_str() {
                    "name" => other.username(),
                    "id" => other.id().to_string(),
                    "public post" => world.posts[1 - place].id.to_string(),
                    "comment on a friend's post" => world.comments[1 - place].clone(),
                    "conversation" => talk.id.to_string(),
                    "message request" => {
                        caller = &requests[place].0;
                        requests[place].1.to_string()
                    }
                    unknown => panic!("{unknown}"),
                };
                let declared = OPERATIONS.iter().find(|known| known.name == operation).unwrap();
                let path = |id: &str| match (declared.path.find('{'), declared.path.find('}')) {
                    (Some(from), Some(to)) => {
                        let mut path = declared.path.to_owned();
                        path.replace_range(from..=to, id);
                        format!("{API_BASE}{path}")
                    }
                    _ => format!("{API_BASE}{}", declared.path),
                };
                let call = async |id: &str| {
                    let body = Some(body(operation, id)).filter(|body| !body.is_null());
                    app.raw(declared.method, &path(id), caller.token(), body.as_ref()).await
                };
                let answer = call(&id).await;
                if answer.status.to_string() != *expected {
                    wrong.push(format!("{operation} by {}: {}", caller.username(), answer.status));
                }
                if answer.status == 404 {
                    let missing = call(if object == "name" { "nobody_there" } else { "4611686018427387904" }).await;
                    let own = |text: &str, id: &str| text.replace(id, "");
                    assert_eq!(
                        own(&answer.text, &answer.header("x-request-id")),
                        own(&missing.text, &missing.header("x-request-id")),
                        "{operation}: hidden is not like missing"
                    );
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        let talk = world.ben.call(&app, &GetConversation { conversation_id: talk.id }, &Nothing).await.unwrap();
        assert_eq!((talk.can_send, talk.unread_count, talk.last_number), (false, 0, 1));
    }

    /// The blocked one's block is kept without being told, and shows itself when the other one's is gone.
    async fn who_is_blocked_can_block_without_being_told(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        block(&app, &ada, &ben).await.unwrap();
        block(&app, &ada, &ben).await.unwrap();
        assert_eq!(blocked(&app, &ada).await, ["ben"]);
        for _ in 0..2 {
            assert_eq!(block(&app, &ben, &ada).await, Err(ErrorCode::NotFound));
        }
        assert!(blocked(&app, &ben).await.is_empty());
        assert_eq!(stands(&app, &ada, &ben).await, Ok(Friendship::Blocked), "nor is she told of his");
        unblock(&app, &ada, &ben).await;
        assert!(blocked(&app, &ada).await.is_empty());
        assert_eq!(blocked(&app, &ben).await, ["ada"]);
        assert_eq!(stands(&app, &ada, &ben).await, Err(ErrorCode::NotFound));
        assert_eq!(stands(&app, &ben, &ada).await, Ok(Friendship::Blocked));
        assert_eq!(ada.ask_friend(&app, &ben).await.unwrap_err(), ErrorCode::NotFound);
        assert_eq!(ben.ask_friend(&app, &ada).await.unwrap_err(), ErrorCode::PersonBlocked);
        let open = NewConversation { kind: ConversationKind::Direct, user_id: ada.id() };
        assert_eq!(ben.call(&app, &OpenConversation {}, &open).await.unwrap_err(), ErrorCode::NotFound);
        unblock(&app, &ben, &ada).await;
        unblock(&app, &ben, &ada).await;
        ada.ask_friend(&app, &ben).await.unwrap();
        assert_eq!(block(&app, &ada, &ada).await, Err(ErrorCode::SelfBlock));
    }

    /// To who is blocked it looks as if they had been removed; the one who blocks reads anew; and neither hears of
    /// the other what happens on the post of a friend.
    async fn over_the_socket(app: TestApp) {
        let world = world(&app).await;
        let mut hers = Socket::connect(app.socket_base(), &world.ada).await;
        hers.ready().await;
        let mut his = Socket::connect(app.socket_base(), &world.ben).await;
        his.ready().await;
        let watch = ClientFrame::Watch { post_ids: vec![world.third.id, world.posts[0].id, world.posts[1].id], conversation_id: None };
        for socket in [&mut hers, &mut his] {
            socket.send(&watch).await;
            for _ in 0..3 {
                socket.wait_for(|frame| matches!(frame, ServerFrame::Post(_))).await;
            }
        }
        block(&app, &world.ada, &world.ben).await.unwrap();
        hers.wait_for(|frame| matches!(frame, ServerFrame::Resync)).await;
        // The end of what he is told: the post that he watched is gone.
        let mut told = Vec::new();
        let mut removed = false;
        let mut away = false;
        let mut gone = false;
        while !(removed && away && gone) {
            let frame = his.next(Duration::from_secs(10)).await.unwrap();
            match &frame {
                ServerFrame::Event(event) => {
                    removed |= matches!(*event.event, Event::FriendRemoved { user_id } if user_id == world.ada.id());
                }
                ServerFrame::Presence(presence) => away |= presence.user_id == world.ada.id() && !presence.online,
                ServerFrame::Post(post) => gone |= post.gone && post.post_id == world.posts[0].id,
                _ => {}
            }
            told.push(frame);
        }
        assert!(!told.iter().any(|frame| matches!(frame, ServerFrame::Resync)), "{told:?}");
        // What each does on cleo's post reaches cleo, and not the other; cleo's own comment passes behind it.
        for (who, text) in [(&world.ada, "ada_canary again"), (&world.ben, "ben_canary again"), (&world.cleo, "the end")] {
            who.comment(&app, &world.third, text).await.unwrap();
        }
        let end = |frame: &ServerFrame| matches!(frame, ServerFrame::Comment(comment) if comment.comment.body == "the end");
        for (socket, other) in [(&mut hers, "ben_canary"), (&mut his, "ada_canary")] {
            let mut heard = Vec::new();
            while !heard.last().is_some_and(end) {
                heard.push(socket.next(Duration::from_secs(10)).await.unwrap());
            }
            let text = serde_json::to_string(&heard).unwrap();
            assert!(!text.contains(other), "{text}");
        }
        // What stands in the streams is what a fresh read shows.
        for person in [&world.ada, &world.ben] {
            let (fresh, _) = fetch(&app, person).await;
            assert_eq!(fresh.friends.friends.len(), 1);
            assert_eq!(fresh.counts.notifications as usize, fresh.notifications.items.iter().filter(|told| !told.seen).count());
        }
    }

    async fn a_pending_request_ends_with_a_block_from_either_side(app: TestApp) {
        for asker_blocks in [true, false] {
            let (a, b) = (app.person(&format!("a_{asker_blocks}")).await, app.person(&format!("b_{asker_blocks}")).await);
            let request_id = a.ask_friend(&app, &b).await.unwrap().id;
            let (by, other) = if asker_blocks { (&a, &b) } else { (&b, &a) };
            block(&app, by, other).await.unwrap();
            let accept = b.call(&app, &AcceptFriendRequest { request_id }, &Nothing).await;
            assert_eq!(accept.unwrap_err(), ErrorCode::NotFound);
            for person in [&a, &b] {
                let (now, _) = fetch(&app, person).await;
                assert!(now.friends.incoming.is_empty() && now.friends.outgoing.is_empty());
                assert!(now.notifications.items.is_empty());
                assert_eq!((now.counts.friend_requests, now.counts.notifications), (0, 0));
            }
        }
    }

    /// Whatever runs at the same time as a block: after it there is nothing between the two, on either side.
    async fn a_block_wins_every_race(app: TestApp) {
        for round in 0..8 {
            let (a, b) = (app.person(&format!("a{round:02}")).await, app.person(&format!("b{round:02}")).await);
            let request_id = a.ask_friend(&app, &b).await.unwrap().id;
            let accept = AcceptFriendRequest { request_id };
            let (done, _) = futures_util::join!(block(&app, &a, &b), b.call(&app, &accept, &Nothing));
            done.unwrap();
            nothing_between(&app, &a, &b).await;

            let (a, b) = (app.person(&format!("c{round:02}")).await, app.person(&format!("d{round:02}")).await);
            let (done, _) = futures_util::join!(block(&app, &a, &b), b.ask_friend(&app, &a));
            done.unwrap();
            nothing_between(&app, &a, &b).await;

            // Both block: one of them is not told so, and does not see the other.
            let (a, b) = (app.person(&format!("e{round:02}")).await, app.person(&format!("f{round:02}")).await);
            app.befriend(&a, &b).await;
            let (one, two) = futures_util::join!(block(&app, &a, &b), block(&app, &b, &a));
            assert_eq!([one, two].iter().filter(|done| done.is_ok()).count(), 1, "{one:?} {two:?}");
            let (first, second) = if one.is_ok() { (&a, &b) } else { (&b, &a) };
            nothing_between(&app, first, second).await;
            unblock(&app, first, second).await;
            assert_eq!(stands(&app, second, first).await, Ok(Friendship::Blocked));

            // A comment on its way when its author is blocked tells nobody.
            let (a, b) = (app.person(&format!("g{round:02}")).await, app.person(&format!("h{round:02}")).await);
            app.befriend(&a, &b).await;
            let post = a.post(&app, "x").await;
            let (done, _) = futures_util::join!(block(&app, &a, &b), b.comment(&app, &post, "late"));
            done.unwrap();
            let told = a.call(&app, &ListNotifications {}, &Nothing).await.unwrap();
            assert!(told.items.iter().all(|told| told.actors.iter().all(|actor| actor.id != b.id())), "{told:?}");
        }
    }

    /// Fifty messages on their way: those that were accepted stand before the change, and none comes after it.
    async fn no_message_comes_after_the_end(app: TestApp) {
        for by_block in [false, true] {
            let (a, b) = (app.person(&format!("a_{by_block}")).await, app.person(&format!("b_{by_block}")).await);
            app.befriend(&a, &b).await;
            let talk = a.open(&app, &b).await;
            b.say(&app, talk.id, "first").await.unwrap();
            let sends = futures_util::future::join_all((0..50).map(|n| {
                let (app, b) = (&app, &b);
                async move { b.say(app, talk.id, &n.to_string()).await }
            }));
            let end = async {
                if by_block {
                    block(&app, &a, &b).await.unwrap();
                } else {
                    a.call(&app, &RemoveFriend { user_id: b.id() }, &Nothing).await.unwrap();
                }
                let get = GetConversation { conversation_id: talk.id };
                a.call(&app, &get, &Nothing).await.unwrap().last_number
            };
            let (sent, then) = futures_util::join!(sends, end);
            let get = GetConversation { conversation_id: talk.id };
            let now = a.call(&app, &get, &Nothing).await.unwrap();
            assert_eq!(now.last_number, then, "a message came after the end");
            let accepted = sent.iter().filter(|sent| sent.is_ok()).count();
            assert_eq!(accepted + 1, now.last_number as usize);
            for refused in sent.into_iter().filter_map(Result::err) {
                assert_eq!(refused, ErrorCode::NotFriends);
            }
            assert!(!now.can_send);
        }
    }
}

async fn nothing_between(app: &TestApp, blocker: &Person, other: &Person) {
    assert_eq!(stands(app, blocker, other).await, Ok(Friendship::Blocked));
    assert_eq!(stands(app, other, blocker).await, Err(ErrorCode::NotFound));
    for (person, other) in [(blocker, other), (other, blocker)] {
        let (now, _) = fetch(app, person).await;
        assert!(now.friends.friends.is_empty());
        assert!(now.friends.incoming.is_empty() && now.friends.outgoing.is_empty());
        assert!(
            now.notifications.items.is_empty(),
            "{:?}",
            now.notifications.items
        );
        let call = GetProfile {
            username: person.username(),
        };
        let own = person.call(app, &call, &Nothing).await.unwrap();
        assert_eq!(own.friend_count, Some(0), "{}", other.username());
    }
}
