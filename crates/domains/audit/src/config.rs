//! Settings of audit.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The record of who did what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How often the bank signs how its record stands, seconds; only where something was recorded meanwhile.
    #[schemars(range(min = 1, max = 86_400))]
    pub checkpoint_every_s: u32,
    /// A file outside of the bank's store, best on another machine, to which each signed checkpoint is appended. A
    /// record that was cut or exchanged behind it is refused at the next start.
    pub witness_file: Option<PathBuf>,
    /// How many personal fields one member of staff may be shown whole in an hour.
    #[schemars(range(min = 1, max = 10_000))]
    pub unmasked_per_hour_max: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { checkpoint_every_s: 60, witness_file: None, unmasked_per_hour_max: 30 }
    }
}
