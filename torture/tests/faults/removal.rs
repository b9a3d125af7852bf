//! Somebody who is removed from a conversation is told nothing more, although nobody was told of the removal.

use std::time::{Duration, Instant};

use anyhow::Result;
use hearth_servers::Redis;
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::{ConversationId, Id};
use hearth_shared::problem::ErrorCode;
use hearth_shared::realtime::frames::ServerFrame;
use hearth_shared::realtime::{EventsQuery, ListConversationEvents, Stream};
use hearth_testkit::{Client, Person, Socket};
use hearth_torture::cluster::Cluster;

/// More than two rounds of the sweep while Redis is away.
const ROUNDS: Duration = Duration::from_secs(5);

/// Ada and Ben talk; everybody has a socket on each node.
struct Scene {
    nodes: Vec<Client>,
    ada: Person,
    ben: Person,
    talk: ConversationId,
    of_ada: Vec<Socket>,
    of_ben: Vec<Socket>,
}

impl Scene {
    async fn set(urls: &[String]) -> Self {
        let nodes: Vec<Client> = urls.iter().map(|url| Client::new(url)).collect();
        let (ada, ben) = (nodes[0].person("ada").await, nodes[0].person("ben").await);
        nodes[0].befriend(&ada, &ben).await;
        let talk = ada.open(&nodes[0], &ben).await.id;
        let [mut of_ada, mut of_ben] = [Vec::new(), Vec::new()];
        for node in &nodes {
            for (person, sockets) in [(&ada, &mut of_ada), (&ben, &mut of_ben)] {
                let mut socket = Socket::connect(&node.bases()[0], person).await;
                socket.ready().await;
                sockets.push(socket);
            }
        }
        Self {
            nodes,
            ada,
            ben,
            talk,
            of_ada,
            of_ben,
        }
    }

    /// Somebody says something through every node. Gives the last position.
    async fn say_everywhere(&self, person: &Person) -> u64 {
        let mut last = 0;
        for node in &self.nodes {
            last = person.say(node, self.talk, "Are you there?").await.unwrap().seq;
        }
        last
    }

    /// All sockets of somebody are told of a position.
    async fn told_all(sockets: &mut [Socket], talk: ConversationId, seq: u64) {
        for socket in sockets {
            let told = |frame: &ServerFrame| told_of(frame, talk).is_some_and(|told| told >= seq);
            socket.wait_for(told).await;
        }
    }
}

/// The position of a conversation of which a frame tells.
fn told_of(frame: &ServerFrame, talk: ConversationId) -> Option<u64> {
    let (stream, seq) = match frame {
        ServerFrame::Event(event) => (event.stream, event.seq),
        ServerFrame::Head(head) => (head.stream, head.seq),
        ServerFrame::Read(read) if read.conversation_id == talk => return Some(u64::MAX),
        ServerFrame::Typing(typing) if typing.conversation_id == talk => return Some(u64::MAX),
        _ => return None,
    };
    (stream == Stream::Conversation(talk)).then_some(seq)
}

#[test]
fn who_was_removed_is_told_nothing_although_the_hint_was_lost() -> Result<()> {
    let mut redis = Redis::start()?;
    let cluster = Cluster::start(&redis.url())?;
    let runtime = tokio::runtime::Runtime::new()?;
    let mut scene = runtime.block_on(Scene::set(&cluster.urls()?));
    // Both nodes have asked who is in it, and remember.
    let removed_after = runtime.block_on(async {
        scene.say_everywhere(&scene.ada).await;
        let last = scene.say_everywhere(&scene.ben).await;
        Scene::told_all(&mut scene.of_ada, scene.talk, last).await;
        Scene::told_all(&mut scene.of_ben, scene.talk, last).await;
        last
    });

    // As groups will do it: the member goes and the version grows, in one transaction. No node hears of it.
    let (talk, ben) = (scene.talk.get(), scene.ben.id().get());
    cluster.sql(&format!(
        "DELETE FROM conversation_members WHERE conversation_id = {talk} AND user_id = {ben};
         UPDATE conversations SET membership_version = membership_version + 1 WHERE id = {talk};"
    ))?;

    runtime.block_on(async {
        let last = scene.say_everywhere(&scene.ada).await;
        Scene::told_all(&mut scene.of_ada, scene.talk, last).await;
        nothing(&mut scene, removed_after, Duration::from_secs(1)).await;
    });
    // What is said without Redis is found by the sweep.
    redis.kill()?;
    runtime.block_on(async {
        let last = scene.say_everywhere(&scene.ada).await;
        Scene::told_all(&mut scene.of_ada, scene.talk, last).await;
        nothing(&mut scene, removed_after, ROUNDS).await;
        for node in &scene.nodes {
            let call = ListConversationEvents {
                conversation_id: scene.talk,
            };
            let query = EventsQuery {
                after: removed_after,
                limit: None,
            };
            let answer = scene.ben.call_with(node, &call, &query, &Nothing).await;
            assert_eq!(answer.unwrap_err(), ErrorCode::NotFound);
            let said = scene.ben.say(node, scene.talk, "Hello?").await;
            assert_eq!(said.unwrap_err(), ErrorCode::NotFound);
        }
    });
    Ok(())
}

/// Ben's sockets stay open for a while and are told nothing of what came after a position.
async fn nothing(scene: &mut Scene, after: u64, within: Duration) {
    let until = Instant::now() + within;
    for socket in &mut scene.of_ben {
        loop {
            // At least once, for what has come already.
            let left = until.saturating_duration_since(Instant::now());
            let Some(frame) = socket.next(left.max(Duration::from_millis(50))).await else {
                break;
            };
            let told = told_of(&frame, scene.talk);
            assert!(told.is_none_or(|seq| seq <= after), "told of {frame:?}");
        }
        assert!(!socket.closed.is_finished(), "the socket was closed");
    }
}
