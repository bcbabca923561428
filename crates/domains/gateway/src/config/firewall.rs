//! Settings of the firewall.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What becomes of requests that the rules would refuse.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FirewallMode {
    /// They are refused.
    #[default]
    Block,
    /// They go on, and are told of: for the first weeks of new rules.
    Detect,
    /// Nothing is looked at.
    Off,
}

/// The web application firewall: attacks in what a request says (OWASP Core Rule Set).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FirewallSettings {
    /// `block`, `detect` or `off`.
    pub mode: FirewallMode,
    /// A folder with the rules (`*.conf`, `*.data`), for example a current release of the OWASP Core Rule Set; without it
    /// the ones of Debian's package `modsecurity-crs`. A bank that names a folder does not start without its rules; one
    /// that names none starts without a firewall where the package is missing, and says so.
    pub rules: Option<PathBuf>,
    /// How strict the rules are, 1 to 4: from 2 on honest requests are refused too, unless exceptions are made for them.
    #[schemars(range(min = 1, max = 4))]
    pub paranoia: u8,
    /// Points at which a request is refused: 5 is one sure sign of an attack.
    #[schemars(range(min = 1, max = 1000))]
    pub threshold: u32,
    /// A file with exceptions from the rules, in the words of `config/firewall.toml`; without it the ones that are built in
    /// hold. It is looked at again and again: a changed file comes into force within seconds, a faulty one never.
    pub exceptions: Option<PathBuf>,
}

impl Default for FirewallSettings {
    fn default() -> Self {
        Self { mode: FirewallMode::Block, rules: None, paranoia: 1, threshold: 5, exceptions: None }
    }
}
