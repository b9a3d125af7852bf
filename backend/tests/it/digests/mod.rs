//! The daily mail: to whom it goes, what it tells, how it is ended, and that it comes once; read from a mail server.

mod ending;
mod killed;
mod recipients;
mod told;

use std::time::{Duration, Instant};

use diesel::prelude::*;
use hearth::features::digests::finding;
use hearth::features::notifications::{preferences, store};
use hearth::platform::db::{Outcome, dialect};
use hearth::schema::jobs;
use hearth_shared::notifications::preferences::{Channel, Topic};

use crate::support::{MailServer, Options, Person, Received, TestApp};

/// Runs each story on SQLite and on two nodes, with a mail server of its own.
macro_rules! with_mail {
    ($($(#[doc = $doc:literal])* async fn $name:ident($app:ident: TestApp, $server:ident: MailServer) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn story($app: TestApp, $server: MailServer) $body

            #[tokio::test]
            async fn sqlite() {
                let server = MailServer::start();
                let app = TestApp::sqlite_with($crate::digests::through(&server)).await;
                story(app, server).await;
            }

            #[tokio::test]
            async fn cluster() {
                let server = MailServer::start();
                let options = $crate::digests::through(&server);
                if let Some(app) = TestApp::cluster_or_postgres_with(options).await {
                    story(app, server).await;
                }
            }
        }
    )+};
}
use with_mail;

fn through(server: &MailServer) -> Options {
    Options {
        smtp: Some(server.port()),
        ..Options::default()
    }
}

/// Waits until something is so.
async fn until(what: &str, mut so: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !so().await {
        assert!(Instant::now() < end, "never: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Runs statements that both databases understand.
async fn execute(app: &TestApp, sql: impl Into<String>) {
    let sql: String = sql.into();
    let run = app.db().write(move |tx| {
        dialect::execute(tx.conn(), &sql)?;
        Ok(Outcome::Commit(()))
    });
    run.await.unwrap();
}

/// A time zone in which it is so many hours of the day now.
fn zone_where_it_is(hour: i64) -> String {
    let now = hearth::platform::clock::wall().as_millis() / 3_600_000 % 24;
    let ahead = match hour - now {
        ahead @ -12..=14 => ahead,
        ahead @ ..-12 => ahead + 24,
        ahead => ahead - 24,
    };
    // The names have the sign of POSIX: what is ahead of Greenwich is minus.
    format!("Etc/GMT{:+}", -ahead)
}

/// Lives where it is so many hours of the day now.
async fn lives_where_it_is(app: &TestApp, person: &Person, hour: i64) {
    let (id, zone) = (person.id(), zone_where_it_is(hour));
    execute(
        app,
        format!(
            "DELETE FROM notification_quiet_hours WHERE user_id = {id};
             INSERT INTO notification_quiet_hours (user_id, from_minute, to_minute, time_zone) VALUES ({id}, 0, 1, '{zone}')"
        ),
    )
    .await;
}

/// Has opened the link in the mail to their address.
async fn verified(app: &TestApp, person: &Person) {
    let id = person.id();
    execute(
        app,
        format!(
            "DELETE FROM credentials WHERE user_id = {id};
             INSERT INTO credentials (user_id, email_verified_at, totp_step) VALUES ({id}, 1, 0)"
        ),
    )
    .await;
}

/// Somebody who may get a digest now.
async fn reader(app: &TestApp, name: &str) -> Person {
    let person = app.person(name).await;
    verified(app, &person).await;
    lives_where_it_is(app, &person, 9).await;
    person
}

/// Time passes, for everything that a digest looks at.
async fn pass(app: &TestApp, hours: i64) {
    let millis = hours * 60 * 60 * 1000;
    let moments = [
        ("notifications", "updated_at"),
        ("sessions", "rotated_at"),
        ("messages", "created_at"),
        ("digests", "sent_at"),
    ];
    let statements =
        moments.map(|(table, column)| format!("UPDATE {table} SET {column} = {column} - {millis}"));
    execute(app, statements.join(";")).await;
}

/// Looks for those who are due. Gives how many there are.
async fn find(app: &TestApp) -> usize {
    finding::find(app.db()).await.unwrap()
}

/// Waits until no digest waits or is under way.
async fn quiet(app: &TestApp) {
    until("every digest is done", async || waiting(app).await == 0).await;
}

async fn waiting(app: &TestApp) -> i64 {
    let count = app.db().read(|conn| {
        let digests = jobs::table.filter(jobs::kind.eq("digests.mail"));
        Ok(digests
            .filter(jobs::dead_at.is_null())
            .count()
            .get_result::<i64>(conn)?)
    });
    count.await.unwrap()
}

/// Lets the digests that wait for another try be tried now; none that somebody is at work on.
async fn try_now(app: &TestApp) {
    until("nobody is at work on one", async || {
        let taken = app.db().read(|conn| {
            let digests = jobs::table.filter(jobs::kind.eq("digests.mail"));
            let taken = digests.filter(jobs::leased_by.is_not_null());
            Ok(taken.count().get_result::<i64>(conn)?)
        });
        taken.await.unwrap() == 0
    })
    .await;
    execute(
        app,
        "UPDATE jobs SET due_at = 0 WHERE kind = 'digests.mail' AND leased_by IS NULL",
    )
    .await;
}

/// The digests that have come, the oldest first.
fn digests(server: &MailServer) -> Vec<Received> {
    let mut mails = server.mails();
    mails.retain(|mail| !mail.header("List-Unsubscribe").is_empty());
    mails
}

/// Who has got them, in order.
fn recipients(server: &MailServer) -> Vec<String> {
    let mut names: Vec<String> = digests(server)
        .into_iter()
        .map(|mail| mail.to.split('@').next().unwrap_or_default().to_owned())
        .collect();
    names.sort();
    names
}

/// Everybody who is due gets theirs. Gives what has come in all.
async fn morning(app: &TestApp, server: &MailServer) -> Vec<Received> {
    find(app).await;
    quiet(app).await;
    digests(server)
}

/// Turns mails about a topic on or off, as the settings do.
async fn turn(app: &TestApp, person: &Person, topic: Topic, wanted: bool) {
    let user = person.id();
    let turned = app.db().write(move |tx| {
        let mut wants = preferences::of(tx.conn(), user)?;
        wants.set(topic, Channel::Mail, wanted);
        store::preferences::keep(tx.conn(), user, &wants)?;
        Ok(Outcome::Commit(()))
    });
    turned.await.unwrap();
}
