//! What the stories stand on: a running Hearth on a fresh database. Who uses it comes from `hearth_testkit`.

mod app;
pub(crate) mod films;
pub(crate) mod pictures;
pub(crate) mod postgres;
pub(crate) mod program;
pub(crate) mod redis;

pub(crate) use app::{Options, PUBLIC_URL, TestApp};
pub(crate) use hearth_testkit::fetch::fetch;
pub(crate) use hearth_testkit::{
    Answer, Client, Device, MailServer, Person, Received, Socket, client_id, read,
};
pub(crate) use postgres::own_postgres;

/// Runs each story on SQLite, and on PostgreSQL and Redis with two nodes that take turns: they do all that one does on
/// PostgreSQL, which is what is taken without Redis. Begins with `with Options { … };` when a story needs other settings.
#[macro_export]
macro_rules! everywhere {
    (
        with $options:expr;
        $($(#[doc = $doc:literal])* async fn $name:ident($app:ident: TestApp) $body:block)+
    ) => {$(
        mod $name {
            use super::*;

            async fn story($app: TestApp) $body

            #[tokio::test]
            async fn sqlite() {
                story(TestApp::sqlite_with($options).await).await;
            }

            #[tokio::test]
            async fn cluster() {
                if let Some(app) = TestApp::cluster_or_postgres_with($options).await {
                    story(app).await;
                }
            }
        }
    )+};
    ($($stories:tt)+) => {
        $crate::everywhere! { with $crate::support::Options::default(); $($stories)+ }
    };
}

/// The same without SQLite, for what only a PostgreSQL does.
#[macro_export]
macro_rules! on_postgres {
    ($($(#[doc = $doc:literal])* async fn $name:ident($app:ident: TestApp) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn story($app: TestApp) $body

            #[tokio::test]
            async fn postgres() {
                if let Some(app) = TestApp::postgres().await {
                    story(app).await;
                }
            }

            #[tokio::test]
            async fn cluster() {
                if let Some(app) = TestApp::cluster_with($crate::support::Options::default()).await {
                    story(app).await;
                }
            }
        }
    )+};
}
