//! Routes: limits of an account.

use axum::Json;
use axum::extract::State;
use contracts::ledger::Limits;
use http::{Amount, Body, Customer, Params, Problem, ProblemBody};
use ids::AccountId;
use money::{Currency, Money};
use secrecy::Secret;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Payments;
use crate::error::PaymentsRefused;
use crate::service::{LimitsInfo, NewLimits};

/// Of which account.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LimitsQuery {
    /// UUID.
    account: String,
}

/// The highest limits that may be set.
#[derive(Serialize, ToSchema)]
pub(crate) struct CeilingView {
    /// Of one transfer.
    per_transfer: Option<Amount>,
    /// Of one day.
    per_day: Option<Amount>,
    /// Of one calendar month.
    per_month: Option<Amount>,
}

/// Limits on what leaves an account toward others.
#[derive(Serialize, ToSchema)]
#[schema(as = PaymentsLimitsView)]
pub(crate) struct LimitsView {
    /// Of one transfer; null for no limit.
    per_transfer: Option<Amount>,
    /// Of one day.
    per_day: Option<Amount>,
    /// Of one calendar month.
    per_month: Option<Amount>,
    /// Used today.
    used_day: Amount,
    /// Used this month.
    used_month: Amount,
    /// The highest that may be set from this session.
    ceiling: CeilingView,
}

impl From<LimitsInfo> for LimitsView {
    fn from(info: LimitsInfo) -> Self {
        let of = |limits: Limits| CeilingView {
            per_transfer: limits.per_transfer.map(|minor| amount(minor, info.currency)),
            per_day: limits.per_day.map(|minor| amount(minor, info.currency)),
            per_month: limits.per_month.map(|minor| amount(minor, info.currency)),
        };
        let limits = of(info.limits);
        Self {
            per_transfer: limits.per_transfer,
            per_day: limits.per_day,
            per_month: limits.per_month,
            used_day: amount(info.used.day, info.currency),
            used_month: amount(info.used.month, info.currency),
            ceiling: of(info.ceiling),
        }
    }
}

fn amount(minor: u64, currency: Currency) -> Amount {
    Money::new(i64::try_from(minor).unwrap_or(i64::MAX), currency).into()
}

fn account(text: &str) -> Result<AccountId, PaymentsRefused> {
    text.parse().map_err(|_| PaymentsRefused::NotFound)
}

/// Limits of an account, how much of them is used, and how high they may be set.
#[utoipa::path(get, path = "/api/payments/limits", tag = "payments", operation_id = "payments_limits",
    params(LimitsQuery),
    responses((status = 200, body = LimitsView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(crate) async fn show(
    State(payments): State<Payments>,
    customer: Customer,
    Params(query): Params<LimitsQuery>,
) -> Result<Json<LimitsView>, Problem> {
    let account = account(&query.account)?;
    Ok(Json(payments.limits(customer.id, customer.session.assurance, account).await?.into()))
}

/// Limits to set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LimitsBody {
    /// UUID of the account.
    account: String,
    /// Of one transfer; zero for none at all.
    per_transfer: Amount,
    /// Of one day.
    per_day: Amount,
    /// Of one calendar month.
    per_month: Amount,
    /// Six digits.
    #[schema(value_type = String)]
    pin: Secret<String>,
}

/// Sets the limits of your account: lower at will, higher up to the ceiling.
#[utoipa::path(put, path = "/api/payments/limits", tag = "payments", operation_id = "payments_limits_set",
    request_body = LimitsBody,
    responses((status = 200, body = LimitsView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(crate) async fn set(
    State(payments): State<Payments>,
    customer: Customer,
    Body(body): Body<LimitsBody>,
) -> Result<Json<LimitsView>, Problem> {
    let account = account(&body.account)?;
    let new = NewLimits {
        per_transfer: body.per_transfer.money()?,
        per_day: body.per_day.money()?,
        per_month: body.per_month.money()?,
    };
    let set = payments.set_limits(customer.id, customer.session.assurance, account, new, &body.pin).await?;
    Ok(Json(set.into()))
}
