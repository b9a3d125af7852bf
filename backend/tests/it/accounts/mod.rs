//! Accounts: passwords forgotten and changed, addresses, the second factor, devices, invitations; and the mails that
//! belong to them, read from the outbox or from a mail server.

mod devices;
mod enumeration;
mod identity;
mod invitations;
mod mail;
mod registration;
mod reset;
mod revocation;
mod two_factor;

use std::time::{Duration, Instant};

use hearth_shared::auth::{Credentials, Login, SessionQuery};
use hearth_testkit::person::PASSWORD;

use crate::support::{Answer, Person, Received, TestApp};

const NEW_PASSWORD: &str = "purple garden chair";
const IN_BODY: SessionQuery = SessionQuery { cookie: false };

/// Waits until something is so.
async fn until(what: &str, mut so: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !so().await {
        assert!(Instant::now() < end, "never: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The mails in the outbox with a subject, the oldest first.
fn mails(app: &TestApp, subject: &str) -> Vec<Received> {
    let Ok(files) = std::fs::read_dir(app.outbox()) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "eml"));
    paths.sort();
    let read = paths
        .iter()
        .map(|path| Received::from_raw(&std::fs::read_to_string(path).unwrap()));
    read.filter(|mail| mail.subject() == subject).collect()
}

/// Waits for so many mails with a subject, and gives the newest.
async fn mail(app: &TestApp, subject: &str, count: usize) -> Received {
    until(subject, async || mails(app, subject).len() >= count).await;
    let found = mails(app, subject);
    assert_eq!(found.len(), count, "{found:?}");
    found.into_iter().next_back().unwrap()
}

const RESET: &str = "Choose a new password";
const CHANGED: &str = "Your password was changed";
const CONFIRM: &str = "Confirm your email address";

fn credentials(login: &str, password: &str, code: Option<&str>) -> Credentials {
    Credentials {
        login: login.into(),
        password: password.into(),
        restore: None,
        code: code.map(str::to_owned),
    }
}

async fn sign_in(app: &TestApp, login: &str, password: &str, code: Option<&str>) -> Answer {
    app.ask(None, &Login {}, &IN_BODY, &credentials(login, password, code))
        .await
}

/// Another device of somebody who has the usual password.
pub(crate) async fn device(app: &TestApp, login: &str) -> Person {
    let answer = sign_in(app, login, PASSWORD, None).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    Person {
        session: serde_json::from_str(&answer.text).unwrap(),
    }
}

/// Runs a statement; `{}` in it is nothing special.
async fn execute(app: &TestApp, sql: &'static str) {
    let run = app.db().write(move |tx| {
        hearth::platform::db::dialect::execute(tx.conn(), sql)?;
        Ok(hearth::platform::db::Outcome::Commit(()))
    });
    run.await.unwrap();
}
