//! Accounts and sessions: register, sign in, refresh, sign out; passwords, addresses, the second factor, invitations.
//!
//! Owns the tables `sessions`, `credentials`, `recovery_codes`, `account_tokens` and `invitations`. What must hold: a
//! session lives while its row says so, and every request asks (remembered for two seconds at most); refresh tokens
//! are kept as hashes and good for one refresh; one that comes back after its successor was used ends the session,
//! because somebody else has it. A token of a mail is good once, and stands in no table. Whoever changes what one
//! signs in with shows the password, or reads the account's mail; the account's mail says so.

pub mod http;
mod http_identity;
mod http_invitations;
mod http_passwords;
mod http_sessions;
mod http_two_factor;
pub mod identity;
pub mod invitations;
pub mod jobs;
pub mod links;
pub mod mails;
pub mod passwords;
pub mod reauth;
pub mod service;
pub mod sessions;
pub mod store;
pub mod store_credentials;
pub mod store_invitations;
pub mod two_factor;
