//! The state machine: tables of outcomes, and a million random operations beside a naive model.

mod naive;
mod random;
mod table;
mod tables;
