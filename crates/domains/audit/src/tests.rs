//! The record on both databases: appended once, searched, proved, and every alteration of it found.

mod altered;
mod kit;
mod proofs;
mod record;
mod routes;
mod unmask;
