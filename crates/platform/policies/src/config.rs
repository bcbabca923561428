//! Settings of the policies.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who may do what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// A folder with the bank's own policies (`*.cedar`) and the cases that they are tested by (`cases.tsv`),
    /// in the words of `config/policies/bank.cedarschema`; without it the ones that are built in hold. Every
    /// process of the bank needs the same. It is looked at again and again: changed files come into force
    /// within seconds, faulty ones never. `yuanhang policies check` and `compare` say beforehand what they do.
    pub folder: Option<PathBuf>,
}
