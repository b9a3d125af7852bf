//! The load generator: clients that cost as little as they can, because they share the machine with what they
//! measure.

pub(crate) mod crowd;
pub(crate) mod http;
pub(crate) mod load;
pub(crate) mod people;
pub(crate) mod socket;
