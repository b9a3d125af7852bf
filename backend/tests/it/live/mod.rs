//! Who is told what (the second table of `docs/authorization.md`, row by row), and the proof that being told is
//! enough: for everybody who looked before, state + events is what a fresh read shows after.

mod groups;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use hearth_shared::conversations::{
    AddMessageReaction, DeleteMessage, EditMessage, MarkRead, MessagePatch, NewReadPosition, WhichEmoji,
};
use hearth_shared::endpoint::Nothing;
use hearth_shared::friends::{AcceptFriendRequest, CancelFriendRequest, DeclineFriendRequest, RemoveFriend};
use hearth_shared::ids::{CommentId, ConversationId, FriendRequestId, Id, MessageId, PostId};
use hearth_shared::notifications::{MarkNotificationsRead, MarkNotificationsSeen, UpTo};
use hearth_shared::posts::{
    Audience, CommentPatch, CreateComment, DeleteComment, DeletePost, EditComment, EditPost, NewComment,
    NewReaction, NewShare, PostPatch, ReactionKind, RemoveReaction, SetCommentReaction, SetReaction,
    SharePost,
};
use hearth_shared::realtime::events::Event;
use hearth_shared::realtime::frames::{ClientFrame, ServerFrame};
use hearth_shared::users::{EditMe, MeChanges};
use strum::VariantNames;

use crate::authorization::table;
use crate::everywhere;
use crate::support::pictures;
use crate::support::{Client, Device, Person, Socket, TestApp, client_id, fetch};

/// Frames about the connection itself, and about where one's own streams stand.
const OWN: [&str; 7] = ["hello", "ready", "pong", "resync", "reconnect", "head", "event"];
const WATCHERS: [&str; 5] = ["ada", "her other device", "ben", "cleo", "dan"];

#[test]
fn every_kind_has_a_row() {
    let named: BTreeSet<String> = table("frame").into_iter().map(|row| row[0].clone()).collect();
    let frames = ServerFrame::VARIANTS.iter().filter(|frame| !OWN.contains(frame));
    let kinds: BTreeSet<String> = frames
        .chain(Event::VARIANTS)
        .map(|kind| (*kind).to_owned())
        .collect();
    assert_eq!(named, kinds);
}

/// The people of a row, and what was there before.
struct World {
    ada: Person,
    ben: Person,
    dan: Person,
    cleo: Person,
    post: Option<PostId>,
    comment: Option<CommentId>,
    request: Option<FriendRequestId>,
    talk: Option<ConversationId>,
    message: Option<MessageId>,
}

/// What must be there before something can happen.
async fn prepare(app: &TestApp, number: usize, what: &str) -> World {
    let name = |role: &str| format!("{role}_{number}");
    let mut world = World {
        ada: app.person(&name("ada")).await,
        ben: app.person(&name("ben")).await,
        cleo: app.person(&name("cleo")).await,
        dan: app.person(&name("dan")).await,
        post: None,
        comment: None,
        request: None,
        talk: None,
        message: None,
    };
    let (ada, ben, cleo) = (&world.ada.clone(), &world.ben.clone(), &world.cleo.clone());
    app.befriend(cleo, ada).await;
    let request = |request: hearth_shared::friends::FriendRequest| Some(request.id);
    match what {
        "ada asks ben" => {}
        "ada takes her request back" => world.request = request(ada.ask_friend(app, ben).await.unwrap()),
        "ada declines ben's request" | "ada accepts ben's request" => {
            world.request = request(ben.ask_friend(app, ada).await.unwrap());
        }
        _ => app.befriend(ada, ben).await,
    }
    if what.contains("ben's post") || what.contains("like back") || what.contains("comment") {
        world.post = Some(ben.post(app, "ben's").await.id);
    }
    if what.contains("her own post") || what.contains("hides her post") || what.contains("removes her post") {
        world.post = Some(ada.post(app, "ada's").await.id);
    }
    if what.contains("like back") {
        let call = SetReaction {
            post_id: world.post.unwrap(),
        };
        ada.call(app, &call, &LIKE).await.unwrap();
    }
    if what.contains("ben's comment") {
        world.comment = Some(
            ben.comment_on(app, world.post.unwrap(), "ben's")
                .await
                .unwrap()
                .id,
        );
    }
    if what.contains("out of her comment") {
        let post = world.post.unwrap();
        let body = format!("@{} hm", ben.username());
        world.comment = Some(ada.comment_on(app, post, &body).await.unwrap().id);
    }
    if what.contains("removes her comment") {
        let post = world.post.unwrap();
        world.comment = Some(ada.comment_on(app, post, "hm").await.unwrap().id);
    }
    if ["writes to ben", "types", "wrote"]
        .iter()
        .any(|talked| what.contains(talked))
    {
        let talk = if what.contains("where she is not") {
            app.befriend(ben, cleo).await;
            ben.open(app, cleo).await.id
        } else {
            ada.open(app, ben).await.id
        };
        if what.contains("she wrote") {
            world.message = Some(ada.say(app, talk, "towls").await.unwrap().id);
        } else if !what.contains("first time") {
            world.message = Some(ben.say(app, talk, "before").await.unwrap().id);
        }
        world.talk = Some(talk);
    }
    if what.contains("group") {
        groups::prepare(app, what, &mut world).await;
    }
    world
}

const LIKE: NewReaction = NewReaction {
    kind: ReactionKind::Like,
};

/// Lets it happen.
async fn act(app: &TestApp, what: &str, world: &World, hers: &mut Device) {
    let World { ada, ben, .. } = world;
    let request_id = world.request.unwrap_or(FriendRequestId::new(1));
    let post_id = world.post.unwrap_or(PostId::new(1));
    let conversation_id = world.talk.unwrap_or(ConversationId::new(1));
    let message_id = world.message.unwrap_or(MessageId::new(1));
    let head = UpTo { up_to: u64::MAX };
    match what {
        "ada asks ben" => ada.ask_friend(app, ben).await.map(|_| ()).unwrap(),
        "ada takes her request back" => {
            let call = CancelFriendRequest { request_id };
            ada.call(app, &call, &Nothing).await.map(|_| ()).unwrap();
        }
        "ada declines ben's request" => {
            let call = DeclineFriendRequest { request_id };
            ada.call(app, &call, &Nothing).await.map(|_| ()).unwrap();
        }
        "ada accepts ben's request" => {
            let call = AcceptFriendRequest { request_id };
            ada.call(app, &call, &Nothing).await.map(|_| ()).unwrap();
        }
        "ada removes ben" => {
            let call = RemoveFriend { user_id: ben.id() };
            ada.call(app, &call, &Nothing).await.map(|_| ()).unwrap();
        }
        "ada likes ben's post" | "ada likes her own post" => {
            ada.call(app, &SetReaction { post_id }, &LIKE)
                .await
                .map(|_| ())
                .unwrap();
        }
        "ada takes her like back" => {
            let call = RemoveReaction { post_id };
            ada.call(app, &call, &Nothing).await.map(drop).unwrap();
        }
        "ada comments on ben's post" => ada.comment_on(app, post_id, "yes").await.map(|_| ()).unwrap(),
        "ada answers ben's comment" => {
            let new = NewComment {
                client_id: client_id(),
                body: "yes".to_owned(),
                parent_id: world.comment,
            };
            ada.call(app, &CreateComment { post_id }, &new)
                .await
                .map(|_| ())
                .unwrap();
        }
        "ada names ben in a comment" => {
            let body = format!("@{}", ben.username());
            ada.comment_on(app, post_id, &body).await.map(|_| ()).unwrap();
        }
        "ada likes ben's comment" => {
            let call = SetCommentReaction {
                comment_id: world.comment.unwrap(),
            };
            ada.call(app, &call, &LIKE).await.map(|_| ()).unwrap();
        }
        "ada takes ben out of her comment" => {
            let call = EditComment {
                comment_id: world.comment.unwrap(),
            };
            let patch = CommentPatch {
                body: "hm".to_owned(),
            };
            ada.call(app, &call, &patch).await.map(|_| ()).unwrap();
        }
        "ada removes her comment" => {
            let call = DeleteComment {
                comment_id: world.comment.unwrap(),
            };
            ada.call(app, &call, &Nothing).await.map(|_| ()).unwrap();
        }
        "ada sees her notifications" => {
            ada.call(app, &MarkNotificationsSeen {}, &head)
                .await
                .map(|_| ())
                .unwrap();
        }
        "ada reads her notifications" => {
            ada.call(app, &MarkNotificationsRead {}, &head)
                .await
                .map(|_| ())
                .unwrap();
        }
        "ada writes to ben" | "ada writes to ben for the first time" => {
            ada.say(app, conversation_id, "towels").await.map(|_| ()).unwrap();
        }
        "ada changes what she wrote to ben" => {
            let patch = MessagePatch {
                body: "towels".to_owned(),
            };
            ada.call(app, &EditMessage { message_id }, &patch)
                .await
                .map(|_| ())
                .unwrap();
        }
        "ada removes what she wrote to ben" => {
            ada.call(app, &DeleteMessage { message_id }, &Nothing)
                .await
                .map(|_| ())
                .unwrap();
        }
        "ada puts an emoji on what ben wrote" => {
            let which = WhichEmoji {
                emoji: "👍".to_owned(),
            };
            ada.call_with(app, &AddMessageReaction { message_id }, &which, &Nothing)
                .await
                .map(|_| ())
                .unwrap();
        }
        "ada reads what ben wrote" => {
            let read = NewReadPosition { number: 1 };
            ada.call(app, &MarkRead { conversation_id }, &read)
                .await
                .map(|_| ())
                .unwrap();
        }
        "ada types to ben" | "ada types where she is not" => {
            hers.send(&ClientFrame::Typing { conversation_id }).await;
        }
        "ada comes" => hers.connect(app).await,
        "ada hides her post" => {
            let patch = PostPatch {
                audience: Some(Audience::OnlyMe),
                ..PostPatch::default()
            };
            ada.call(app, &EditPost { post_id }, &patch)
                .await
                .map(|_| ())
                .unwrap();
        }
        "ada removes her post" => {
            let call = DeletePost { post_id };
            ada.call(app, &call, &Nothing).await.map(|_| ()).unwrap();
        }
        "ada passes ben's post on" => {
            let new = NewShare {
                client_id: client_id(),
                body: String::new(),
                audience: Audience::Friends,
            };
            drop(ada.call(app, &SharePost { post_id }, &new).await.unwrap());
        }
        "ada changes her name" => {
            let changes = MeChanges {
                display_name: Some("Ada the Second".to_owned()),
                ..MeChanges::default()
            };
            ada.call(app, &EditMe {}, &changes).await.map(|_| ()).unwrap();
        }
        "ada changes her picture" => drop(pictures::set_avatar(app, ada).await),
        "ada writes a post for her friends" => drop(ada.post(app, "news").await),
        "ada writes a post for herself" => drop(ada.post_for(app, "note", Audience::OnlyMe).await),
        _ => groups::act(app, what, world, hers).await,
    }
}

/// What came to a device: kinds of events and of frames, and whether a post was told to be gone.
fn told(device: &Device) -> BTreeSet<String> {
    device.told.iter().cloned().collect()
}

/// Two friends beside the story. What may be lost goes from one node to another through one lane in order, so once
/// one of them has heard, on every node, of new posts that the other has made through every node, everything of
/// that kind that was said before has been delivered too.
struct Fence {
    author: Person,
    readers: Vec<Socket>,
}

impl Fence {
    async fn build(app: &Client) -> Self {
        let (author, reader) = (app.person("fence_author").await, app.person("fence_reader").await);
        app.befriend(&author, &reader).await;
        let mut readers = Vec::new();
        for base in app.bases() {
            let mut socket = Socket::connect(base, &reader).await;
            socket.ready().await;
            readers.push(socket);
        }
        Self { author, readers }
    }

    async fn pass(&mut self, app: &Client) {
        for node in app.nodes() {
            let post = self.author.post(&node, "fence").await.id;
            let is_it =
                |frame: &ServerFrame| matches!(frame, ServerFrame::FeedNew(new) if new.post_id == post);
            for reader in &mut self.readers {
                reader.wait_for(is_it).await;
            }
        }
    }
}

/// Friends in common change without an event: they are as old as the last read.
fn forget_mutual_friends(replica: &mut hearth_shared::realtime::replica::Replica) {
    let lists = [&mut replica.friends.incoming, &mut replica.friends.outgoing];
    for request in lists.into_iter().flatten() {
        request.mutual_friend_count = 0;
    }
}

everywhere! {
    /// Lets each thing happen in a world of its own, looks who was told what, and compares what everybody shows
    /// with what a fresh read shows.
    async fn everybody_is_told_what_they_may_know(app: TestApp) {
        let mut by_act: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
        for row in table("frame") {
            assert_eq!(row.len(), 2 + WATCHERS.len(), "{row:?}");
            by_act.entry(row[1].clone()).or_default().push(row);
        }
        let mut wrong = Vec::new();
        let (nodes, mut fence) = (app.nodes(), Fence::build(&app).await);
        for (number, (what, rows)) in by_act.iter().enumerate() {
            let world = prepare(&app, number, what).await;
            let mut devices = Vec::new();
            // Her devices are on different nodes, and so are she, who types, and ben.
            let places = [(&world.ada, 0), (&world.ada, 1), (&world.ben, 1), (&world.cleo, 0), (&world.dan, 1)];
            for (person, node) in places {
                let mut device = Device::offline(person);
                if !(what == "ada comes" && person.id() == world.ada.id()) {
                    device = Device::start(&nodes[node % nodes.len()], person).await;
                    if let Some(post) = world.post {
                        device.send(&ClientFrame::Watch { post_ids: vec![post], conversation_id: None }).await;
                        device.wait_until_told(&app, "post").await;
                    }
                }
                devices.push(device);
            }
            // What was told while they came is not what is looked for.
            fence.pass(&app).await;
            for device in &mut devices {
                device.settle(&app).await;
                device.told.clear();
            }
            let (first, _) = devices.split_first_mut().unwrap();
            act(&app, what, &world, first).await;
            for (place, device) in devices.iter_mut().enumerate() {
                if what == "ada comes" && place < 2 {
                    continue;
                }
                let kinds = rows.iter().filter(|row| row[2 + place] != "no");
                for row in kinds {
                    device.wait_until_told(&app, &row[0]).await;
                }
                device.settle_with(&app).await;
                let (mut fresh, _) = fetch(&app, &device.person).await;
                forget_mutual_friends(&mut fresh);
                forget_mutual_friends(&mut device.replica);
                assert_eq!(device.replica, fresh, "{what}: {}", WATCHERS[place]);
            }
            for row in rows {
                for (place, expected) in row[2..].iter().enumerate() {
                    let told = told(&devices[place]);
                    let found = match (told.contains(&row[0]), told.contains("gone")) {
                        (true, true) => "gone",
                        (true, false) => "yes",
                        (false, _) => "no",
                    };
                    if found != expected {
                        wrong.push(format!("{} when {what}: {}: {found}", row[0], WATCHERS[place]));
                    }
                }
            }
            // Whatever has no row for this act must not have been told to anybody but those who act; the sweep may
            // have said meanwhile where one's own streams stand.
            for (place, device) in devices.iter().enumerate().skip(3) {
                for kind in told(device) {
                    let named = rows.iter().any(|row| row[0] == kind && row[2 + place] != "no");
                    if !named && kind != "gone" && !OWN.contains(&kind.as_str()) {
                        wrong.push(format!("{kind} when {what}: {} should not know", WATCHERS[place]));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    /// Whoever parts does not watch on: what they may not see is gone at once, and nothing more is told of it.
    async fn who_is_no_friend_any_more_watches_no_more(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let post = ada.post(&app, "for friends").await;
        let mut fence = Fence::build(&app).await;
        let mut socket = Socket::connect(app.socket_base(), &ben).await;
        socket.ready().await;
        let post_ids = vec![post.id];
        socket.send(&ClientFrame::Watch { post_ids, conversation_id: None }).await;
        let is =
            |gone: bool| move |frame: &ServerFrame| matches!(frame, ServerFrame::Post(post) if post.gone == gone);
        socket.wait_for(is(false)).await;
        let call = RemoveFriend { user_id: ben.id() };
        ada.call(&app, &call, &Nothing).await.unwrap();
        socket.wait_for(is(true)).await;
        fence.pass(&app).await;
        socket.drain(Duration::from_millis(300)).await;
        ada.comment(&app, &post, "among friends").await.unwrap();
        fence.pass(&app).await;
        assert_eq!(socket.drain(Duration::from_millis(400)).await, []);
    }

    /// However often and from however many sockets somebody types, it is passed on every few seconds.
    async fn typing_is_passed_on_now_and_then(app: TestApp) {
        let (ada, ben) = (app.person("ada").await, app.person("ben").await);
        app.befriend(&ada, &ben).await;
        let conversation_id = ada.open(&app, &ben).await.id;
        let mut his = Socket::connect(app.socket_base(), &ben).await;
        let mut hers = Socket::connect(app.socket_base(), &ada).await;
        let mut other = Socket::connect(app.socket_base(), &ada).await;
        for socket in [&mut his, &mut hers, &mut other] {
            socket.ready().await;
        }
        let begun = Instant::now();
        for _ in 0..20 {
            hers.send(&ClientFrame::Typing { conversation_id }).await;
            other.send(&ClientFrame::Typing { conversation_id }).await;
        }
        his.wait_for(|frame| matches!(frame, ServerFrame::Typing(_)))
            .await;
        let more = his.drain(Duration::from_millis(500)).await;
        let again = more.iter().filter(|frame| matches!(frame, ServerFrame::Typing(_)));
        // Each node counts for itself; and on a machine that takes seconds over this it is time again.
        let pauses = begun.elapsed().as_millis() / 2_500 + 1;
        assert!(again.count() < app.nodes().len() * pauses as usize, "{more:?}");
    }

    /// A hidden post is like one that never was, also while things happen to it.
    async fn who_watches_what_they_may_not_see_learns_nothing(app: TestApp) {
        let (ada, dan) = (app.person("ada").await, app.person("dan").await);
        let post = ada.post(&app, "for friends").await;
        let never = PostId::new(4_611_686_018_427_387_904);
        let mut fence = Fence::build(&app).await;
        let mut socket = Socket::connect(app.socket_base(), &dan).await;
        socket.ready().await;
        let post_ids = vec![post.id, never];
        socket.send(&ClientFrame::Watch { post_ids, conversation_id: None }).await;
        let mut answers = Vec::new();
        for _ in 0..2 {
            let frame = socket
                .wait_for(|frame| matches!(frame, ServerFrame::Post(_)))
                .await;
            let mut frame = serde_json::to_value(frame).unwrap();
            frame["post_id"] = serde_json::Value::Null;
            answers.push(frame);
        }
        assert_eq!(answers[0], answers[1]);
        ada.comment(&app, &post, "among friends").await.unwrap();
        ada.call(&app, &SetReaction { post_id: post.id }, &LIKE)
            .await
            .unwrap();
        fence.pass(&app).await;
        assert_eq!(socket.drain(Duration::from_millis(400)).await, []);
    }
}
