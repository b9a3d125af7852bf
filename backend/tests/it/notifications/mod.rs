//! What people are told: each kind by itself ([`kinds`]), and that nothing of it ever drifts ([`walk`]).

mod kinds;
mod walk;
