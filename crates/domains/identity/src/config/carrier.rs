//! The settings of asking carriers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use settings::SecretRef;

/// Who knows when the SIM of a phone was changed: the carriers, or somebody who asks all of them, over CAMARA SIM Swap
/// (version 2). While a change is fresh, what comes to the phone proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CarrierSettings {
    /// Where the interface begins, such as `https://api.carrier.example/sim-swap/v2`; HTTPS, but on this machine. Not set:
    /// nobody is asked.
    pub url: Option<String>,
    /// Where the bank gets its token (OAuth 2.0, client credentials, `client_secret_basic`). Not set: it is asked without.
    pub token_url: Option<String>,
    /// What the bank is called there.
    pub client_id: String,
    /// Reference to the bank's secret there, such as `file:/etc/yuanhang/carrier_secret`.
    pub client_secret: Option<SecretRef>,
    /// How long an answer is waited for, ms. Without one, the SIM counts as unchanged.
    #[schemars(range(min = 100, max = 10000))]
    pub timeout_ms: u32,
    /// How long a change is fresh, seconds.
    #[schemars(range(min = 3600, max = 2592000))]
    pub hold_s: u32,
    /// How long it is believed that nothing was changed before it is asked again, seconds.
    #[schemars(range(min = 0, max = 86400))]
    pub again_s: u32,
}

impl Default for CarrierSettings {
    fn default() -> Self {
        Self {
            url: None,
            token_url: None,
            client_id: String::new(),
            client_secret: None,
            timeout_ms: 2_000,
            hold_s: 24 * 3600,
            again_s: 15 * 60,
        }
    }
}
