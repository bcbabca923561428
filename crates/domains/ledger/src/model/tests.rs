//! The state machine: a million random operations beside a naive model. Tables of outcomes stand in `tests/outcomes`.

mod random;
