//! Signed out through one node, out on the other one too, Redis or not.

use std::time::{Duration, Instant};

use anyhow::Result;
use hearth_servers::Redis;
use hearth_shared::auth::{Login, Logout, RefreshToken, Session, SessionQuery};
use hearth_shared::endpoint::Nothing;
use hearth_shared::realtime::GetSync;
use hearth_testkit::person::PASSWORD;
use hearth_testkit::{Client, Person, Socket};
use hearth_torture::cluster::Cluster;

/// Whoever was signed out is out after this long.
const OUT: Duration = Duration::from_secs(5);
/// The code with which the socket of a session that was ended is closed.
const SESSION_ENDED: u16 = 4403;

#[test]
fn signed_out_on_one_node_is_out_on_the_other() -> Result<()> {
    let mut redis = Redis::start()?;
    let cluster = Cluster::start(&redis.url())?;
    let urls = cluster.urls()?;
    let nodes: Vec<Client> = urls.iter().map(|url| Client::new(url)).collect();
    let runtime = tokio::runtime::Runtime::new()?;
    let ada = runtime.block_on(nodes[0].person("ada"));
    for turn in 0..3 {
        let [socket, token] = runtime.block_on(sign_out(&nodes[turn % 2], &nodes[1 - turn % 2], &ada));
        println!("with Redis: socket closed after {socket:?}, token dead after {token:?}");
    }
    redis.kill()?;
    // Nobody waits until it is noticed: the first seconds count too.
    for turn in 0..3 {
        let [socket, token] = runtime.block_on(sign_out(&nodes[turn % 2], &nodes[1 - turn % 2], &ada));
        println!("without Redis: socket closed after {socket:?}, token dead after {token:?}");
    }
    Ok(())
}

/// A new session of somebody, with a socket on one node, is ended through the other. Gives how long it took until
/// the socket was closed, and until the token was dead where the socket had been.
async fn sign_out(here: &Client, there: &Client, who: &Person) -> [Duration; 2] {
    let credentials = serde_json::json!({ "login": who.username(), "password": PASSWORD });
    let credentials = serde_json::from_value(credentials).unwrap();
    let answer = here
        .ask(None, &Login {}, &SessionQuery::default(), &credentials)
        .await;
    let session: Session = serde_json::from_str(&answer.text).unwrap();
    let person = Person { session };
    let mut socket = Socket::connect(&there.bases()[0], &person).await;
    socket.ready().await;
    // The other node knows the session, and remembers what it knows.
    person.call(there, &GetSync {}, &Nothing).await.unwrap();

    let start = Instant::now();
    let body = RefreshToken {
        refresh_token: person.session.refresh_token.clone(),
    };
    let answer = here.ask(person.token(), &Logout {}, &Nothing, &body).await;
    assert_eq!(answer.status, 204);
    let closed = async {
        let code = tokio::time::timeout(OUT, &mut socket.closed).await;
        assert_eq!(code.unwrap().unwrap(), SESSION_ENDED);
        start.elapsed()
    };
    let dead = async {
        loop {
            let answer = there.ask(person.token(), &GetSync {}, &Nothing, &Nothing).await;
            match answer.status {
                401 => return start.elapsed(),
                status => assert_eq!(status, 200),
            }
            assert!(start.elapsed() < OUT, "the token lives on");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let (socket, token) = tokio::join!(closed, dead);
    [socket, token]
}
