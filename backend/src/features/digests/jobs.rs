//! What is done after the answer: finding who is due, every quarter of an hour, and one mail to each of them.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use hearth_shared::ids::UserId;
use serde::{Deserialize, Serialize};

use super::service::{self, Found};
use super::tokens::Tokens;
use super::{finding, mails};
use crate::features::auth::links::Links;
use crate::platform::clock;
use crate::platform::db::Db;
use crate::platform::error::AppResult;
use crate::platform::jobs::{Failed, Handler, Job, Periodic};
use crate::platform::mail::{Mailer, Unsent};

/// The kind of job that sends one.
pub(super) const DIGEST: &str = "digests.mail";
/// How often is looked for people who are due.
const FIND_EVERY: Duration = Duration::from_secs(15 * 60);

/// What the job has to know.
#[derive(Serialize, Deserialize)]
pub(super) struct DigestWanted {
    /// Whose.
    pub(super) user_id: UserId,
}

/// What the handlers need.
#[derive(Clone)]
pub struct Desk {
    /// The database.
    pub db: Db,
    /// Sends.
    pub mailer: Arc<Mailer>,
    /// Makes links.
    pub links: Links,
    /// Makes the token that ends the mails.
    pub tokens: Arc<Tokens>,
    /// Whether the host wants any to be sent.
    pub on: bool,
}

/// The handler of this feature.
pub fn handler(desk: &Desk) -> Arc<dyn Handler> {
    Arc::new(DigestMail(desk.clone()))
}

/// What this feature does again and again.
pub fn periodic(desk: &Desk) -> Periodic {
    Periodic {
        handler: Arc::new(Find(desk.clone())),
        every: FIND_EVERY,
    }
}

/// Done twice it finds the same people, whose jobs are there or done.
struct Find(Desk);

impl Handler for Find {
    fn kind(&self) -> &'static str {
        "digests.find"
    }

    fn run<'a>(&'a self, _job: &'a Job) -> BoxFuture<'a, Result<(), Failed>> {
        async move {
            if self.0.on {
                let people = finding::find(&self.0.db).await?;
                if people > 0 {
                    tracing::info!(people, "daily mails are due");
                }
            }
            Ok(())
        }
        .boxed()
    }
}

/// Done twice the second one looks like the first: see [`service`].
struct DigestMail(Desk);

impl Handler for DigestMail {
    fn kind(&self) -> &'static str {
        DIGEST
    }

    fn run<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Result<(), Failed>> {
        async move {
            let DigestWanted { user_id } = job.payload()?;
            if self.0.on {
                self.0.send(user_id, job).await
            } else {
                Ok(())
            }
        }
        .boxed()
    }
}

impl Desk {
    async fn send(&self, user: UserId, job: &Job) -> Result<(), Failed> {
        let now = clock::now();
        let id = job.id;
        let found = self
            .db
            .snapshot(move |conn| service::find(conn, user, id, now))
            .await?;
        let digest = match found {
            Found::Digest(digest) => digest,
            Found::Nothing(up_to) => return Ok(self.pass_over(user, job, Some(up_to)).await?),
            Found::NotDue => return Ok(self.pass_over(user, job, None).await?),
        };
        // So that what fails from here on for want of an answer may have been taken.
        self.mailer.reach().await?;
        let up_to = digest.up_to;
        let number = self
            .db
            .write(move |tx| service::hand_over(tx, user, id, up_to))
            .await?;
        let Some(number) = number else { return Ok(()) };
        let mail = mails::digest(&digest, &self.links, &self.tokens.of(user));
        let sent = self
            .mailer
            .send_as(&mail, &format!("digest-{user}-{number}"))
            .await;
        match sent {
            Ok(()) => {}
            Err(Unsent::Refused(failed @ Failed::Again(_))) => {
                self.db.write(move |tx| service::take_back(tx, user, id)).await?;
                return Err(failed);
            }
            // For good. As a dead job it would be there once more with each day on which there is something to tell.
            Err(Unsent::Refused(failed)) => tracing::warn!(%user, ?failed, "a daily mail was refused"),
            Err(Unsent::Unknown(failed)) => return Err(failed),
        }
        Ok(self.db.write(move |tx| service::sent(tx, user, id)).await?)
    }

    async fn pass_over(&self, user: UserId, job: &Job, up_to: Option<u64>) -> AppResult<()> {
        let id = job.id;
        self.db
            .write(move |tx| service::pass_over(tx, user, id, up_to))
            .await
    }
}
