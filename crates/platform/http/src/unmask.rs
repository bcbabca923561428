//! Showing staff one personal field whole: an act of its own, with a purpose and a case, recorded before it is answered,
//! and only so often.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Json;
use axum::response::{IntoResponse, Response};
use clock::Timestamp;
use contracts::Unavailable;
use contracts::audit::{Audit, Detail, Field, Purpose, Reference};
use ids::StaffId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Consequence, Problem};

/// Over how long they are counted.
const WINDOW: Duration = Duration::from_secs(3_600);

/// Which field to show whole, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnmaskBody {
    /// `name`, `id_number`, `phone`, `born_on`, `address` or `representative` of a customer; `account_number` of an
    /// account; `counterparty_name` or `memo` of a movement.
    #[schema(value_type = String, example = "phone")]
    pub field: Field,
    /// `identity_check`, `complaint`, `fraud_investigation`, `authority_request` or `data_correction`.
    #[schema(value_type = String, example = "complaint")]
    pub purpose: Purpose,
    /// Number of the case: a letter, then up to 31 letters, digits and `-`; no more than 8 digits in a row.
    #[schema(example = "CASE-20261127-0012")]
    pub reference: String,
}

impl UnmaskBody {
    /// The act, where the reference is one.
    ///
    /// # Errors
    /// `invalid_field`.
    pub fn checked(&self) -> Result<Unmasking, Problem> {
        let reference = case_number(&self.reference)?;
        Ok(Unmasking { field: self.field, purpose: self.purpose, reference })
    }
}

/// The number of a case, as the member `reference` of a body gives it.
///
/// # Errors
/// `invalid_field`.
pub fn case_number(text: &str) -> Result<Reference, Problem> {
    let words = (
        "请填写工单或案件编号：以字母开头，仅含字母、数字与“-”，最多 32 个字符，连续数字不超过 8 位。",
        "Give the number of a case: a letter, then letters, digits and hyphens, at most 32 characters and no more than 8 digits in a row.",
    );
    Reference::parse(text).map_err(|_| Consequence::invalid_field("reference", words.0, words.1).into())
}

/// A field that is to be shown whole, with its reason.
#[derive(Debug, Clone)]
pub struct Unmasking {
    /// Which.
    pub field: Field,
    purpose: Purpose,
    reference: Reference,
}

impl Unmasking {
    /// The field whole. It leaves only after the act is in the audit record, and not at all where nobody records.
    #[must_use]
    pub fn shows(self, whole: impl Into<String>) -> Unmasked {
        Unmasked { unmasking: self, whole: whole.into() }
    }

    /// The field is not one of what was asked.
    #[must_use]
    pub fn elsewhere(&self) -> Problem {
        let words = ("此处没有该字段。", "There is no such field here.");
        Consequence::invalid_field("field", words.0, words.1).into()
    }
}

/// A field on its way to staff.
pub struct Unmasked {
    unmasking: Unmasking,
    whole: String,
}

/// A personal field, whole.
#[derive(Serialize, ToSchema)]
pub struct UnmaskedView {
    /// Which.
    #[schema(value_type = String, example = "phone")]
    field: Field,
    /// What it holds.
    value: String,
}

impl IntoResponse for Unmasked {
    fn into_response(self) -> Response {
        let Unmasking { field, purpose, reference } = self.unmasking;
        let mut response = Json(UnmaskedView { field, value: self.whole }).into_response();
        response.extensions_mut().insert(Detail::Unmasked { field, purpose, reference });
        response
    }
}

/// What is to be recorded of an answer that shows a field whole.
pub(crate) fn detail(response: &Response) -> Option<Detail> {
    response.extensions().get::<Detail>().cloned()
}

/// How often each member of staff may.
#[derive(Clone)]
pub(crate) struct Bound {
    audit: Arc<dyn Audit>,
    per_hour_max: u32,
    /// Those that are being recorded, by whom.
    under_way: Arc<Mutex<HashMap<StaffId, u64>>>,
}

/// One that is being recorded: counted until it is.
pub(crate) struct UnderWay {
    staff: StaffId,
    counts: Arc<Mutex<HashMap<StaffId, u64>>>,
    /// How many there are with it.
    count: u64,
}

impl UnderWay {
    fn begin(staff: StaffId, counts: &Arc<Mutex<HashMap<StaffId, u64>>>) -> Self {
        let mut locked = counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = locked.entry(staff).or_default();
        *count += 1;
        Self { staff, counts: Arc::clone(counts), count: *count }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut locked = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = locked.get_mut(&self.staff) {
            *count -= 1;
            if *count == 0 {
                locked.remove(&self.staff);
            }
        }
    }
}

impl Bound {
    pub(crate) fn new(audit: Arc<dyn Audit>, per_hour_max: u32) -> Self {
        Self { audit, per_hour_max, under_way: Arc::default() }
    }

    /// Counts one more of `staff`; `None` where it is one too many. Hold what it gives until the act is recorded, so that
    /// many at once are no more than one after the other.
    ///
    /// # Errors
    /// [`Unavailable`]: it is not known how many there were.
    pub(crate) async fn admit(
        &self,
        staff: StaffId,
        now: Timestamp,
    ) -> Result<Option<UnderWay>, Unavailable> {
        let under_way = UnderWay::begin(staff, &self.under_way);
        let since = now.saturating_sub(WINDOW).unwrap_or(Timestamp::MIN);
        let recorded = self.audit.unmasked_count(staff, since).await?;
        let fits = recorded.saturating_add(under_way.count) <= u64::from(self.per_hour_max);
        Ok(fits.then_some(under_way))
    }

    /// The answer to one too many.
    pub(crate) fn problem(&self) -> Problem {
        let most = self.per_hour_max;
        Consequence::new(
            429,
            "unmask_limit_reached",
            format!("您一小时内最多可查看 {most} 项完整信息，请稍后再试。"),
            format!("You may see at most {most} fields whole in an hour. Try again later."),
        )
        .with("per_hour_max", most)
        .retry_after_s(600)
        .into()
    }
}
