//! What an account is, apart from any store: numbers, classes, states, rights, movements in words.

pub(crate) mod class;
pub(crate) mod movement;
pub(crate) mod number;
pub(crate) mod state;
