//! P3: reactions, comments and posts, each durable when it is answered.

use std::sync::Arc;

use anyhow::Result;
use hearth_shared::endpoint::API_BASE;

use super::{Bare, Bench};
use crate::bare::statements::Work;
use crate::client::http;
use crate::client::load::{self, Requests, Target};
use crate::client::people::{self, Token};
use crate::report::Beside;
use crate::rows::new_client_id;
use crate::world::{MEASURED, World};

/// Clients: alone, and as many as may share a commit.
const CROWDS: [usize; 2] = [1, 64];
/// Posts that each person reacts to and comments on in turn.
const POSTS: usize = 20;

/// Measures it.
///
/// # Errors
/// When something does not answer.
pub(crate) async fn measure(bench: &mut Bench<'_>) -> Result<()> {
    let setup = bench.setup;
    let effort = bench.effort;
    let mut bare = Bare::open(setup)?;
    for (work, name) in [
        (Work::Like, "like / unlike"),
        (Work::Comment, "comment"),
        (Work::Post, "post"),
    ] {
        for clients in CROWDS {
            let tokens = people::sign_in(setup, 0..MEASURED).await?;
            let requests = requests(setup.world, work, tokens);
            let (mut ours, mut rows, mut same) = (Vec::new(), Vec::new(), Vec::new());
            for _ in 0..effort.runs {
                let target = Target {
                    addresses: bench.addresses(clients),
                    requests: Arc::clone(&requests),
                    time: &|| setup.processor_time(),
                };
                ours.push(load::closed(target, effort.seconds).await?);
                rows.push(bare.run(setup, Work::Row, clients, effort.seconds)?);
                same.push(bare.run(setup, work, clients, effort.seconds)?);
            }
            let names = [bare.name(Work::Row, clients), bare.name(work, clients)];
            let beside = [(&names[0], &rows), (&names[1], &same)].map(|(name, runs)| Beside { name, runs });
            let who = if clients == 1 {
                "1 client".to_owned()
            } else {
                format!("{clients} clients")
            };
            let what = format!("{name}, {}, {who}", setup.kind.name());
            bench.report.rates("P3", &what, &ours, &beside);
        }
    }
    Ok(())
}

fn requests(world: World, work: Work, tokens: Vec<Token>) -> Requests {
    // Everybody has posts of their own, so that what is measured is not a queue for one row.
    let mut posts = world.public_posts(0);
    let posts: Vec<Vec<i64>> = tokens
        .iter()
        .map(|_| posts.by_ref().take(POSTS).map(|post| world.post(post)).collect())
        .collect();
    Arc::new(move |client, turn| {
        let token = Some(&*tokens[client]);
        let at = usize::try_from(turn).unwrap_or(0);
        let post = |at: usize| posts[client][at % POSTS];
        let comment = "Measured, and found to be good.";
        match work {
            Work::Like => {
                let path = format!("{API_BASE}/posts/{}/reaction", post(at / 2));
                match at % 2 {
                    0 => http::request("PUT", &path, token, r#"{"kind":"like"}"#),
                    _ => http::request("DELETE", &path, token, ""),
                }
            }
            Work::Comment => {
                let path = format!("{API_BASE}/posts/{}/comments", post(at));
                let body = format!(r#"{{"client_id":"{}","body":"{comment}"}}"#, new_client_id());
                http::request("POST", &path, token, &body)
            }
            _ => {
                let path = format!("{API_BASE}/posts");
                let body = format!(r#"{{"client_id":"{}","body":"{comment}"}}"#, new_client_id());
                http::request("POST", &path, token, &body)
            }
        }
    })
}
