//! The settings of tablets in branches.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Tablets that stand in branches, on which customers sign in beside the bank's people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BranchSettings {
    /// A customer's session on a tablet ends after so many seconds without a request.
    #[schemars(range(min = 30, max = 3600))]
    pub session_idle_s: u32,
    /// It ends after so many seconds in any case.
    #[schemars(range(min = 60, max = 86400))]
    pub session_whole_s: u32,
    /// How long the code of a new tablet is good, seconds.
    #[schemars(range(min = 300, max = 2592000))]
    pub tablet_code_s: u32,
    /// Codes that are tried from one network address, per hour.
    #[schemars(range(min = 1, max = 100000))]
    pub codes_per_address_hour_max: u32,
}

impl Default for BranchSettings {
    fn default() -> Self {
        Self {
            session_idle_s: 120,
            session_whole_s: 30 * 60,
            tablet_code_s: 24 * 3600,
            codes_per_address_hour_max: 20,
        }
    }
}
