//! `hearth admin`, the program, beside a server that runs and under load.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hearth_shared::auth::{NewPassword, ResetPassword};
use hearth_shared::endpoint::Nothing;
use hearth_shared::users::{GetMe, Role};

use super::{PASSWORD, sign_in};
use crate::support::postgres::TestDatabase;
use crate::support::program::{PROGRAM, Running, program};
use crate::support::{Client, Person};

/// A Hearth on one database, and the command line beside it.
struct House {
    folder: tempfile::TempDir,
    database: Option<TestDatabase>,
    running: Option<Running>,
}

impl House {
    fn new(database: Option<TestDatabase>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = program(folder.path());
        if let Some(database) = &database {
            command.env("DATABASE_URL", &database.url);
        }
        let running = Some(Running::start(command));
        Self {
            folder,
            database,
            running,
        }
    }

    fn client(&self) -> Client {
        Client::new(&self.running.as_ref().unwrap().base)
    }

    /// Whether it succeeded, and what it said.
    fn admin(&self, arguments: &[&str]) -> (bool, String) {
        let url = self.database.as_ref().map(|database| database.url.as_str());
        admin(self.folder.path(), url, arguments)
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            running.kill();
        }
    }
}

fn admin(folder: &Path, url: Option<&str>, arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(PROGRAM);
    command
        .arg("admin")
        .args(arguments)
        .env("HEARTH_DATA_DIR", folder)
        .env_remove("DATABASE_URL")
        .env_remove("REDIS_URL");
    if let Some(url) = url {
        command.env("DATABASE_URL", url);
    }
    let output = command.output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

async fn soon<T: PartialEq + std::fmt::Debug>(mut now: impl AsyncFnMut() -> T, wanted: T) {
    let begun = Instant::now();
    loop {
        let is = now().await;
        if is == wanted {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(5), "{is:?}, not {wanted:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn story(house: House) {
    let client = house.client();
    let (ada, ben) = (client.person("ada").await, client.person("ben").await);
    let told = |(ok, text): (bool, String), wanted: bool, words: &str| {
        assert_eq!(ok, wanted, "{text}");
        assert!(text.contains(words), "{text}");
    };
    let status = async |person: &Person| {
        client
            .ask(person.token(), &GetMe {}, &Nothing, &Nothing)
            .await
            .status
    };
    // Roles.
    told(
        house.admin(&["role", "ada", "admin"]),
        true,
        "ada is an administrator now",
    );
    assert_eq!(
        ada.call(&client, &GetMe {}, &Nothing).await.unwrap().role,
        Role::Admin
    );
    told(house.admin(&["role", "ada", "admin"]), true, "already");
    told(
        house.admin(&["role", "ada", "member"]),
        false,
        "last administrator",
    );
    told(house.admin(&["suspend", "ada"]), false, "last administrator");
    told(house.admin(&["role", "BEN@example.org", "admin"]), true, "ben is");
    told(
        house.admin(&["role", "ada", "member"]),
        true,
        "ada is a member now",
    );
    told(house.admin(&["role", "nobody", "admin"]), false, "nobody here");
    told(house.admin(&["role", "ben", "king"]), false, "king");
    // Suspension.
    told(house.admin(&["suspend", "ada"]), true, "ada is suspended");
    soon(async || status(&ada).await, 403).await;
    told(
        house.admin(&["unsuspend", "ada@example.org"]),
        true,
        "not suspended any more",
    );
    soon(async || status(&ada).await, 200).await;
    // Sessions.
    told(
        house.admin(&["sessions", "ada"]),
        true,
        &ada.session.session_id.to_string(),
    );
    told(house.admin(&["sessions", "ada", "--end"]), true, "1 sessions");
    soon(async || status(&ada).await, 401).await;
    told(house.admin(&["sessions", "ada"]), true, "nowhere");
    assert_eq!(sign_in(&client, "ada", PASSWORD, None).await.status, 200);
    // Links.
    let (ok, link) = house.admin(&["reset-link", "ada"]);
    let token = link
        .trim()
        .split_once("/reset#")
        .unwrap_or_else(|| panic!("{ok} {link}"))
        .1
        .to_owned();
    let choose = NewPassword {
        token,
        password: "another kitchen table".into(),
    };
    assert_eq!(
        client
            .ask(None, &ResetPassword {}, &Nothing, &choose)
            .await
            .status,
        204
    );
    assert_eq!(sign_in(&client, "ada", PASSWORD, None).await.status, 401);
    assert_eq!(
        sign_in(&client, "ada", "another kitchen table", None)
            .await
            .status,
        200
    );
    told(house.admin(&["invite"]), true, "/register#");
    told(
        house.admin(&["invite", "--from", "ada", "--note", "for cyd"]),
        true,
        "/register#",
    );
    // Work.
    told(house.admin(&["jobs"]), true, "deletions");
    told(house.admin(&["jobs", "--dead"]), true, "there is none");
    told(house.admin(&["jobs", "retry", "77"]), false, "no job");
    // The audit.
    let (ok, text) = house.admin(&["audit", "ada"]);
    assert!(ok, "{text}");
    for action in [
        "role_changed",
        "suspended",
        "unsuspended",
        "sessions_ended",
        "signed_in",
        "reset_link_made",
        "password_changed",
    ] {
        assert!(text.contains(action), "{action}: {text}");
    }
    assert!(!house.admin(&["audit", "ben"]).1.contains("suspended"));
    assert_eq!(status(&ben).await, 200);
}

#[tokio::test]
async fn the_host_at_the_command_line_on_sqlite() {
    story(House::new(None)).await;
}

#[tokio::test]
async fn the_host_at_the_command_line_on_postgres() {
    if let Some(database) = TestDatabase::create_empty() {
        story(House::new(Some(database))).await;
    }
}

/// The server writes as fast as it can, and the command line gets in between; neither fails.
#[tokio::test]
async fn beside_a_server_under_load_on_sqlite() {
    let house = House::new(None);
    let client = house.client();
    let ada = client.person("ada").await;
    let ben = client.person("ben").await;
    let (stop, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let writers: Vec<_> = (0..8)
        .map(|_| {
            let (client, ada) = (client.clone(), ada.clone());
            let (stop, written) = (Arc::clone(&stop), Arc::clone(&written));
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    ada.post(&client, "x").await;
                    written.fetch_add(1, Ordering::Relaxed);
                    // SQLite hands its lock to nobody in particular: without a pause another program may wait for long.
                    tokio::time::sleep(Duration::from_millis(3)).await;
                }
            })
        })
        .collect();
    while written.load(Ordering::Relaxed) < 20 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let folder = house.folder.path().to_owned();
    let commands = tokio::task::spawn_blocking(move || {
        for round in 0..10 {
            for command in ["suspend", "unsuspend"] {
                let (ok, text) = admin(&folder, None, &[command, "ben"]);
                assert!(ok, "{round} {command}: {text}");
            }
        }
    });
    commands.await.unwrap();
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        // A post that was refused would have panicked there.
        writer.await.unwrap();
    }
    assert!(written.load(Ordering::Relaxed) > 50);
    soon(
        async || {
            client
                .ask(ben.token(), &GetMe {}, &Nothing, &Nothing)
                .await
                .status
        },
        200,
    )
    .await;
}

#[test]
fn what_cannot_be_done_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let (ok, text) = admin(folder.path(), None, &["suspend", "ada"]);
    assert!(!ok && text.contains("no database"), "{text}");
    assert!(!folder.path().join("hearth.db").exists(), "nothing is made");
    for command in [
        "role",
        "suspend",
        "unsuspend",
        "reset-link",
        "invite",
        "sessions",
        "jobs",
        "reports",
        "audit",
    ] {
        let (ok, text) = admin(folder.path(), None, &[command, "--help"]);
        assert!(ok && text.contains("Usage: hearth admin"), "{text}");
        let documented = format!("hearth admin {command}");
        assert!(
            include_str!("../../../../docs/administration.md").contains(&documented),
            "{command}"
        );
    }
}
