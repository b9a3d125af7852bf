//! P9: a device comes back after so many events that it missed, in a private conversation and in a group. It has caught up
//! when everything that it shows is what a fresh read shows; beside it a page that is opened anew.
//!
//! The device is that of the tests: the client's own code for catching up, with a socket of its own. It reads whole
//! conversations, of which a browser reads what can be seen.

use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, ensure};
use futures_util::future::join_all;
use hearth_shared::conversations::GetConversation;
use hearth_shared::conversations::groups::{CreateGroup, History, JoinGroup, NewGroup, Visibility};
use hearth_shared::endpoint::Nothing;
use hearth_shared::ids::ConversationId;
use hearth_shared::problem::ErrorCode;
use hearth_testkit::fetch::fetch;
use hearth_testkit::{Client, Device, Person};

use super::{Bench, new_client_id};
use crate::report::Latencies;

/// Events that are missed.
const MISSED: [usize; 3] = [1, 250, 10_000];
/// Those who write them at the same time.
const WRITERS: usize = 16;

/// Measures it.
///
/// # Errors
/// When something does not answer, or what is caught up is not what is read.
pub(crate) async fn measure(bench: &mut Bench<'_>) -> Result<()> {
    let setup = bench.setup;
    let nodes: Vec<String> = setup
        .nodes
        .iter()
        .map(|node| format!("http://{}", node.address))
        .collect();
    let app = Client::of_nodes(nodes.iter().map(String::as_str));
    for missed in MISSED {
        let (mut level, mut shown, mut fresh) = (Latencies::new(), Latencies::new(), Latencies::new());
        for _ in 0..bench.effort.runs {
            let times = once(&app, missed).await?;
            level.add(times.level);
            shown.add(times.shown);
            fresh.add(times.fresh);
        }
        bench.report.note(format!(
            "P9, {}: after {missed} events the conversation on the screen is right in {:.0} ms, everything in {:.0} ms; \
             everything read anew takes {:.0} ms (medians of {} runs).",
            setup.kind.name(),
            shown.percentile(50.0),
            level.percentile(50.0),
            fresh.percentile(50.0),
            bench.effort.runs
        ));
    }
    Ok(())
}

struct Times {
    /// Until nothing was missing.
    level: Duration,
    /// Until the newest page of the private conversation was as it is.
    shown: Duration,
    /// For reading everything.
    fresh: Duration,
}

/// With people of its own, so that each run misses the same.
async fn once(app: &Client, missed: usize) -> Result<Times> {
    let name = |who: &str| {
        let id = new_client_id();
        // The end of it is a number that grows.
        let letters = id
            .as_str()
            .chars()
            .rev()
            .filter(char::is_ascii_alphanumeric)
            .take(24);
        format!("{who}_{}", letters.collect::<String>().to_lowercase())
    };
    let (ada, ben) = (app.person(&name("ada")).await, app.person(&name("ben")).await);
    app.befriend(&ada, &ben).await;
    let talk = ada.open(app, &ben).await.id;
    let group = group_of(app, &ada, &ben).await?;
    say(app, &ada, talk, "at first").await?;
    let mut device = Device::start(app, &ben).await;
    device.disconnect();
    device.on_screen = Some(talk);
    let wrote = join_all((0..WRITERS).map(|writer| {
        let ada = &ada;
        async move {
            for number in (writer..missed).step_by(WRITERS) {
                let place = [talk, group][number / WRITERS % 2];
                say(app, ada, place, &format!("{writer} {number}")).await?;
            }
            Ok::<(), anyhow::Error>(())
        }
    }));
    wrote.await.into_iter().collect::<Result<Vec<()>>>()?;
    let head = GetConversation {
        conversation_id: talk,
    };
    let newest = call(ben.call(app, &head, &Nothing).await)?.last_number;
    let begun = Instant::now();
    device.connect(app).await;
    let is_shown = |device: &Device| {
        let log = device.replica.logs.get(&talk);
        log.and_then(|log| log.items.last())
            .is_some_and(|last| last.number >= newest)
    };
    device.live(app, is_shown).await;
    let shown = device
        .page_came
        .map_or_else(|| begun.elapsed(), |came| came - begun);
    device.settle_with(app).await;
    let level = begun.elapsed();
    let begun = Instant::now();
    let (read, _) = fetch(app, &ben).await;
    let fresh = begun.elapsed();
    ensure!(
        device.replica.logs == read.logs,
        "what is caught up is not what is read"
    );
    Ok(Times { level, shown, fresh })
}

async fn say(app: &Client, by: &Person, place: ConversationId, body: &str) -> Result<()> {
    call(by.say(app, place, body).await).map(drop)
}

/// A group of the two.
async fn group_of(app: &Client, owner: &Person, other: &Person) -> Result<ConversationId> {
    let new = NewGroup {
        client_id: new_client_id(),
        title: "Missed".to_owned(),
        description: String::new(),
        visibility: Visibility::Public,
        history: History::All,
        user_ids: Vec::new(),
    };
    let conversation_id = call(owner.call(app, &CreateGroup {}, &new).await)?.id;
    call(other.call(app, &JoinGroup { conversation_id }, &Nothing).await)?;
    Ok(conversation_id)
}

fn call<T>(answer: Result<T, ErrorCode>) -> Result<T> {
    answer.map_err(|code| anyhow!("refused: {code:?}"))
}
