//! The example of `docs/realtime.md` does what the document says.

#[path = "../../examples/listen.rs"]
#[expect(dead_code, reason = "it has a main of its own")]
mod listen;

use std::time::Duration;

use hearth_testkit::person::PASSWORD;
use tokio::sync::mpsc;

use crate::everywhere;
use crate::support::TestApp;

everywhere! {
    async fn it_prints_what_is_said_and_only_that(app: TestApp) {
        let (ada, ben, cleo) = (
            app.person("ada").await,
            app.person("ben").await,
            app.person("cleo").await,
        );
        app.befriend(&ada, &ben).await;
        app.befriend(&ada, &cleo).await;
        app.befriend(&ben, &cleo).await;
        let talk = ben.open(&app, &ada).await;
        ben.say(&app, talk.id, "before").await.unwrap();
        let (printed, mut lines) = mpsc::unbounded_channel();
        let base = app.base().to_owned();
        let listening = tokio::spawn(async move {
            let print = |line| drop(printed.send(line));
            drop(listen::listen(&base, "ada".to_owned(), PASSWORD.to_owned(), print).await);
        });
        // Heard as soon as it listens: said again and again until then.
        let mut tries = 0;
        let heard = loop {
            ben.say(&app, talk.id, "are you there?").await.unwrap();
            match tokio::time::timeout(Duration::from_millis(500), lines.recv()).await {
                Ok(line) => break line.unwrap(),
                Err(_late) => tries += 1,
            }
            assert!(tries < 40, "nothing was heard");
        };
        assert_eq!(heard, "BEN Test: are you there?");
        let (other, new) = (ben.open(&app, &cleo).await, cleo.open(&app, &ada).await);
        cleo.say(&app, other.id, "between us").await.unwrap();
        cleo.say(&app, new.id, "hello").await.unwrap();
        loop {
            let line = tokio::time::timeout(Duration::from_secs(10), lines.recv()).await;
            let line = line.unwrap().unwrap();
            assert!(!line.contains("between us") && !line.contains("before"), "{line}");
            if line == "CLEO Test: hello" {
                break;
            }
        }
        listening.abort();
    }
}
