//! What is done after the answer: mails with tokens in them, and cleaning up. The token is made when the mail is
//! sent, so no table holds what it says, not even while the mail waits. Done twice, the second mail has another
//! token, and the first one's is good no more: whoever has both opens the newer.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::identity::{self, VERIFY_MAIL, VerifyWanted};
use super::links::{Links, Secret};
use super::passwords::{self, RESET_MAIL, ResetWanted};
use super::{mails, service, store, store_credentials, store_invitations};
use crate::features::users::store_login;
use crate::platform::db::{Db, Outcome};
use crate::platform::error::AppResult;
use crate::platform::jobs::{Failed, Handler, Job, Periodic};
use crate::platform::mail::Mailer;

/// How often is cleaned up.
const CLEAN_EVERY: Duration = Duration::from_secs(60 * 60);
/// Rows of one step, so that nobody waits for long.
const STEP: i64 = 500;

/// What the handlers need.
#[derive(Clone)]
pub struct Desk {
    /// The database.
    pub db: Db,
    /// Sends.
    pub mailer: Arc<Mailer>,
    /// Makes links.
    pub links: Links,
}

/// The handlers of this feature.
pub fn handlers(desk: &Desk) -> Vec<Arc<dyn Handler>> {
    vec![
        Arc::new(ResetMail(desk.clone())),
        Arc::new(VerifyMail(desk.clone())),
    ]
}

/// What this feature does again and again.
pub fn periodic(db: &Db) -> Vec<Periodic> {
    vec![Periodic {
        handler: Arc::new(CleanUp(db.clone())),
        every: CLEAN_EVERY,
    }]
}

struct ResetMail(Desk);

impl Handler for ResetMail {
    fn kind(&self) -> &'static str {
        RESET_MAIL
    }

    fn run<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Result<(), Failed>> {
        async move {
            let ResetWanted { email } = job.payload()?;
            let (links, id) = (self.0.links.clone(), job.id);
            let mail = self
                .0
                .db
                .write(move |tx| {
                    let Some(account) = store_login::account_by_email(tx.conn(), &email)? else {
                        return Ok(Outcome::RollBack(None));
                    };
                    let secret = Secret::random();
                    if !passwords::make_reset_token(tx, &account, &secret, Some(id))? {
                        return Ok(Outcome::RollBack(None));
                    }
                    // To the address that is kept, never to what was typed.
                    let link = links.reset(&secret);
                    let mail = mails::reset(&account.email, &account.username, &link);
                    Ok(Outcome::Commit(Some(mail)))
                })
                .await?;
            match mail {
                Some(mail) => self.0.mailer.send(&mail, id).await,
                None => Ok(()),
            }
        }
        .boxed()
    }
}

struct VerifyMail(Desk);

impl Handler for VerifyMail {
    fn kind(&self) -> &'static str {
        VERIFY_MAIL
    }

    fn run<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Result<(), Failed>> {
        async move {
            let VerifyWanted { user_id } = job.payload()?;
            let (links, id) = (self.0.links.clone(), job.id);
            let mail = self
                .0
                .db
                .write(move |tx| {
                    identity::verification(tx, &links, user_id, &Secret::random(), id).map(Outcome::Commit)
                })
                .await?;
            match mail {
                Some(mail) => self.0.mailer.send(&mail, id).await,
                None => Ok(()),
            }
        }
        .boxed()
    }
}

/// Removes what is of no use any more. Done twice it finds less to do.
struct CleanUp(Db);

impl Handler for CleanUp {
    fn kind(&self) -> &'static str {
        "auth.clean_up"
    }

    fn run<'a>(&'a self, _job: &'a Job) -> BoxFuture<'a, Result<(), Failed>> {
        async move {
            while clean(&self.0).await? {}
            Ok(())
        }
        .boxed()
    }
}

/// One step. True: there may be more.
async fn clean(db: &Db) -> AppResult<bool> {
    db.write(|tx| {
        let now = tx.now();
        let removed = [
            store::delete_ended(tx.conn(), service::sessions_kept_since(now), STEP)?,
            store_credentials::delete_expired_tokens(tx.conn(), now, STEP)?,
            store_invitations::delete_expired(tx.conn(), now, STEP)?,
        ];
        let full = usize::try_from(STEP).unwrap_or(usize::MAX);
        Ok(if removed.iter().all(|rows| *rows == 0) {
            Outcome::RollBack(false)
        } else {
            Outcome::Commit(removed.iter().any(|rows| *rows >= full))
        })
    })
    .await
}
