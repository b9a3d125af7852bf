//! P7: suggestions and search among many people with many friends. A world of its own; one request at a time, since it
//! is asked how long somebody waits.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use hearth_shared::endpoint::API_BASE;
use rusqlite::Connection as Sqlite;

use crate::client::http::{self, Connection};
use crate::client::people::{Token, register_first, sign_in_as};
use crate::machine;
use crate::report::{Latencies, Report};
use crate::setup::{Places, begin, start_node};
use crate::world::Crowd;

/// People who ask, spread over the crowd.
const ASKING: u64 = 200;
/// How often each asks again.
const AGAIN: usize = 5;
/// Names are learned after the first start; it takes no longer than this.
const LEARNING_MAX: Duration = Duration::from_secs(1_800);

/// Makes the crowd when it is not there, and measures.
///
/// # Errors
/// When something cannot be started or does not answer.
pub(crate) async fn measure(places: &Places, crowd: Crowd, report: &mut Report) -> Result<()> {
    let kept = places.folder.join(format!("sqlite_{}", crowd.name()));
    let file = kept.join("hearth.db");
    let url = format!("sqlite://{}", file.display());
    let backends = [("DATABASE_URL", url.as_str())];
    if !kept.join("whole").exists() {
        eprintln!(
            "making a crowd of {} people with {} friends each",
            crowd.people, crowd.friends
        );
        let start = Instant::now();
        begin(&kept)?;
        let node = start_node(places, &kept, 0, &backends)?;
        register_first(node.address).await?;
        drop(node);
        crowd.fill(&file)?;
        eprintln!("made in {:.0} s", start.elapsed().as_secs_f64());
        let start = Instant::now();
        let node = start_node(places, &kept, 0, &backends)?;
        wait_until_learned(&file).await?;
        drop(node);
        eprintln!("names learned in {:.0} s", start.elapsed().as_secs_f64());
        std::fs::write(kept.join("whole"), "")?;
    }
    let asking: Vec<u64> = (0..ASKING).map(|turn| turn * (crowd.people / ASKING)).collect();
    type Query = fn(Crowd, u64) -> String;
    let kinds: [(&str, Query); 5] = [
        ("suggestions", |_, _| "/friends/suggestions".to_owned()),
        ("search, whole name", |crowd, of| {
            format!("/users?q={}", crowd.names(of).join("+"))
        }),
        ("search, first three letters", |crowd, of| {
            format!("/users?q={}", &crowd.names(of)[1][..3])
        }),
        ("search, one letter", |crowd, of| {
            format!("/users?q={}", &crowd.names(of)[0][..1])
        }),
        ("search, a typo", |crowd, of| {
            // The last two letters have changed places.
            let mut name = crowd.names(of)[1].clone().into_bytes();
            let length = name.len();
            name.swap(length - 1, length - 2);
            format!("/users?q={}", String::from_utf8_lossy(&name))
        }),
    ];
    for (name, query) in kinds {
        // A server that has read nothing yet.
        let node = start_node(places, &kept, 0, &backends)?;
        let mut tokens = Vec::new();
        for index in &asking {
            tokens.push(sign_in_as(node.address, &crowd.username(*index)).await?);
        }
        let requests: Vec<Vec<u8>> = asking
            .iter()
            .zip(&tokens)
            .map(|(index, token)| request(&query(crowd, (index + crowd.people / 3) % crowd.people), token))
            .collect();
        let cold = ask(node.address, &requests, 1).await?;
        let before = machine::processor_time(node.program.pid());
        let warm = ask(node.address, &requests, AGAIN).await?;
        let time = machine::processor_time(node.program.pid()).saturating_sub(before);
        let text = |times: &Latencies| {
            let at = |percent| times.percentile(percent);
            format!("p50 {:.1}, p95 {:.1}, p99 {:.1} ms", at(50.0), at(95.0), at(99.0))
        };
        report.note(format!(
            "P7, {name}, {} people, {} friends each, SQLite: first time for each of {ASKING} people after a start {}; again {}; \
             {:.1} ms of the server's CPU each.",
            crowd.people,
            crowd.friends,
            text(&cold),
            text(&warm),
            time.as_secs_f64() * 1e3 / f64::from(u32::try_from(warm.count())?)
        ));
    }
    Ok(())
}

fn request(path: &str, token: &Token) -> Vec<u8> {
    http::get(&format!("{API_BASE}{path}"), Some(token))
}

async fn ask(address: SocketAddr, requests: &[Vec<u8>], times: usize) -> Result<Latencies> {
    let mut connection = Connection::open(address).await?;
    let mut latencies = Latencies::new();
    for _ in 0..times {
        for request in requests {
            let start = Instant::now();
            let answer = connection.call(request).await?;
            let took = start.elapsed();
            if answer.status != 200 {
                bail!("{}: {}", answer.status, String::from_utf8_lossy(answer.body));
            }
            latencies.add(took);
        }
    }
    Ok(latencies)
}

async fn wait_until_learned(file: &Path) -> Result<()> {
    let until = Instant::now() + LEARNING_MAX;
    let left = "SELECT count(*) FROM user_names WHERE token NOT LIKE 'p0%' AND NOT EXISTS \
                (SELECT 1 FROM name_remainders AS known WHERE known.remainder = user_names.token \
                 AND known.token = user_names.token)";
    let conn = Sqlite::open(file)?;
    while Instant::now() < until {
        let left: i64 = conn.query_row(left, [], |row| row.get(0))?;
        if left == 0 {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    bail!("the names were not learned in time")
}
