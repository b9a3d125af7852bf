//! The program as its host meets it: starts that cannot succeed say why, a stop is clean, a kill loses nothing
//! that was answered.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use diesel::{Connection, PgConnection, RunQueryDsl};
use hearth_shared::endpoint::API_BASE;
use serde_json::{Value, json};

use crate::support::program::{PROGRAM, Running, program};
use crate::support::{client_id, postgres::TestDatabase};

/// Runs a start that must fail, and gives its log.
fn refused(mut command: Command) -> String {
    let mut child = command.spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(20);
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if Instant::now() > until {
            child.kill().unwrap();
            panic!("it started all the same");
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(!status.success());
    let mut log = String::new();
    child.stderr.unwrap().read_to_string(&mut log).unwrap();
    assert!(!log.contains("panicked"), "{log}");
    log
}

async fn post(http: &reqwest::Client, url: String, token: Option<&str>, body: Value) -> Option<(u16, Value)> {
    let mut request = http.post(url).json(&body);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let answer = request.send().await.ok()?;
    let status = answer.status().as_u16();
    Some((status, answer.json().await.ok()?))
}

async fn register(http: &reqwest::Client, base: &str) -> String {
    let account = json!(crate::support::Person::account("ada"));
    let (status, session) = post(http, format!("{base}{API_BASE}/auth/register"), None, account)
        .await
        .unwrap();
    assert_eq!(status, 201, "{session}");
    session["access_token"].as_str().unwrap().to_owned()
}

fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

#[test]
fn starts_that_cannot_succeed_name_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let with = |name: &str, value: &str| {
        let mut command = program(folder.path());
        command.env(name, value);
        refused(command)
    };
    for url in ["mysql://root@localhost/x", "hearth.db", "sqlite://", "://"] {
        assert!(with("DATABASE_URL", url).contains("DATABASE_URL"), "{url}");
    }
    let log = with("DATABASE_URL", "postgres://nobody:hunter2@127.0.0.1:1/none");
    assert!(log.contains("PostgreSQL") && !log.contains("hunter2"), "{log}");
    assert!(with("HEARTH_BIND", "nowhere").contains("HEARTH_BIND"));
    assert!(with("HEARTH_REGISTRATION", "perhaps").contains("HEARTH_REGISTRATION"));

    // A file where the folder should be: nobody can write into it, not even root.
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    assert!(refused(program(&file.join("data"))).contains("HEARTH_DATA_DIR"));

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let log = with("HEARTH_BIND", &address);
    assert!(log.contains("HEARTH_BIND") && log.contains(&address), "{log}");

    std::fs::write(folder.path().join("hearth.toml"), "HEARTH_BYND = 1").unwrap();
    let mut command = program(folder.path());
    command.arg("--config").arg(folder.path().join("hearth.toml"));
    assert!(refused(command).contains("HEARTH_BYND"));
}

#[test]
fn everything_that_can_be_set_is_in_the_readme() {
    let help = Command::new(PROGRAM).args(["serve", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let names: Vec<&str> = help
        .split("[env: ")
        .skip(1)
        .map(|rest| rest.split(['=', ']']).next().unwrap())
        .collect();
    assert!(names.len() >= 12, "{names:?}");
    for name in names {
        assert!(
            include_str!("../../../README.md").contains(&format!("| `{name}` |")),
            "{name}"
        );
    }
}

#[test]
fn one_program_for_one_folder_and_one_secret_for_one_database() {
    let folder = tempfile::tempdir().unwrap();
    let first = Running::start(program(folder.path()));
    assert!(refused(program(folder.path())).contains("another Hearth"));
    // Nor from another folder, nor to change the tables.
    let elsewhere = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("hearth.db").display());
    let mut command = program(elsewhere.path());
    command
        .env("DATABASE_URL", &url)
        .env("HEARTH_SECRET_FILE", folder.path().join("secret.key"));
    assert!(refused(command).contains("another Hearth"));
    let mut migrate = Command::new(PROGRAM);
    migrate
        .arg("migrate")
        .env("HEARTH_DATA_DIR", folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    assert!(refused(migrate).contains("another Hearth"));
    first.kill();
    std::fs::remove_file(folder.path().join("secret.key")).unwrap();
    assert!(refused(program(folder.path())).contains("HEARTH_SECRET_FILE"));
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_the_data() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let running = Running::start(program(&data));
    assert_eq!(
        std::fs::metadata(&data).unwrap().permissions().mode() & 0o777,
        0o700
    );
    running.kill();
}

#[test]
fn several_programs_begin_together_on_one_postgres() {
    let Some(database) = TestDatabase::create_empty() else {
        return;
    };
    let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    let secret = folders[0].path().join("secret.key");
    hearth::platform::secrets::Secrets::load_or_create(&secret).unwrap();
    let start = |folder: &Path| {
        let mut command = program(folder);
        command
            .env("DATABASE_URL", &database.url)
            .env("HEARTH_SECRET_FILE", &secret);
        command
    };
    // The database is new: each would make its tables, and note its secret.
    let running: [Running; 3] = std::thread::scope(|scope| {
        let together = [0, 1, 2].map(|n: usize| {
            let command = start(folders[n].path());
            scope.spawn(move || Running::start(command))
        });
        together.map(|start| start.join().unwrap())
    });
    let numbers = Numbers::of(&database);
    assert_eq!(
        numbers.0.iter().map(|row| row.number).collect::<Vec<_>>(),
        [0, 1, 2]
    );
    // One that stops gives its number back; one that is killed cannot.
    let [mut first, second, third] = running;
    first.signal("TERM");
    assert!(first.wait(Duration::from_secs(15)).success());
    second.kill();
    let now = Numbers::of(&database);
    let ended = now.0.iter().filter(|row| row.ended).count();
    assert_eq!(ended, 1, "{now:?}");
    third.kill();
    std::fs::remove_file(&secret).unwrap();
    assert!(refused(start(folders[0].path())).contains("HEARTH_SECRET_FILE"));
}

/// The numbers that programs have or had.
#[derive(Debug)]
struct Numbers(Vec<NumberRow>);

#[derive(Debug, diesel::QueryableByName)]
struct NumberRow {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    number: i64,
    #[diesel(sql_type = diesel::sql_types::Bool)]
    ended: bool,
}

impl Numbers {
    fn of(database: &TestDatabase) -> Self {
        let query = "SELECT number, leased_until < EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS ended \
                     FROM nodes ORDER BY number";
        let mut conn = PgConnection::establish(&database.url).unwrap();
        Self(diesel::sql_query(query).load(&mut conn).unwrap())
    }
}

#[test]
fn a_file_can_hold_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hearth.toml");
    std::fs::write(
        &file,
        "HEARTH_REGISTRATION = \"closed\"\nHEARTH_PUBLIC_POSTS = true\n",
    )
    .unwrap();
    let mut command = program(folder.path());
    command.arg("--config").arg(&file);
    let running = Running::start(command);
    let body = tokio::runtime::Runtime::new().unwrap().block_on(async {
        http()
            .get(format!("{}{API_BASE}/instance", running.base))
            .send()
            .await
            .unwrap()
            .json::<Value>()
            .await
            .unwrap()
    });
    assert_eq!(
        (&body["registration_open"], &body["public_posts"]),
        (&json!(false), &json!(true))
    );
}

#[tokio::test]
async fn the_demo_fills_an_empty_house_once() {
    let folder = tempfile::tempdir().unwrap();
    let start = || {
        let mut command = program(folder.path());
        command.arg("--demo");
        Running::start(command)
    };
    let http = http();
    let feed = async |base: &str| {
        let login = json!({"login": "ada", "password": hearth::demo::PASSWORD});
        let (status, session) = post(&http, format!("{base}{API_BASE}/auth/login"), None, login)
            .await
            .unwrap();
        assert_eq!(status, 200);
        let token = session["access_token"].as_str().unwrap();
        let url = format!("{base}{API_BASE}/feed?limit=100");
        http.get(url)
            .bearer_auth(token)
            .send()
            .await
            .unwrap()
            .json::<Value>()
            .await
            .unwrap()
    };
    let first = start();
    let posts = feed(&first.base).await["items"].as_array().unwrap().len();
    assert!(posts >= 8, "{posts}");
    first.kill();
    let second = start();
    assert_eq!(
        feed(&second.base).await["items"].as_array().unwrap().len(),
        posts,
        "nothing was added again"
    );
}

#[tokio::test]
async fn a_stop_lets_requests_finish_and_takes_less_than_ten_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = Running::start(program(folder.path()));
    let http = http();
    let token = register(&http, &running.base).await;
    let url = format!("{}{API_BASE}/posts", running.base);
    // Once the first is answered, others are on their way.
    let first = Arc::new(tokio::sync::Notify::new());
    let requests: Vec<_> = (0..50)
        .map(|_| {
            let (http, url, token, first) = (http.clone(), url.clone(), token.clone(), Arc::clone(&first));
            tokio::spawn(async move {
                let body = json!({"client_id": client_id(), "body": "x"});
                let answer = post(&http, url, Some(&token), body).await;
                first.notify_one();
                answer
            })
        })
        .collect();
    first.notified().await;
    running.signal("TERM");
    let status = running.wait(Duration::from_secs(10));
    assert!(status.success(), "{status}");
    let mut answered = 0;
    for request in requests {
        // Either it was not accepted any more, or it was answered in full.
        if let Some((status, _)) = request.await.unwrap() {
            assert_eq!(status, 201);
            answered += 1;
        }
    }
    // What was written was answered: no request was cut between the two.
    let again = Running::start(program(folder.path()));
    let url = format!("{}{API_BASE}/feed?limit=100", again.base);
    let page: Value = http
        .get(url)
        .bearer_auth(&token)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(page["items"].as_array().unwrap().len(), answered);
    assert!(answered > 0);
}

/// Writes until the program is killed; what was answered must be there after a new start, and only once.
async fn kill_and_restart(database: Option<String>) {
    let folder = tempfile::tempdir().unwrap();
    let command = || {
        let mut command = program(folder.path());
        if let Some(url) = &database {
            command.env("DATABASE_URL", url);
        }
        command
    };
    let running = Running::start(command());
    let http = http();
    let token = register(&http, &running.base).await;
    let mut answered: Vec<String> = Vec::new();
    let mut current = running;
    for round in 0..5_u64 {
        let count = Arc::new(AtomicUsize::new(0));
        let writers: Vec<_> = (0..16)
            .map(|_| {
                let (http, url, token) = (
                    http.clone(),
                    format!("{}{API_BASE}/posts", current.base),
                    token.clone(),
                );
                let count = Arc::clone(&count);
                tokio::spawn(async move {
                    let mut written = Vec::new();
                    loop {
                        let body = json!({"client_id": client_id(), "body": "x"});
                        match post(&http, url.clone(), Some(&token), body).await {
                            Some((201, post)) => {
                                written.push(post["id"].as_str().unwrap().to_owned());
                                count.fetch_add(1, Ordering::Relaxed);
                            }
                            _ => return written,
                        }
                    }
                })
            })
            .collect();
        // In the middle of work, on a slow machine too.
        while count.load(Ordering::Relaxed) < 12 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(round * 60)).await;
        current.kill();
        for writer in writers {
            answered.extend(writer.await.unwrap());
        }
        current = Running::start(command());
    }
    assert!(answered.len() > 50, "only {} posts were answered", answered.len());
    let mut kept = std::collections::HashSet::new();
    let mut cursor = String::new();
    loop {
        let url = format!("{}{API_BASE}/feed?limit=100{cursor}", current.base);
        let page: Value = http
            .get(url)
            .bearer_auth(&token)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        for post in page["items"].as_array().unwrap() {
            assert!(kept.insert(post["id"].as_str().unwrap().to_owned()), "twice");
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let lost: Vec<_> = answered.iter().filter(|id| !kept.contains(*id)).collect();
    assert!(
        lost.is_empty(),
        "{} of {} answered posts are lost",
        lost.len(),
        answered.len()
    );
}

#[tokio::test]
async fn a_kill_loses_nothing_that_was_answered_on_sqlite() {
    kill_and_restart(None).await;
}

#[tokio::test]
async fn a_kill_loses_nothing_that_was_answered_on_postgres() {
    if let Some(database) = TestDatabase::create_empty() {
        kill_and_restart(Some(database.url.clone())).await;
    }
}
