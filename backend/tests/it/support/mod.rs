//! What the stories stand on: a running server on a fresh database, and people who use it.

mod app;
pub(crate) mod cluster;
pub(crate) mod device;
pub(crate) mod person;
pub(crate) mod postgres;
pub(crate) mod program;
pub(crate) mod proxy;

pub(crate) use app::{Answer, Client, Options, TestApp, read};
pub(crate) use cluster::Cluster;
pub(crate) use device::Device;
pub(crate) use person::Person;

use hearth_shared::ids::ClientId;

/// A new `client_id`.
pub(crate) fn client_id() -> ClientId {
    ClientId::from_random_bytes(rand::random())
}

/// Runs each story on both databases.
#[macro_export]
macro_rules! on_both {
    ($($(#[doc = $doc:literal])* async fn $name:ident($app:ident: TestApp) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn story($app: TestApp) $body

            #[tokio::test]
            async fn sqlite() {
                story(TestApp::sqlite().await).await;
            }

            #[tokio::test]
            async fn postgres() {
                if let Some(app) = TestApp::postgres().await {
                    story(app).await;
                }
            }
        }
    )+};
}
