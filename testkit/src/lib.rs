//! What tests of a running Hearth stand on, wherever it runs: in the test's own process, as a program of its own,
//! as several nodes. Knows only the public API.
//!
//! Nothing here returns errors where a test could not go on: it panics, and the test has failed.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

pub mod client;
pub mod device;
pub mod fetch;
pub mod mail;
pub mod person;
pub mod program;
pub mod proxy;
pub mod socket;

pub use client::{Answer, Client, read};
pub use device::Device;
pub use mail::{MailServer, Received};
pub use person::Person;
pub use socket::Socket;

use hearth_shared::ids::ClientId;

/// A new `client_id`.
pub fn client_id() -> ClientId {
    ClientId::from_random_bytes(rand::random())
}
