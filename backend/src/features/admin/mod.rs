//! What the host does and what the law asks for: the audit, the end of accounts, the export of one's data, what people
//! report, the commands of `hearth admin`.
//!
//! Owns the tables `audit_events` and `reports`. Roles and suspension stand on people's rows (`users::standing`).

pub mod audit;
pub mod deletions;
pub mod export;
pub mod http;
pub mod purge;
pub mod reports;
pub mod store;
