//! What people are told of.
//!
//! Owns the tables `notifications`, `notification_actors`, `notification_marks`, `notification_preferences` and
//! `notification_quiet_hours`. What must hold: a
//! notification is written, changed and removed in the transaction of what it tells of; there is one for each
//! recipient, kind and subject, and its actors are those whose act still stands; its place in the list is the
//! position of the recipient's stream at which it last had news, so that "seen" and "read" are positions too and
//! the counts are derived; nobody is told of what they did themselves; what is about a post is shown to those who may
//! see that post, now, and what is about a group to those who are asked into it, or may see what was said in it; of what
//! somebody has turned off nothing is written from then on, and what was stays.

pub mod http;
pub mod preferences;
pub mod quiet;
pub mod service;
pub mod service_forget;
pub mod service_groups;
pub mod service_talk;
pub mod store;
pub mod store_forget;
