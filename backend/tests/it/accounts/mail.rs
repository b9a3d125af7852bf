//! Mail through a mail server, and when it refuses.

use diesel::prelude::*;
use hearth::schema::jobs;
use hearth_shared::auth::{ForgotPassword, ForgottenPassword, NewPassword, ResetPassword};
use hearth_shared::endpoint::Nothing;

use super::{NEW_PASSWORD, RESET, execute, mails, sign_in, until};
use crate::support::{MailServer, Options, TestApp};

async fn forgot(app: &TestApp) {
    let body = ForgottenPassword {
        email: "ada@example.org".into(),
    };
    app.ask(None, &ForgotPassword {}, &Nothing, &body).await;
}

/// Attempts, whether it is dead, and what went wrong, of the one mail that waits.
async fn waiting(app: &TestApp) -> Option<(i64, bool, String)> {
    let row = app.db().read(|conn| {
        let row: Option<(i64, Option<i64>, Option<String>)> = jobs::table
            .filter(jobs::every_ms.is_null())
            .select((jobs::attempts, jobs::dead_at, jobs::last_error))
            .first(conn)
            .optional()?;
        Ok(row)
    });
    let row = row.await.unwrap();
    row.map(|(attempts, dead_at, error)| (attempts, dead_at.is_some(), error.unwrap_or_default()))
}

async fn a_link_through_the_server(app: TestApp, server: MailServer) {
    app.person("ada").await;
    // Not now: it waits, and nothing is lost.
    server.refuse(Some(451));
    forgot(&app).await;
    until(
        "tried",
        async || matches!(waiting(&app).await, Some((1, _, error)) if !error.is_empty()),
    )
    .await;
    let tried = waiting(&app).await.unwrap();
    assert!(!tried.1 && tried.2.contains("451"), "{tried:?}");
    server.refuse(None);
    execute(&app, "UPDATE jobs SET due_at = 0").await;
    until("the mail", async || !server.mails().is_empty()).await;
    let letter = server.mails().pop().unwrap();
    assert_eq!(
        (letter.to.as_str(), letter.subject().as_str()),
        ("ada@example.org", RESET)
    );
    assert!(letter.raw.contains("Auto-Submitted: auto-generated"));
    assert!(letter.raw.contains("text/html"));
    assert!(mails(&app, RESET).is_empty(), "not in the outbox too");
    until("no job is left", async || waiting(&app).await.is_none()).await;
    let new = NewPassword {
        token: letter.token(),
        password: NEW_PASSWORD.into(),
    };
    assert_eq!(app.ask(None, &ResetPassword {}, &Nothing, &new).await.status, 204);
    assert_eq!(sign_in(&app, "ada", NEW_PASSWORD, None).await.status, 200);
    until("the notice", async || server.mails().len() == 2).await;
    // Never: it is dead, and the host sees it.
    server.refuse(Some(550));
    forgot(&app).await;
    until(
        "dead",
        async || matches!(waiting(&app).await, Some((1, true, error)) if error.contains("550")),
    )
    .await;
    assert_eq!(server.mails().len(), 2);
    assert_eq!(server.refused(), 2);
}

fn through(server: &MailServer) -> Options {
    Options {
        smtp: Some(server.port()),
        ..Options::default()
    }
}

#[tokio::test]
async fn sqlite() {
    let server = MailServer::start();
    a_link_through_the_server(TestApp::sqlite_with(through(&server)).await, server).await;
}

#[tokio::test]
async fn postgres() {
    let server = MailServer::start();
    if let Some(app) = TestApp::postgres_with(through(&server)).await {
        a_link_through_the_server(app, server).await;
    }
}

#[tokio::test]
async fn cluster() {
    let server = MailServer::start();
    if let Some(app) = TestApp::cluster_with(through(&server)).await {
        a_link_through_the_server(app, server).await;
    }
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_host_reads_the_outbox() {
    use std::os::unix::fs::PermissionsExt;
    let app = TestApp::sqlite().await;
    app.person("ada").await;
    forgot(&app).await;
    super::mail(&app, RESET, 1).await;
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&app.outbox()), 0o700);
    for file in std::fs::read_dir(app.outbox()).unwrap() {
        assert_eq!(mode(&file.unwrap().path()), 0o600);
    }
}
