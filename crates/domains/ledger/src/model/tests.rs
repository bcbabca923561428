//! The state machine: tables of outcomes, and a million random operations beside a naive model.

mod random;
mod table;
mod tables;
