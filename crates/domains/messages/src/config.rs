//! Settings of messages.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Messages to customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The bank's name at the head of Chinese messages.
    pub signature_zh: String,
    /// The bank's name at the head of English messages.
    pub signature_en: String,
    /// Whether payer and payee are told of each transfer.
    pub movement_notices: bool,
    /// Whether staff read one-time codes and names of devices in the outbox. Only for a bank on one machine from which no
    /// message leaves: a code that staff can read lets them sign in as anybody. A generated bank shows them without.
    pub outbox_whole: bool,
    /// How long messages are kept, days.
    #[schemars(range(min = 1, max = 3650))]
    pub retention_days: u32,
    /// How often older ones are looked for, seconds.
    #[schemars(range(min = 1, max = 86_400))]
    pub prune_every_s: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            signature_zh: "远行银行".to_owned(),
            signature_en: "Yuanhang Bank".to_owned(),
            movement_notices: true,
            outbox_whole: false,
            retention_days: 30,
            prune_every_s: 3600,
        }
    }
}
