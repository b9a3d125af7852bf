//! Web push: people are told of what happens while their browsers show no page of ours.
//!
//! Owns the table `push_subscriptions`. What must hold: a browser is told while the session in which it asked for that
//! lives, and not a moment longer; nothing is sent about what is not there any more, was read elsewhere, or may not be seen
//! by whoever would be told; what was written is sent only where that was asked for.
//!
//! What happens leaves one job in its transaction, however many are to be told ([`service`]). It says only where to look.
//! Who is told what is asked when the job runs ([`news`]), of the database as it is then, and sent by [`jobs`]. A job may
//! run twice; every message says of which subject it is and of which version of it, so that a browser shows each once.

pub mod http;
pub mod jobs;
mod news;
pub mod service;
mod slow;
pub mod store;
mod words;
