//! The door: every request of every channel enters here and every answer leaves here.
//!
//! From the outside in: a trace and a line of metrics, headers that protect the browser, how much somebody asks, what is
//! closed and whether there is a place, time, requests that could be read in two ways, sizes, attacks in what is said,
//! requests of other sites, with which device's key (RFC 9449), who asks (a session of `identity`) and how much, then the
//! route's own checks, which travel with the route: access, and whether the request is what the description says. From the
//! inside out: refusals in the caller's language, and never more than a code about what failed inside.
//!
//! The gateway knows no domain but `identity`, and no route by name: it is handed the merged list and the pages.
//! Cost: no I/O but the session's look-up in memory.

mod config;
mod door;
mod firewall;
mod model;
mod pages;
mod service;

pub use config::{
    Class, Cost, Costs, FirewallMode, FirewallSettings, Limits, Network, NetworkRefused, Rate, Settings,
    Shedding, Timeouts,
};
pub use door::{Ailing, Operations};
pub use firewall::{Event, Firewall, Inspector, Part, Recent, Unusable};
pub use pages::{Page, Pages};
pub use service::{Gateway, service};

#[cfg(test)]
mod tests;
