//! P10: the search of posts, one request at a time, since it is asked how long somebody waits.

use anyhow::{Result, bail};
use hearth_shared::endpoint::API_BASE;

use super::Bench;
use crate::client::http::{self, Connection};
use crate::client::people;
use crate::report::Latencies;
use crate::world::{MEASURED, World};

/// How often each person asks.
const TURNS: u64 = 8;

/// Measures it.
///
/// # Errors
/// When something does not answer.
pub(crate) async fn measure(bench: &mut Bench<'_>) -> Result<()> {
    let setup = bench.setup;
    let tokens = people::sign_in(setup, 0..MEASURED).await?;
    type Query = fn(World, u64) -> String;
    let kinds: [(&str, Query); 6] = [
        ("a word that most posts have", |_, _| "garden".to_owned()),
        ("three such words", |_, _| "garden+quiet+bread".to_owned()),
        ("a word of one post in 20,000", |world, turn| {
            world.rare_word(turn * 977)
        }),
        ("its first three letters", |world, turn| {
            world.rare_word(turn * 977)[..3].to_owned()
        }),
        ("its first letter", |world, turn| {
            world.rare_word(turn * 977)[..1].to_owned()
        }),
        ("a common word and three letters", |world, turn| {
            format!("garden+{}", &world.rare_word(turn * 977)[..3])
        }),
    ];
    for (name, query) in kinds {
        let mut latencies = Latencies::new();
        let time = setup.processor_time();
        let mut found = 0;
        for turn in 0..TURNS {
            for (person, token) in (0..MEASURED).zip(&tokens) {
                let place = usize::try_from(person)?;
                let mut connection = Connection::open(setup.node_of(place)).await?;
                let q = query(setup.world, turn * MEASURED + person);
                let request = http::get(&format!("{API_BASE}/search?q={q}"), Some(token));
                let start = std::time::Instant::now();
                let answer = connection.call(&request).await?;
                latencies.add(start.elapsed());
                if answer.status != 200 {
                    bail!("{}: {}", answer.status, String::from_utf8_lossy(answer.body));
                }
                found += answer
                    .body
                    .windows(13)
                    .filter(|bytes| bytes == b"\"kind\":\"posts")
                    .count();
            }
        }
        let asked = MEASURED * TURNS;
        let time = setup.processor_time().saturating_sub(time);
        let at = |percent| latencies.percentile(percent);
        bench.report.note(format!(
            "P10, {name}, {} posts, 200 friends, {}: p50 {:.1}, p95 {:.1}, p99 {:.1} ms; {:.1} found; {:.1} ms of the server's CPU each.",
            setup.world.posts,
            setup.kind.name(),
            at(50.0),
            at(95.0),
            at(99.0),
            f64::from(u32::try_from(found)?) / f64::from(u32::try_from(asked)?),
            time.as_secs_f64() * 1e3 / f64::from(u32::try_from(asked)?)
        ));
    }
    Ok(())
}
