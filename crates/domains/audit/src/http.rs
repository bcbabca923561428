//! Routes: the record as administrators search it, and proofs for whoever doubts.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use clock::Timestamp;
use contracts::audit::{Actor, Detail, Field, Purpose, Subject};
use db::Db;
use http::{Access, Consequence, Params, Problem, ProblemBody, Refusal, Routes, Segments, Staff};
use ids::{AccountId, CustomerId, DeviceId, SessionId, StaffId, ThirdPartyId, TransferId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::error::Failed;
use crate::model::record::{Record, actor_key, subject_key};
use crate::proof::Proof;
use crate::store::{self, Query};
use crate::witness::Witness;

/// Records on a page where the caller does not say.
const LIMIT: u32 = 50;
/// The most records on a page.
const LIMIT_MAX: u32 = 100;

/// What the routes need.
pub(crate) struct Desk {
    pub(crate) db: Db,
    pub(crate) witness: Arc<Witness>,
}

/// The routes of this domain.
pub(crate) fn routes(desk: Desk) -> Routes {
    Routes::of(Arc::new(desk))
        .add(Access::Staff, http::routes!(list))
        .add(Access::Staff, http::routes!(prove))
        .add(Access::Staff, http::routes!(key))
        .finish()
}

impl Refusal for Failed {
    fn consequence(&self) -> Consequence {
        Consequence::unavailable()
    }
}

/// Which records. Without any of it, all.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordsQuery {
    /// What this one did: `customer:<id>`, `staff:<id>`, `third_party:<id>` or `bank`.
    actor: Option<String>,
    /// What is about this: `customer:<id>`, `account:<id>`, `transfer:<id>`, `session:<id>`, `device:<id>`,
    /// `staff:<id>` or `third_party:<id>`.
    subject: Option<String>,
    /// Actions that begin so: `payments.`, `GET /api/accounts/`.
    action: Option<String>,
    /// `true`: only what shows, or was to show, a personal field whole.
    unmasked: Option<bool>,
    /// What was told from this instant on, RFC 3339.
    from: Option<String>,
    /// What was told before this instant, RFC 3339.
    until: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<u64>,
    /// How many, 1 to 100; 50 where missing.
    limit: Option<u32>,
}

/// A page of the record.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecordsPage {
    /// Newest first; may be empty.
    records: Vec<RecordView>,
    /// How many records there are in all.
    count: u64,
    /// Where the next page begins; missing on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<u64>,
}

/// What somebody did.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecordView {
    /// Its place among all, from 0.
    number: u64,
    /// When it happened, UTC.
    at: String,
    /// Who acted: `customer:<id>`, `staff:<id>`, `third_party:<id>` or `bank`.
    actor: String,
    /// In which session; missing outside of any.
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
    /// What was done: a topic of news, or method and pattern of a route.
    action: String,
    /// What it is about; may be empty.
    subjects: Vec<String>,
    /// `done`, or the code of a refusal.
    outcome: String,
    /// The personal field that was shown whole; missing where none was.
    #[serde(skip_serializing_if = "Option::is_none")]
    unmasked: Option<UnmaskedRecordView>,
    /// The member of staff who had countersigned it, where it was done because of that: `staff:<id>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    countersigned_by: Option<String>,
    /// Whether it was done because of an emergency, and not allowed otherwise.
    emergency: bool,
}

/// That a personal field was shown whole, and why.
#[derive(Serialize, ToSchema)]
pub(crate) struct UnmaskedRecordView {
    /// Which, for example `phone`.
    #[schema(value_type = String, example = "phone")]
    field: Field,
    /// `identity_check`, `complaint`, `fraud_investigation`, `authority_request` or `data_correction`.
    #[schema(value_type = String, example = "complaint")]
    purpose: Purpose,
    /// Number of the case.
    reference: String,
}

fn actor_text(actor: Actor) -> String {
    match actor {
        Actor::Customer(id) => format!("customer:{id}"),
        Actor::Staff(id) => format!("staff:{id}"),
        Actor::ThirdParty(id) => format!("third_party:{id}"),
        Actor::Bank => "bank".to_owned(),
    }
}

fn subject_text(subject: Subject) -> String {
    match subject {
        Subject::Customer(id) => format!("customer:{id}"),
        Subject::Account(id) => format!("account:{id}"),
        Subject::Transfer(id) => format!("transfer:{id}"),
        Subject::Session(id) => format!("session:{id}"),
        Subject::Device(id) => format!("device:{id}"),
        Subject::Staff(id) => format!("staff:{id}"),
        Subject::ThirdParty(id) => format!("third_party:{id}"),
    }
}

fn actor_of(text: &str) -> Option<Actor> {
    match text.trim().split_once(':') {
        None => (text.trim() == "bank").then_some(Actor::Bank),
        Some(("customer", id)) => Some(Actor::Customer(id.parse::<CustomerId>().ok()?)),
        Some(("staff", id)) => Some(Actor::Staff(id.parse::<StaffId>().ok()?)),
        Some(("third_party", id)) => Some(Actor::ThirdParty(id.parse::<ThirdPartyId>().ok()?)),
        Some(_) => None,
    }
}

fn subject_of(text: &str) -> Option<Subject> {
    let (kind, id) = text.trim().split_once(':')?;
    Some(match kind {
        "customer" => Subject::Customer(id.parse::<CustomerId>().ok()?),
        "account" => Subject::Account(id.parse::<AccountId>().ok()?),
        "transfer" => Subject::Transfer(id.parse::<TransferId>().ok()?),
        "session" => Subject::Session(id.parse::<SessionId>().ok()?),
        "device" => Subject::Device(id.parse::<DeviceId>().ok()?),
        "staff" => Subject::Staff(id.parse::<StaffId>().ok()?),
        "third_party" => Subject::ThirdParty(id.parse::<ThirdPartyId>().ok()?),
        _ => return None,
    })
}

impl From<Record> for RecordView {
    fn from(record: Record) -> Self {
        let (mut unmasked, mut countersigned_by, mut emergency) = (None, None, false);
        match record.detail {
            Some(Detail::Unmasked { field, purpose, reference }) => {
                unmasked = Some(UnmaskedRecordView { field, purpose, reference: reference.into() });
            }
            Some(Detail::Countersigned { by, .. }) => countersigned_by = Some(actor_text(Actor::Staff(by))),
            Some(Detail::Emergency) => emergency = true,
            None => {}
        }
        Self {
            number: record.number,
            at: record.at.to_string(),
            actor: actor_text(record.actor),
            session: record.session.map(|session| session.to_string()),
            action: record.action,
            subjects: record.subjects.into_iter().map(subject_text).collect(),
            outcome: record.outcome,
            unmasked,
            countersigned_by,
            emergency,
        }
    }
}

/// What a text means, or the refusal that names its field.
fn meant<T>(
    field: &'static str,
    text: Option<&str>,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Problem> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    let words = (
        "格式无效：请填写“类型:编号”，例如 customer:0193…；时间请用 RFC 3339 格式。",
        "Write kind and id, for example customer:0193…; times as RFC 3339.",
    );
    match read(text) {
        Some(meant) => Ok(Some(meant)),
        None => Err(Consequence::invalid_field(field, words.0, words.1).into()),
    }
}

impl RecordsQuery {
    fn read(&self) -> Result<Query, Problem> {
        let instant = |text: &str| text.parse::<Timestamp>().ok();
        Ok(Query {
            actor: meant("actor", self.actor.as_deref(), actor_of)?.map(actor_key),
            subject: meant("subject", self.subject.as_deref(), subject_of)?.map(subject_key),
            action: meant("action", self.action.as_deref(), |text| Some(text.to_owned()))?,
            from: meant("from", self.from.as_deref(), instant)?,
            until: meant("until", self.until.as_deref(), instant)?,
            unmasked: self.unmasked.unwrap_or(false),
            before: self.cursor,
        })
    }
}

/// What was done, by whom and to what, newest first. Searching is recorded, too.
#[utoipa::path(get, path = "/api/audit/console/records", tag = "audit", operation_id = "audit_console_records",
    params(RecordsQuery),
    responses((status = 200, body = RecordsPage), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn list(
    State(desk): State<Arc<Desk>>,
    _: Staff,
    Params(query): Params<RecordsQuery>,
) -> Result<Json<RecordsPage>, Problem> {
    let limit = query.limit.unwrap_or(LIMIT);
    if !(1..=LIMIT_MAX).contains(&limit) {
        let words = ("每页条数须在 1 到 100 之间。", "Ask for 1 to 100 records.");
        return Err(Consequence::invalid_field("limit", words.0, words.1).into());
    }
    let reader = desk.db.reader();
    let count = store::head(reader).await?.count();
    let page = store::page(reader, &query.read()?, limit.into()).await?;
    let next_cursor = page.rows.last().filter(|_| page.more).map(|last| last.number);
    let mut records = Vec::with_capacity(page.rows.len());
    for row in page.rows {
        let record = Record::try_from_bytes(&row.record);
        let record =
            record.ok_or_else(|| Failed::damaged(format!("record {} cannot be read", row.number)))?;
        records.push(record.into());
    }
    Ok(Json(RecordsPage { records, count, next_cursor }))
}

/// A proof that a record is in what the bank signed: checked without the bank by `yuanhang audit check-proof`. There is
/// none before the next checkpoint.
#[utoipa::path(get, path = "/api/audit/console/records/{number}/proof", tag = "audit",
    operation_id = "audit_console_prove", params(("number" = u64, Path)),
    responses((status = 200, content_type = "application/json", body = String), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn prove(
    State(desk): State<Arc<Desk>>,
    _: Staff,
    Segments(number): Segments<u64>,
) -> Result<Json<Proof>, Problem> {
    let proof = Proof::of_record(desk.db.reader(), number).await?;
    Ok(Json(proof.ok_or_else(Consequence::not_found)?))
}

/// The public key with which proofs are checked.
#[derive(Serialize, ToSchema)]
pub(crate) struct KeyView {
    /// SM2, the uncompressed point in hexadecimal digits.
    public_key: String,
}

/// The bank's public key for its audit record.
#[utoipa::path(get, path = "/api/audit/console/key", tag = "audit", operation_id = "audit_console_key",
    responses((status = 200, body = KeyView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody)))]
async fn key(State(desk): State<Arc<Desk>>, _: Staff) -> Json<KeyView> {
    Json(KeyView { public_key: desk.witness.public_key().to_string() })
}
