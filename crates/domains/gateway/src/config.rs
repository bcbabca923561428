//! Settings of the gateway.

mod firewall;
mod limits;
mod shedding;

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use firewall::{FirewallMode, FirewallSettings};
pub use limits::{Cost, Costs, Limits, Network, NetworkRefused, Rate};
pub use shedding::{Class, Shedding, Timeouts};

/// The door to every channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where the bank's pages are, for example `https://app.bank.example`: proofs that a request comes from the device
    /// of its session (RFC 9449) name the address that the browser asked. Empty: whatever host the request names.
    pub origins: Vec<String>,
    /// Largest request body, bytes. A larger one is refused with 413.
    #[schemars(range(min = 1024, max = 16_777_216))]
    pub body_max_bytes: usize,
    /// How long a request may take before it is answered with 503, milliseconds; see `shedding.timeouts_ms`.
    #[schemars(range(min = 100, max = 600_000))]
    pub timeout_ms: u64,
    /// How many requests may be in progress at once; one more is refused with 503 rather than queued.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub in_progress_max: usize,
    /// A file of what is closed for maintenance (decision 0042). It is looked at each second; changes come into
    /// force while the bank runs, faulty ones never. A file that is not there closes nothing.
    pub maintenance_file: Option<PathBuf>,
    /// How connections from outside are taken.
    pub connections: entrance::Settings,
    /// TLS toward clients.
    pub tls: entrance::Tls,
    /// Attacks in what requests say.
    pub firewall: FirewallSettings,
    /// How much one caller may ask.
    pub limits: Limits,
    /// What gives way when there is more to do than can be done.
    pub shedding: Shedding,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            origins: Vec::new(),
            body_max_bytes: 65_536,
            timeout_ms: 30_000,
            in_progress_max: 4_096,
            maintenance_file: None,
            connections: entrance::Settings::default(),
            tls: entrance::Tls::default(),
            firewall: FirewallSettings::default(),
            limits: Limits::default(),
            shedding: Shedding::default(),
        }
    }
}
