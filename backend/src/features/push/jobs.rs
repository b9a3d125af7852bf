//! Tells browsers, after the answer. Done twice it sends twice, and a browser shows what it has seen once.
//!
//! A push service that fails is left alone for a while that grows with each failure, and what there is to tell waits for
//! its end: once for each subject, however much happens. One that hangs, or is slow, is asked nothing more for any of its
//! browsers for a while: others, and the mails that wait beside them, do not wait for it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt, stream};
use hearth_shared::ids::{Id, PushSubscriptionId};
use hearth_shared::time::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};
use url::Url;

use super::news::{self, Letter, News};
use super::service::{TELL, Tell};
use super::slow::SlowServices;
use super::store::{self, Target};
use crate::platform::clock;
use crate::platform::db::{Db, Outcome, Tx};
use crate::platform::error::AppResult;
use crate::platform::jobs::{self, Failed, Handler, Job, Periodic};
use crate::platform::push::{BrowserKeys, Delivery, Message, Pusher, Recipient};

/// What has not arrived by then is not news any more.
const NEWS_FOR: Duration = Duration::from_secs(3 * 24 * 60 * 60);
/// Requests at the same time.
const AT_ONCE: usize = 8;
/// After this many failures in a row a browser is told no more …
const FAILURES_MAX: i64 = 8;
/// … if none has been told for so long: that this server was without a network is not the browser's fault.
const PATIENCE: Duration = Duration::from_secs(14 * 24 * 60 * 60);
/// The first pause after a failure, four times longer after each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(6 * 60 * 60);
/// A push service that takes so long for one is slow …
const SLOW: Duration = Duration::from_secs(3);
/// … and is left alone for so long.
const SLOW_PAUSE: Duration = Duration::from_secs(30);
/// That something was taken is written down so often.
const NOTED_EVERY: Duration = Duration::from_secs(60 * 60);
/// The clock of the database says when a job begins, that of the node what time it is.
const SLACK: Duration = Duration::from_secs(5);
/// How often is cleaned up.
const CLEAN_EVERY: Duration = Duration::from_secs(60 * 60);
/// Rows of one step.
const STEP: i64 = 500;

/// What this feature does once.
pub fn handlers(db: &Db, pusher: &Arc<Pusher>) -> Vec<Arc<dyn Handler>> {
    vec![Arc::new(Teller {
        db: db.clone(),
        pusher: Arc::clone(pusher),
        slow: SlowServices::default(),
    })]
}

/// What it does again and again.
pub fn periodic(db: &Db) -> Vec<Periodic> {
    vec![Periodic {
        handler: Arc::new(CleanUp(db.clone())),
        every: CLEAN_EVERY,
    }]
}

struct Teller {
    db: Db,
    pusher: Arc<Pusher>,
    slow: SlowServices,
}

impl Handler for Teller {
    fn kind(&self) -> &'static str {
        TELL
    }

    fn run<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Result<(), Failed>> {
        async move {
            let tell: Tell = job.payload()?;
            Ok(self.tell(tell).await?)
        }
        .boxed()
    }
}

/// What a browser gets. Its service worker, `frontend/sw.js`, reads this.
#[derive(Serialize)]
struct Payload<'a> {
    title: &'a str,
    body: &'a str,
    /// Later news of the same subject takes its place.
    tag: &'a str,
    version: u64,
    path: &'a str,
    at: i64,
}

/// What became of what was sent to a browser.
enum End {
    Taken,
    Gone,
    /// Nothing was tried, or it failed: again at this moment.
    Again {
        at: Timestamp,
        failed: bool,
    },
}

impl Teller {
    async fn tell(&self, tell: Tell) -> AppResult<()> {
        let now = clock::now();
        if !self.pusher.is_on() {
            return Ok(());
        }
        let News { mut letters, later } = self.db.snapshot(move |conn| news::of(conn, &tell, now)).await?;
        // By what it tells, not by when it was first tried: newer news of the same may have joined what waits.
        letters.retain(|(letter, _)| after(letter.at, NEWS_FOR) > now);
        let ends: Vec<(Target, End)> = stream::iter(letters)
            .map(|(letter, target)| self.send(tell, letter, target, now))
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        let worth = |(target, end): &(Target, End)| !matches!(end, End::Taken) || is_to_be_noted(target, now);
        let noted: Vec<(Target, End)> = ends.into_iter().filter(worth).collect();
        if noted.is_empty() && later.is_empty() {
            return Ok(());
        }
        self.db
            .write(move |tx| {
                wait_for_morning(tx, tell, &later)?;
                note(tx, tell, &noted, now).map(Outcome::Commit)
            })
            .await
    }

    async fn send(&self, tell: Tell, letter: Arc<Letter>, target: Target, now: Timestamp) -> (Target, End) {
        if now.as_millis() < target.paused_until {
            let at = Timestamp::from_millis(target.paused_until);
            return (target, End::Again { at, failed: false });
        }
        if let Some(at) = self.slow.until(&target.endpoint) {
            return (target, End::Again { at, failed: false });
        }
        let begun = Instant::now();
        let delivery = self.deliver(tell, &letter, &target).await;
        if begun.elapsed() >= SLOW {
            self.slow.add(&target.endpoint, after(clock::now(), SLOW_PAUSE));
        }
        let pause = pause(target.failures);
        let (asked, error) = match delivery {
            Delivery::Taken => return (target, End::Taken),
            Delivery::Gone => return (target, End::Gone),
            Delivery::Later(asked, error) => (asked, error),
            Delivery::Refused(error) => (None, error),
        };
        tracing::info!(
            browser = target.id,
            failures = target.failures + 1,
            error,
            "a push was not taken"
        );
        let at = after(now, asked.unwrap_or_default().max(pause));
        (target, End::Again { at, failed: true })
    }

    async fn deliver(&self, tell: Tell, letter: &Letter, target: &Target) -> Delivery {
        let (words, tag) = (&letter.words, tell.tag());
        let payload = Payload {
            title: &words.title,
            body: if target.previews == 0 {
                &words.body
            } else {
                &words.preview
            },
            tag: &tag,
            version: letter.version,
            path: &letter.path,
            at: letter.at.as_millis(),
        };
        let (Ok(payload), Ok(endpoint)) = (serde_json::to_vec(&payload), Url::parse(&target.endpoint)) else {
            return Delivery::Gone;
        };
        let to = Recipient {
            endpoint,
            keys: BrowserKeys {
                p256dh: target.p256dh.clone(),
                auth: target.auth.clone(),
            },
        };
        let message = Message {
            payload: &payload,
            topic: &topic(&target.endpoint, &tag),
            ttl: NEWS_FOR,
            urgent: letter.urgent,
        };
        self.pusher.send(&to, message).await
    }
}

/// The subject as the push service sees it: the same for the same, and telling nothing, also not that two browsers hear
/// of one thing.
fn topic(endpoint: &str, tag: &str) -> String {
    let hash = Sha256::digest(format!("{endpoint} {tag}").as_bytes());
    let mut text = URL_SAFE_NO_PAD.encode(hash);
    text.truncate(32);
    text
}

fn after(moment: Timestamp, wait: Duration) -> Timestamp {
    let wait = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(moment.as_millis().saturating_add(wait))
}

fn pause(failures: i64) -> Duration {
    let times = u32::try_from(failures.clamp(0, 10)).unwrap_or(0);
    FIRST_PAUSE
        .saturating_mul(4_u32.saturating_pow(times))
        .min(LONGEST_PAUSE)
}

/// Most of what is taken changes no row.
fn is_to_be_noted(target: &Target, now: Timestamp) -> bool {
    let last = target.last_ok_at.unwrap_or(0);
    target.failures > 0 || after(Timestamp::from_millis(last), NOTED_EVERY) <= now
}

/// What happens in somebody's quiet hours is told at their end, once for each subject.
fn wait_for_morning(tx: &mut Tx<'_>, tell: Tell, later: &[Timestamp]) -> AppResult<()> {
    for until in later {
        let waiting = Tell {
            quiet_until: Some(*until),
            // For all of theirs, also when it was for one alone that something was tried again.
            browser: None,
            ..tell
        };
        let key = format!("{}:quiet:{}", tell.tag(), until.as_millis());
        jobs::enqueue_once_at(tx, TELL, &key, &waiting, after(*until, SLACK))?;
    }
    Ok(())
}

/// Writes down what became of what was sent.
fn note(tx: &mut Tx<'_>, tell: Tell, ends: &[(Target, End)], now: Timestamp) -> AppResult<()> {
    let (mut taken, mut gone) = (Vec::new(), Vec::new());
    for (target, end) in ends {
        match end {
            End::Taken => taken.push(target.id),
            End::Gone => gone.push(target.id),
            End::Again { failed: true, .. } if is_hopeless(target, now) => gone.push(target.id),
            End::Again { at, failed } => {
                if *failed {
                    store::note_failed(tx.conn(), target, *at)?;
                }
                let again = Tell {
                    browser: Some(PushSubscriptionId::new(target.id)),
                    quiet_until: None,
                    ..tell
                };
                // Of another pause it is another job: this one may be what has waited for the end of the last one.
                let key = format!("{}:browser:{}:{}", tell.tag(), target.id, at.as_millis());
                jobs::enqueue_once_at(tx, TELL, &key, &again, after(*at, SLACK))?;
            }
        }
    }
    store::note_taken(tx.conn(), &taken, now)?;
    store::delete(tx.conn(), &gone)?;
    Ok(())
}

/// It has failed too often, and has not worked for too long.
fn is_hopeless(target: &Target, now: Timestamp) -> bool {
    let last = target.last_ok_at.unwrap_or(target.created_at);
    target.failures + 1 >= FAILURES_MAX && after(Timestamp::from_millis(last), PATIENCE) <= now
}

/// Removes browsers of sessions that have run out. Done twice it finds less to do.
struct CleanUp(Db);

impl Handler for CleanUp {
    fn kind(&self) -> &'static str {
        "push.clean_up"
    }

    fn run<'a>(&'a self, _job: &'a Job) -> BoxFuture<'a, Result<(), Failed>> {
        async move {
            loop {
                let removed = self
                    .0
                    .write(|tx| {
                        let now = tx.now();
                        Ok(match store::delete_ended(tx.conn(), now, STEP)? {
                            0 => Outcome::RollBack(0),
                            removed => Outcome::Commit(removed),
                        })
                    })
                    .await?;
                if removed == 0 {
                    return Ok(());
                }
            }
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(failures: i64, last_ok_at: Option<i64>) -> Target {
        Target {
            id: 1,
            user_id: 1,
            endpoint: String::new(),
            p256dh: Vec::new(),
            auth: Vec::new(),
            previews: 0,
            created_at: 0,
            last_ok_at,
            failures,
            paused_until: 0,
        }
    }

    #[test]
    fn pauses_grow_and_end() {
        let seconds: Vec<u64> = (0..7).map(|failures| pause(failures).as_secs()).collect();
        assert_eq!(seconds, [30, 120, 480, 1_920, 7_680, 21_600, 21_600]);
        assert_eq!(pause(i64::MAX), LONGEST_PAUSE);
    }

    #[test]
    fn a_day_without_a_network_costs_nobody_their_browser() {
        let day = 24 * 60 * 60 * 1000;
        let now = Timestamp::from_millis(100 * day);
        assert!(!is_hopeless(&target(20, Some(99 * day)), now));
        assert!(!is_hopeless(&target(6, Some(day)), now));
        assert!(is_hopeless(&target(7, Some(day)), now));
        assert!(is_hopeless(&target(7, None), now), "it has never worked");
    }

    #[test]
    fn what_works_is_written_down_now_and_then() {
        let now = Timestamp::from_millis(10 * 60 * 60 * 1000);
        assert!(is_to_be_noted(&target(0, None), now));
        assert!(is_to_be_noted(&target(1, Some(now.as_millis())), now));
        assert!(!is_to_be_noted(&target(0, Some(now.as_millis() - 1)), now));
    }

    #[test]
    fn a_push_service_does_not_see_what_it_is_about() {
        let one = topic("https://a.example/1", "c7");
        assert_eq!(one, topic("https://a.example/1", "c7"));
        assert_ne!(one, topic("https://a.example/2", "c7"));
        assert_ne!(one, topic("https://a.example/1", "c8"));
        assert_eq!(one.len(), 32);
    }
}
