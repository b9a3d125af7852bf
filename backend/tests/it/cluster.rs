//! What only several nodes have: limits that count together, who is here elsewhere, and how they get by without
//! Redis. That everything else holds for them too is the other files' matter.

use std::time::{Duration, Instant};

use hearth_servers::Redis;
use hearth_shared::endpoint::{Endpoint, Method, Nothing, url};
use hearth_shared::posts::{Audience, CreatePost, NewPost};
use hearth_shared::realtime::GetSync;
use hearth_shared::realtime::frames::{ClientFrame, Presence, ServerFrame};
use serde_json::{Value, json};

use crate::support::{Client, Options, Person, Socket, TestApp, client_id};

const LIMITED: Options = Options {
    rate_limits: true,
    ..Options::PLAIN
};

/// Posts that a person may write at once; after that one in two minutes.
const POSTS: usize = 30;

/// Tries to post on a node; gives the status.
async fn post(node: &Client, person: &Person) -> u16 {
    let new = NewPost {
        client_id: client_id(),
        body: "again".to_owned(),
        audience: Audience::Friends,
        media_ids: Vec::new(),
        shared_post_id: None,
    };
    node.ask(person.token(), &CreatePost {}, &Nothing, &new)
        .await
        .status
}

async fn degraded(node: &Client) -> Value {
    let answer = node.raw(Method::Get, "/readyz", None, None::<&()>).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["degraded"].clone()
}

async fn wait_until_degraded(node: &Client, expected: Value) {
    let until = Instant::now() + Duration::from_secs(15);
    loop {
        let found = degraded(node).await;
        if found == expected {
            return;
        }
        assert!(Instant::now() < until, "{found}, and never {expected}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn presence(of: &Person, online: bool) -> impl Fn(&ServerFrame) -> bool {
    let told = Presence {
        user_id: of.id(),
        online,
    };
    move |frame| matches!(frame, ServerFrame::Presence(presence) if *presence == told)
}

#[tokio::test]
async fn a_limit_counts_over_all_nodes() {
    let Some(app) = TestApp::cluster_with(LIMITED).await else {
        return;
    };
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    let nodes = app.nodes();
    for turn in 0..POSTS {
        assert_eq!(post(&nodes[turn % 2], &ada).await, 201, "{turn}");
    }
    for node in &nodes {
        assert_eq!(post(node, &ada).await, 429);
        assert_eq!(post(node, &ben).await, 201, "everybody has their own");
    }
}

#[tokio::test]
async fn without_redis_a_limit_counts_what_passed_here_and_nothing_fails() {
    let mut redis = Redis::start().unwrap();
    let Some(app) = TestApp::several_with(LIMITED, Some(redis.url())).await else {
        return;
    };
    let ada = app.person("ada").await;
    let nodes = app.nodes();
    for turn in 0..10 {
        assert_eq!(post(&nodes[turn % 2], &ada).await, 201);
    }
    redis.kill().unwrap();
    let mut passed = 0;
    for node in &nodes {
        loop {
            match post(node, &ada).await {
                201 => passed += 1,
                429 => break,
                other => panic!("{other} because Redis is away"),
            }
            assert!(passed <= 2 * POSTS, "no limit at all");
        }
    }
    // Five of each node's thirty were used before.
    assert_eq!(passed, 2 * (POSTS - 5));
    wait_until_degraded(&nodes[0], json!(["redis", "nodes"])).await;
    redis.start_again().unwrap();
    for node in &nodes {
        wait_until_degraded(node, json!([])).await;
    }
}

#[tokio::test]
async fn who_is_here_is_known_on_every_node() {
    let Some(app) = TestApp::cluster_with(Options::default()).await else {
        return;
    };
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    app.befriend(&ada, &ben).await;
    let nodes = app.nodes();
    let mut bens = Socket::connect(nodes[1].base(), &ben).await;
    bens.ready().await;
    let hers = Socket::connect(nodes[0].base(), &ada).await;
    bens.wait_for(presence(&ada, true)).await;
    // Whoever comes later learns it with `ready`.
    let mut later = Socket::connect(nodes[1].base(), &ben).await;
    let is_ready = |frame: &ServerFrame| matches!(frame, ServerFrame::Ready(_));
    let ServerFrame::Ready(ready) = later.wait_for(is_ready).await else {
        return;
    };
    assert_eq!(ready.online, [ada.id()]);
    // A second tab on the other node: she has not gone when the first is closed.
    let mut too = Socket::connect(nodes[1].base(), &ada).await;
    too.ready().await;
    drop(hers);
    let told = later.drain(Duration::from_secs(6)).await;
    assert!(!told.iter().any(presence(&ada, false)), "{told:?}");
    drop(too);
    later.wait_for(presence(&ada, false)).await;
}

/// Says something that only the other node's sweep or Redis can bring; gives how long it took.
async fn across(app: &TestApp, from: &Person, to: &Person) -> Duration {
    let nodes = app.nodes();
    let talk = from.open(&nodes[0], to).await.id;
    let mut socket = Socket::connect(nodes[1].base(), to).await;
    socket.ready().await;
    from.say(&nodes[0], talk, "are you there?").await.unwrap();
    let begun = Instant::now();
    // A hint of Redis brings the event, the sweep says where the stream stands.
    let comes = |frame: &ServerFrame| matches!(frame, ServerFrame::Event(_) | ServerFrame::Head(_));
    socket.wait_for(comes).await;
    begun.elapsed()
}

#[tokio::test]
async fn two_nodes_without_redis_say_so_and_look_often() {
    let Some(app) = TestApp::several_with(Options::default(), None).await else {
        return;
    };
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    app.befriend(&ada, &ben).await;
    // The first learns of the second when it renews its number.
    for node in app.nodes() {
        wait_until_degraded(&node, json!(["nodes"])).await;
    }
    for _ in 0..3 {
        let took = across(&app, &ada, &ben).await;
        assert!(took < Duration::from_secs(3), "{took:?}");
    }
}

#[tokio::test]
async fn what_nobody_understands_does_no_harm() {
    let redis = Redis::start().unwrap();
    let Some(app) = TestApp::several_with(Options::default(), Some(redis.url())).await else {
        return;
    };
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    app.befriend(&ada, &ben).await;
    for node in app.nodes() {
        wait_until_degraded(&node, json!([])).await;
    }
    let epoch = ada.call(&app, &GetSync {}, &Nothing).await.unwrap().epoch;
    let channel = format!("hearth:{epoch}:bus:0");
    let mut bens = Socket::connect(app.nodes()[1].base(), &ben).await;
    bens.ready().await;
    for poison in [
        "not json",
        "{}",
        r#"{"from":"a newer node","say":{"notices":[{"Weather":"rain"}]}}"#,
    ] {
        redis.command(&["PUBLISH", &channel, poison]).unwrap();
        // Nobody knows what it said: everybody reads anew, though not too often.
        bens.wait_for(|frame| *frame == ServerFrame::Resync).await;
    }
    redis
        .command(&["PUBLISH", &channel, r#"{"from":"a newer node","say":"dance"}"#])
        .unwrap();
    let took = across(&app, &ada, &ben).await;
    assert!(took < Duration::from_secs(2), "{took:?}");
    assert_eq!(degraded(&app.nodes()[0]).await, json!([]));
}

#[tokio::test]
async fn a_node_that_stops_is_not_ready_and_finishes_what_it_began() {
    let Some(app) = TestApp::cluster_with(Options::default()).await else {
        return;
    };
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    app.befriend(&ada, &ben).await;
    let nodes = app.nodes();
    let mut hers = Socket::connect(nodes[0].base(), &ada).await;
    hers.ready().await;
    let mut bens = Socket::connect(nodes[1].base(), &ben).await;
    bens.ready().await;
    // That there is another node is known since the number was renewed: only then is there a pause.
    let until = Instant::now() + Duration::from_secs(10);
    while app.servers()[0].nodes.others().is_empty() {
        assert!(Instant::now() < until, "the other node was never found");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let begun = Instant::now();
    let stop = app.servers()[0].stopper.stop();
    let meanwhile = async {
        hers.wait_for(|frame| matches!(frame, ServerFrame::Reconnect(_)))
            .await;
        let answer = nodes[0].raw(Method::Get, "/readyz", None, None::<&()>).await;
        assert_eq!(answer.status, 503);
        assert_eq!(answer.json()["reasons"], json!(["this node stops"]));
        // Who did not notice is served all the same, and told to go elsewhere next time.
        let answer = nodes[0]
            .raw(Method::Get, &url(&GetSync {}, &Nothing), ada.token(), None::<&()>)
            .await;
        assert_eq!(
            (answer.status, answer.header("connection")),
            (200, "close".to_owned())
        );
        bens.wait_for(presence(&ada, false)).await;
    };
    tokio::join!(stop, meanwhile);
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    bens.send(&ClientFrame::Ping).await;
    bens.wait_for(|frame| *frame == ServerFrame::Pong).await;
    assert_eq!(post(&nodes[1], &ada).await, 201, "{}", CreatePost::PATH);
}
