//! What carries live updates, whatever they are about: [`bus`] from the transactions that committed to those
//! who deliver, [`hub`] the sockets of this program, [`queue`] what waits for one of them, [`gauge`] what comes
//! from one. What is told to whom is decided in `features::realtime`.

pub mod bus;
pub mod gauge;
pub mod hub;
pub mod queue;
