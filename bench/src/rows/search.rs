//! P10: the search of posts, of messages and of everything, one request at a time, since it is asked how long somebody waits.
//! Beside it the statements that find words, alone.

use std::time::Instant;

use anyhow::{Result, bail};
use hearth_shared::endpoint::API_BASE;

use super::Bench;
use crate::bare::search::{Bare, What};
use crate::client::http::{self, Connection};
use crate::client::people::{self, Token};
use crate::machine;
use crate::report::{Latencies, Run};
use crate::setup::Setup;
use crate::world::{MEASURED, World};

/// How often each person asks, at least.
const TURNS: u64 = 4;

/// What is typed.
struct Typed {
    name: &'static str,
    words: fn(World, u64) -> Vec<String>,
}

fn rare(world: World, turn: u64) -> String {
    world.rare_word(turn * 977)
}

const TYPED: [Typed; 7] = [
    Typed {
        name: "a word that most have",
        words: |_, _| vec!["garden".into()],
    },
    Typed {
        name: "its first five letters",
        words: |_, _| vec!["garde".into()],
    },
    Typed {
        name: "three such words",
        words: |_, _| vec!["garden".into(), "quiet".into(), "bread".into()],
    },
    Typed {
        name: "a word of one in 20,000",
        words: |world, turn| vec![rare(world, turn)],
    },
    Typed {
        name: "its first six letters",
        words: |world, turn| vec![rare(world, turn).chars().take(6).collect()],
    },
    Typed {
        name: "its first three letters",
        words: |world, turn| vec![rare(world, turn)[..3].to_owned()],
    },
    Typed {
        name: "a common word and three letters",
        words: |world, turn| vec!["garden".into(), rare(world, turn)[..3].to_owned()],
    },
];

/// What is asked for, and what an item of the answer looks like.
const ASKED: [(What, &str, &str); 3] = [
    (What::Posts, "/search?kind=posts&q=", "\"kind\":\"posts"),
    (What::Messages, "/search?kind=messages&q=", "\"kind\":\"messages"),
    (What::All, "/search/all?q=", "\"created_at\":"),
];

/// Measures it.
///
/// # Errors
/// When something does not answer.
pub(crate) async fn measure(bench: &mut Bench<'_>) -> Result<()> {
    let setup = bench.setup;
    for (what, path, item) in ASKED {
        // Anew for each: all three take longer than a token lives.
        let tokens = people::sign_in(setup, 0..MEASURED).await?;
        for typed in &TYPED {
            let (mut ours, mut theirs, mut found) = (Vec::new(), Latencies::new(), 0);
            for _ in 0..bench.effort.runs {
                let (run, items) = one_run(setup, &tokens, path, item, typed).await?;
                found += items;
                ours.push(run);
                theirs.join(&bare_run(setup, what, typed).await?);
            }
            if found == 0 {
                // In a small world nobody may have said a rare word.
                bench
                    .report
                    .note(format!("P10, {}: {} was not found.", what.name(), typed.name));
            }
            let name = format!(
                "search of {}, {}, {} posts and as many messages, {}",
                what.name(),
                typed.name,
                setup.world.posts,
                setup.kind.name()
            );
            bench
                .report
                .latencies("P10", &name, &ours, &[("the same words, bare SQL", theirs)]);
        }
    }
    Ok(())
}

async fn one_run(
    setup: &Setup,
    tokens: &[Token],
    path: &str,
    item: &str,
    typed: &Typed,
) -> Result<(Run, usize)> {
    let mut latencies = Latencies::new();
    let mut found = 0;
    let (server, own, start) = (setup.processor_time(), machine::own_time(), Instant::now());
    for turn in 0..TURNS {
        for (person, token) in (0..MEASURED).zip(tokens) {
            let mut connection = Connection::open(setup.node_of(usize::try_from(person)?)).await?;
            let words = (typed.words)(setup.world, turn * MEASURED + person).join("+");
            let request = http::get(&format!("{API_BASE}{path}{words}"), Some(token));
            let begun = Instant::now();
            let answer = connection.call(&request).await?;
            latencies.add(begun.elapsed());
            if answer.status != 200 {
                bail!("{}: {}", answer.status, String::from_utf8_lossy(answer.body));
            }
            let windows = answer.body.windows(item.len());
            found += windows.filter(|bytes| *bytes == item.as_bytes()).count();
        }
    }
    let run = Run {
        done: MEASURED * TURNS,
        failed: 0,
        seconds: start.elapsed().as_secs_f64(),
        latencies,
        server: setup.processor_time().saturating_sub(server),
        own: machine::own_time().saturating_sub(own),
    };
    Ok((run, found))
}

/// The same words for the same people, without anything around the statements. On a thread of its own, since it waits.
async fn bare_run(setup: &Setup, what: What, typed: &Typed) -> Result<Latencies> {
    let mut bare = Bare::of(setup);
    let (world, words) = (setup.world, typed.words);
    tokio::task::spawn_blocking(move || {
        bare.open()?;
        let mut latencies = Latencies::new();
        for turn in 0..TURNS {
            for person in 0..MEASURED {
                let words = words(world, turn * MEASURED + person);
                let begun = Instant::now();
                bare.ask(what, world.person(person), &words)?;
                latencies.add(begun.elapsed());
            }
        }
        Ok(latencies)
    })
    .await?
}
