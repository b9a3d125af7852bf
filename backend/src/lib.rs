//! The Hearth server.
//!
//! A request travels `platform::web` (id, headers, one shape of error) → `platform::routes` (caller, limit) →
//! `features/<name>/http.rs` (extract, call, reply) → `service.rs` (rules) → `store.rs` (SQL). `app.rs` wires
//! the parts together and is the only place that knows them all.

// The tables are generated; their documentation stands in the migrations.
#[expect(missing_docs, reason = "generated")]
pub mod schema;

pub mod app;
pub mod demo;
pub mod features;
pub mod platform;
