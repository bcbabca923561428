//! What travels about erasing a customer.

use serde::Serialize;
use utoipa::ToSchema;

use crate::store::ErasureRow;

/// That a customer is to be erased.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ErasureView {
    /// When it was asked, UTC.
    asked_at: String,
    /// When it is done, UTC; until then it can be taken back.
    due_at: String,
    /// Whether the bank has the request on paper.
    on_paper: bool,
}

impl From<&ErasureRow> for ErasureView {
    fn from(row: &ErasureRow) -> Self {
        Self {
            asked_at: row.asked_at.to_string(),
            due_at: row.due_at.to_string(),
            on_paper: row.staff.is_some(),
        }
    }
}

/// Whether a customer is to be erased.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ErasureState {
    /// None where it was not asked.
    pub(in crate::http) erasure: Option<ErasureView>,
    /// How many days there are to think it over after asking.
    pub(in crate::http) wait_days: u32,
    /// How many years the law has the bank keep what is sealed of a customer who had an account.
    pub(in crate::http) kept_years: u32,
}
