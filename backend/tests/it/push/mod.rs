//! Web push, with a push service on this computer that opens and checks what it gets.

mod browsers;
mod missed;
mod service;
mod telling;
mod trouble;

use std::time::{Duration, Instant};

use hearth::platform::db::Outcome;
use hearth::platform::push::Mode;
use hearth_shared::endpoint::Nothing;
use hearth_shared::notifications::preferences::{
    ChangeNotificationPreferences, Channel, NotificationPreferencesChange, SwitchChange, Topic,
};
use hearth_shared::push::{GetPush, SubscribePush};
use serde_json::Value;

use self::service::{Browser, PushService};
use crate::authorization::count;
use crate::support::{Options, Person, TestApp};

/// Push services may be on this computer.
const LOCAL: Options = Options {
    push: Some(Mode::Local),
    ..Options::PLAIN
};

/// Jobs that are to be done now, or are being done.
const AT_WORK: &str =
    "SELECT COUNT(*) AS number FROM jobs WHERE kind LIKE 'push%' AND every_ms IS NULL AND dead_at IS NULL
    AND (due_at = 0 OR leased_by IS NOT NULL)";
/// Those that wait for a moment.
const WAITING: &str =
    "SELECT COUNT(*) AS number FROM jobs WHERE kind = 'push' AND due_at > 0 AND leased_by IS NULL";

async fn sql(app: &TestApp, sql: impl Into<String>) {
    let sql = sql.into();
    let run = app.db().write(move |tx| {
        hearth::platform::db::dialect::execute(tx.conn(), &sql)?;
        Ok(Outcome::Commit(()))
    });
    run.await.unwrap();
}

/// Somebody's browser is told from now on.
async fn told(app: &TestApp, service: &PushService, person: &Person, previews: bool) -> Browser {
    let browser = Browser::new(service);
    person
        .call(app, &SubscribePush {}, &browser.subscription(previews))
        .await
        .unwrap();
    browser
}

/// The server's public key.
async fn key(app: &TestApp, person: &Person) -> String {
    let push = person.call(app, &GetPush {}, &Nothing).await.unwrap();
    push.public_key.unwrap()
}

/// Everything that was to be told now has been.
async fn all_told(app: &TestApp) {
    let until = Instant::now() + Duration::from_secs(20);
    while count(app, AT_WORK.to_owned()).await > 0 {
        assert!(Instant::now() < until, "never told");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// What waits for a moment is done now.
async fn its_time_has_come(app: &TestApp) {
    sql(app, "UPDATE push_subscriptions SET paused_until = 0").await;
    sql(
        app,
        "UPDATE jobs SET due_at = 0 WHERE kind = 'push' AND leased_by IS NULL",
    )
    .await;
}

/// Nothing is sent for now, so that something can happen before it is.
async fn hold(app: &TestApp) {
    sql(app, "UPDATE push_subscriptions SET paused_until = 4102444800000").await;
}

/// What was held is sent, if it still is to be.
async fn release(app: &TestApp) {
    all_told(app).await;
    its_time_has_come(app).await;
    all_told(app).await;
}

async fn choose(app: &TestApp, person: &Person, topic: Topic, wanted: bool) {
    let change = NotificationPreferencesChange {
        switches: vec![SwitchChange {
            topic,
            channel: Channel::Push,
            wanted,
        }],
        ..NotificationPreferencesChange::default()
    };
    let changed = person.call(app, &ChangeNotificationPreferences {}, &change).await;
    changed.map(drop).unwrap();
}

/// What has come to a browser, opened.
async fn opened(app: &TestApp, service: &PushService, person: &Person, browser: &Browser) -> Vec<Value> {
    let server = key(app, person).await;
    let got = service.got(browser);
    got.iter().map(|got| browser.open(got, &server)).collect()
}

/// The sentences of that.
fn titles(opened: &[Value]) -> Vec<&str> {
    opened
        .iter()
        .map(|told| told["title"].as_str().unwrap())
        .collect()
}
