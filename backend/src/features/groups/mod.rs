//! Groups: conversations into which people come and out of which they go. What is said in them, and who is in them, are
//! rows of [`conversations`](super::conversations).
//!
//! Owns the tables `groups`, `group_requests`, `group_words` and `group_invitations`. What must hold: nobody comes into a group without
//! asking or accepting; a group has one owner as long as it has members, and without members it ends; who is not in a
//! private group and not invited does not know that it exists, nor see its picture; everything that happens to a group
//! happens under the lock of its conversation, so that whoever has gone is told nothing that came later.

pub mod ended;
pub mod finding;
pub mod http;
pub mod http_members;
pub mod http_pictures;
pub mod service;
pub mod store;
