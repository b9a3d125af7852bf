//! What carries live updates, whatever they are about: [`bus`] from the transactions that committed to those
//! who deliver, on this node and the others, [`lanes`] what waits to be delivered here, [`hub`] the sockets of
//! this program, [`presence`] who has one elsewhere, [`queue`] what waits for one of them, [`gauge`] what comes
//! from one. What is told to whom is decided in `features::realtime`.

pub mod bus;
pub mod gauge;
pub mod hub;
pub mod lanes;
pub mod presence;
pub mod queue;
