//! What the door decides, without a clock, randomness or I/O: instants are handed in, as times since the door was
//! built where only their distance matters.

pub(crate) mod adaptive;
pub(crate) mod buckets;
pub(crate) mod classes;
pub(crate) mod maintenance;
