//! P4: messages of twenty pairs of people, over HTTP, each durable when it is answered.

use std::sync::Arc;

use anyhow::Result;
use hearth_shared::endpoint::API_BASE;

use super::{Bare, Bench, new_client_id};
use crate::bare::statements::Work;
use crate::client::load::{self, Requests, Target};
use crate::client::{http, people};
use crate::report::Beside;

/// Pairs; both of each write.
const PAIRS: usize = 20;

/// Measures it.
///
/// # Errors
/// When something does not answer.
pub(crate) async fn measure(bench: &mut Bench<'_>) -> Result<()> {
    let setup = bench.setup;
    let effort = bench.effort;
    let clients = PAIRS * 2;
    let tokens = people::sign_in(setup, 0..clients as u64).await?;
    let paths: Vec<String> = (0..PAIRS as u64)
        .map(|pair| message_path(setup.world.conversation(pair * 2)))
        .collect();
    let requests: Requests = Arc::new(move |client, _| send(&paths[client / 2], &tokens[client]));
    let mut bare = Bare::open(setup)?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..effort.runs {
        let target = Target {
            addresses: bench.addresses(clients),
            requests: Arc::clone(&requests),
            time: &|| setup.processor_time(),
        };
        ours.push(load::closed(target, effort.seconds).await?);
        theirs.push(bare.run(setup, Work::Message, clients, effort.seconds)?);
    }
    let name = bare.name(Work::Message, clients);
    let beside = Beside {
        name: &name,
        runs: &theirs,
    };
    let what = format!("message, {}, {PAIRS} pairs, both write", setup.kind.name());
    bench.report.rates("P4", &what, &ours, &[beside]);
    Ok(())
}

/// Where a conversation's messages are sent.
pub(crate) fn message_path(conversation: i64) -> String {
    format!("{API_BASE}/conversations/{conversation}/messages")
}

/// The request that sends a message.
pub(crate) fn send(path: &str, token: &str) -> Vec<u8> {
    let body = format!(
        r#"{{"client_id":"{}","body":"Measured, and found to be good."}}"#,
        new_client_id()
    );
    http::request("POST", path, Some(token), &body)
}
