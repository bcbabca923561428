//! What is recorded, and how it is written: no clock, no I/O.

pub(crate) mod checkpoint;
pub(crate) mod head;
pub(crate) mod record;
