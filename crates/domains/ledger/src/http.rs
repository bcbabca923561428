//! The ledger's page of the console: how the book stands, verification, business date; and the upload of transfers
//! in bulk ([`upload`]).

mod assets;
mod books;
mod lines;
mod row;
mod single;
mod upload;

pub(crate) use books::Comparison;
pub use single::bare_router;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ::http::{Access, Body, Consequence, Problem, ProblemBody, Routes};
use axum::Json;
use axum::extract::State;
use clock::BusinessDate;
use contracts::ledger::{Ledger, Status, Verification};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::handle;

/// Over how long a rate is told.
const WINDOW: Duration = Duration::from_secs(2);

/// How the book stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LedgerStatusView {
    /// Number of the last record.
    head_sequence: u64,
    /// Its hash, hexadecimal.
    head_hash: String,
    /// `sm3` or `sha256`.
    hash_algorithm: String,
    /// The business date, `2026-11-22`.
    business_date: String,
    /// Accounts ever opened.
    accounts: u64,
    /// Transfers ever accepted.
    transfers: u64,
    /// Holds that are open.
    holds: u64,
    /// Records committed since start.
    batches: u64,
    /// Commands executed since start.
    commands: u64,
    /// Records committed per second, over the last seconds.
    batches_per_s: u64,
    /// Commands executed per second, over the last seconds.
    commands_per_s: u64,
    /// Records by which the history is behind the head.
    history_lag: u64,
    /// The instant of the last record, RFC 3339.
    last_at: Option<String>,
    /// Record of the newest snapshot; 0 for none.
    snapshot_sequence: u64,
    /// `sqlite`, `postgres` or `memory`.
    store: String,
}

/// What a verification found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VerificationView {
    /// Whether every check passed.
    verified: bool,
    /// Records read.
    records: u64,
    /// Commands replayed.
    commands: u64,
    /// Hash of the last good record, hexadecimal.
    head_hash: String,
    /// Hash of the state after it, hexadecimal.
    state_hash: String,
    /// Where the first fault is and what it is.
    fault: Option<String>,
    /// How long it took, milliseconds.
    elapsed_ms: u64,
}

/// The business date.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BusinessDateView {
    /// `2026-11-22`.
    business_date: String,
}

/// Moves the business date.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdvanceBusinessDate {
    /// The new date, later than the current one: `2026-11-23`.
    to: String,
}

/// Tells rates from counts that only grow.
#[derive(Debug, Default)]
pub(crate) struct Meter(Mutex<Option<Reading>>);

#[derive(Debug, Clone, Copy)]
struct Reading {
    at: Instant,
    counts: [u64; 2],
    rates: [u64; 2],
}

impl Meter {
    /// Rates per second between this reading and one of at least [`WINDOW`] ago.
    fn read(&self, now: Instant, counts: [u64; 2]) -> [u64; 2] {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(before) = *last else {
            *last = Some(Reading { at: now, counts, rates: [0, 0] });
            return [0, 0];
        };
        let elapsed = now.saturating_duration_since(before.at);
        if elapsed < WINDOW {
            return before.rates;
        }
        let elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
        let rate = |now: u64, before: u64| now.saturating_sub(before).saturating_mul(1_000) / elapsed_ms;
        let rates = [rate(counts[0], before.counts[0]), rate(counts[1], before.counts[1])];
        *last = Some(Reading { at: now, counts, rates });
        rates
    }
}

#[derive(Clone)]
struct Console {
    ledger: Arc<dyn Ledger>,
    meter: Arc<Meter>,
}

/// The routes of the console's ledger page.
pub(crate) fn routes(ledger: Arc<dyn Ledger>, meter: Arc<Meter>, comparison: Arc<Comparison>) -> Routes {
    let uploads = upload::routes(Arc::clone(&ledger));
    Routes::of(Console { ledger, meter })
        .add(Access::Staff, ::http::routes!(status))
        .add(Access::Staff, ::http::routes!(verify))
        .add(Access::Staff, ::http::routes!(business_date))
        .add(Access::Staff, ::http::routes!(advance_business_date))
        .finish()
        .merge(uploads)
        .merge(books::routes(comparison))
}

#[utoipa::path(get, path = "/api/ledger/console/status", tag = "ledger", operation_id = "ledger_console_status",
    responses((status = 200, body = LedgerStatusView), (status = 401, body = ProblemBody)))]
async fn status(State(console): State<Console>) -> Result<Json<LedgerStatusView>, Problem> {
    let status: Status = console.ledger.status().await?;
    let [batches_per_s, commands_per_s] =
        console.meter.read(Instant::now(), [status.batches, status.commands]);
    Ok(Json(LedgerStatusView {
        head_sequence: status.head_sequence,
        head_hash: status.head_hash,
        hash_algorithm: status.hash_algorithm,
        business_date: status.business_date.to_string(),
        accounts: status.accounts,
        transfers: status.transfers,
        holds: status.holds,
        batches: status.batches,
        commands: status.commands,
        batches_per_s,
        commands_per_s,
        history_lag: status.history_lag,
        last_at: status.last_at.map(|at| at.to_string()),
        snapshot_sequence: status.snapshot_sequence,
        store: status.store,
    }))
}

#[utoipa::path(post, path = "/api/ledger/console/verify", tag = "ledger", operation_id = "ledger_console_verify",
    responses((status = 200, body = VerificationView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody)))]
async fn verify(State(console): State<Console>) -> Result<Json<VerificationView>, Problem> {
    let found: Verification = console.ledger.verify().await?;
    Ok(Json(VerificationView {
        verified: found.verified,
        records: found.records,
        commands: found.commands,
        head_hash: found.head_hash,
        state_hash: found.state_hash,
        fault: found.fault,
        elapsed_ms: found.elapsed_ms,
    }))
}

#[utoipa::path(get, path = "/api/ledger/console/business-date", tag = "ledger",
    operation_id = "ledger_console_business_date",
    responses((status = 200, body = BusinessDateView), (status = 401, body = ProblemBody)))]
async fn business_date(State(console): State<Console>) -> Result<Json<BusinessDateView>, Problem> {
    let status = console.ledger.status().await?;
    Ok(Json(BusinessDateView { business_date: status.business_date.to_string() }))
}

#[utoipa::path(post, path = "/api/ledger/console/business-date", tag = "ledger",
    operation_id = "ledger_console_advance_business_date",
    request_body = AdvanceBusinessDate,
    responses((status = 200, body = BusinessDateView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
async fn advance_business_date(
    State(console): State<Console>,
    Body(AdvanceBusinessDate { to }): Body<AdvanceBusinessDate>,
) -> Result<Json<BusinessDateView>, Problem> {
    let to: BusinessDate = to.parse().map_err(|_| {
        let words =
            ("日期不存在，请按 2026-01-31 的格式填写。", "There is no such day; write it as 2026-01-31.");
        Consequence::invalid_field("to", words.0, words.1)
    })?;
    match handle::advance_business_date(&*console.ledger, to).await? {
        Ok(()) => business_date(State(console)).await,
        Err(_) => {
            let words = ("营业日期只能向后推进。", "The business date can only move forward.");
            Err(Consequence::new(409, "date_not_later", words.0, words.1).into())
        }
    }
}

#[cfg(test)]
mod tests;
