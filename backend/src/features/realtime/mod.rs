//! What happens reaches everybody it is for: streams, the socket, catching up.
//!
//! Owns the tables `user_streams` and `user_events`. What must hold: a position is taken under the lock of its
//! stream's row, in the transaction that writes what it is about, so that in every snapshot the positions that
//! can be seen are exactly 1 … n; event rows hold references, and [`events`] reads the objects as they are now;
//! who is told what is decided in [`dispatch`], after COMMIT, by asking the database.
//!
//! [`service`] is what other features call inside their transactions. [`dispatch`] takes what they published
//! and sends it to the sockets; [`socket`] is one of them. [`here`] counts, for those who have a group open, how many of
//! it are here.

pub mod admission;
pub mod client_frames;
pub mod dispatch;
pub mod events;
pub mod here;
pub mod http;
pub mod live;
pub mod service;
pub mod socket;
pub mod store;
pub mod sweep;
