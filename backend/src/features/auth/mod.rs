//! Accounts and sessions: register, sign in, refresh, sign out.
//!
//! Owns the table `sessions`. What must hold: a session lives while its row says so, and every request asks
//! (remembered for two seconds at most); refresh tokens are kept as hashes and good for one refresh; one that
//! comes back after its successor was used ends the session, because somebody else has it.

pub mod http;
pub mod service;
pub mod sessions;
pub mod store;
pub mod store_forget;
