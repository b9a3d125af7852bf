//! Pictures and films: what is kept of them, what is refused, who gets them, and how they go.

mod bombs;
pub(crate) mod cells;
mod films;
mod killed;
mod life;
mod metadata;
pub(crate) mod posts;
mod serving;
mod uploads;
mod voice;
