//! Settings of customers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The youngest age at which somebody may sign up alone, completed years.
    #[schemars(range(min = 16, max = 120))]
    pub sign_up_age_min_years: u8,
    /// The most customers that one search of the console shows.
    #[schemars(range(min = 1, max = 200))]
    pub search_results_max: u32,
    /// The version of the terms of service to which whoever signs up agrees.
    pub terms_version: String,
    /// The version of the statement on personal data to which whoever signs up agrees.
    pub privacy_version: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            sign_up_age_min_years: 16,
            search_results_max: 50,
            terms_version: "1".to_owned(),
            privacy_version: "1".to_owned(),
        }
    }
}
