//! Who may do what, by policies in files: deny by default, least privilege, and a reason for each decision.
//!
//! Policies are written in [Cedar](https://www.cedarpolicy.com); an action is the operation id of a route. The words
//! they may use are the schema, `config/policies/bank.cedarschema`, which belongs to the product; the policies beside
//! it are the ones a bank begins with, and a folder of its own replaces them ([`Settings::folder`]). They are checked
//! strictly against the schema, and against the cases beside them, before they come into force; files with a fault
//! never do, and the ones before stay ([`InForce`]).
//!
//! Cost: a decision evaluates only the policies whose scopes match who asks what of which service, a few microseconds
//! for each dozen. This crate reads its folder and knows no domain, no store and no socket.

mod ask;
mod cases;
mod compare;
mod config;
mod console;
mod fault;
mod files;
mod in_force;
mod matrix;
mod policy_set;
mod schema;
mod slices;

pub use compare::{Change, changes};
pub use config::Settings;
pub use console::routes;
pub use fault::{Fault, Faults};
pub use files::{File, Files};
pub use in_force::{InForce, Standing};
pub use matrix::{Kind, May, Who, whos};
pub use policy_set::{Effect, Policy, PolicySet};
pub use schema::{Group, Schema};

#[cfg(test)]
mod tests;
