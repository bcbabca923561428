//! The bank: which services it is made of, how it is configured, started and spoken to on the command line.
//!
//! This is the only crate that knows every domain: [`composition`] holds the one list of services. [`books`] reaches
//! them through contracts alone, for [`import`] (taking over another bank's books) and [`generate`] (an openly
//! synthetic bank). [`serve`] listens. Loose error types live here and nowhere below.

#![expect(clippy::print_stdout, reason = "a command line talks on standard output")]

mod bench;
pub mod books;
pub mod cli;
pub mod composition;
pub mod configuration;
mod drill;
pub mod generate;
pub mod import;
pub mod invented;
pub mod key_room;
mod marks;
mod pages;
mod policy_room;
pub mod serve;
pub mod targets;
mod waf;
