//! The mail that tells people once a day what they have not seen.
//!
//! Owns the table `digests`. What must hold: it goes to addresses that were shown to be the person's own, in their
//! morning, once in twenty hours at most, and only while there is something that they have neither seen nor been told of
//! by an earlier one; it tells what they may see when it is written, and no words of what was written unless they have
//! asked for that; whoever has the token of any of these mails can end them, and nothing else.
//!
//! [`finding`] looks for those who are due and leaves a job for each; [`jobs`] does it. What becomes of a mail when a
//! program dies is told in [`service`].

pub mod finding;
pub mod http;
pub mod jobs;
mod mails;
mod morning;
pub mod service;
pub mod store;
pub mod tokens;
