//! Pictures: what is kept of them, what is refused, who gets them, and how they go.

mod bombs;
mod life;
mod metadata;
mod serving;
