//! A web application firewall: rules in the language of ModSecurity, such as the OWASP Core Rule Set, applied to requests.
//!
//! The boundary: bytes of a request in, what was found out. It opens no socket, reads rules once, keeps nothing between
//! requests, knows no bank; it looks at requests, not at answers. Rules of phases 3 to 5 are passed over.
//!
//! Cost: each text of a request is transformed once in each way that rules ask for, and looked through once for the texts
//! that any of the rules' expressions requires; only expressions that can match are tried, by automata of linear time.
//! Some tens of microseconds for a kilobyte (`yuanhang bench gateway`).

mod evaluate;
mod findings;
mod injections;
mod literals;
mod macros;
mod operator;
mod pattern;
mod policy;
mod request;
mod rules;
mod seclang;
mod texts;
mod transform;
mod variables;

pub use findings::{Findings, Found};
pub use policy::{Exclusion, Misunderstood, Mode, Policy};
pub use request::Request;
pub use rules::{Inert, LoadFailed, Rules, Severity, Sources};
pub use seclang::Place;

#[cfg(test)]
mod tests;
