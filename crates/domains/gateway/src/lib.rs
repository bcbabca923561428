//! The door: every request of every channel enters here and every answer leaves here.
//!
//! From the outside in: a trace and a line of metrics, a bound on what is in progress, protection of the browser
//! (headers, cross-site requests), sizes and time, attacks in what is said, with which device's key (RFC 9449), who asks (a session of `identity`), then the route's own access
//! check, which travels with the route. From the inside out: refusals in the caller's language, and never more than a
//! code about what failed inside.
//!
//! The gateway knows no domain but `identity`, and no route by name: it is handed the merged list and the pages.
//! Cost: no I/O but the session's look-up in memory.

mod config;
mod door;
mod firewall;
mod pages;
mod service;

pub use config::{FirewallMode, FirewallSettings, Settings};
pub use door::{Ailing, Operations};
pub use firewall::{Event, Firewall, Inspector, Part, Recent, Unusable};
pub use pages::{Page, Pages};
pub use service::{Gateway, service};

#[cfg(test)]
mod tests;
