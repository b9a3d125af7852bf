//! What people are told: each kind by itself ([`kinds`]), that nothing of it ever drifts ([`walk`]), and what they want to
//! hear of ([`preferences`]).

mod kinds;
mod preferences;
mod walk;
