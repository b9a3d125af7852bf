//! Faults under load. Real nodes on a real PostgreSQL and Redis are killed, frozen and stopped while people write
//! to each other; what was said, answered and shown is written down, and a checker that knows nothing of the
//! faults reads it. `docs/reliability.md` has the promises and the figures.
//!
//! In reading order: [`cluster`] is what is hurt, [`world`] who lives in it, [`sender`] and [`receiver`] what
//! they do, [`history`] what is written down, [`checker`] what must be true of it, [`figures`] how long things
//! took, [`run`] all of it together.

pub mod checker;
pub mod cluster;
pub mod figures;
pub mod history;
pub mod receiver;
pub mod run;
pub mod sender;
pub mod watch;
pub mod world;
