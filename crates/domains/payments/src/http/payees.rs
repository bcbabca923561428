//! Routes: payee-name checks and saved payees.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use http::{
    AmountRefused, Body, Customer, PersonalAccountNumber, PersonalName, PersonalText, Problem, ProblemBody,
    Segments,
};
use ids::{CustomerId, PayeeId};
use money::Currency;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::transfers::NAME_MAX;
use super::{Payments, checked_text, target};
use crate::service::{NameCheck, SavedPayee, Target};

/// Characters of a nickname, at most.
const NICKNAME_MAX: usize = 30;

/// Whose name to check.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PayeeCheckBody {
    /// A 19-digit account number; or
    account_number: Option<String>,
    /// a mobile number.
    phone: Option<String>,
    /// Full name of the payee.
    name: String,
    /// ISO 4217 code of what is to be sent.
    currency: String,
}

/// How the name compares.
#[derive(Serialize, ToSchema)]
pub(crate) struct PayeeCheckView {
    /// `match`, `close` or `no_match`.
    r#match: String,
    /// Masked name; empty for `no_match`.
    masked_name: PersonalName,
    /// Masked number; empty for `no_match`.
    masked_account: PersonalAccountNumber,
    /// ISO 4217 code of the payee's account.
    account_currency: String,
}

impl From<NameCheck> for PayeeCheckView {
    fn from(check: NameCheck) -> Self {
        Self {
            r#match: check.likeness.word().to_owned(),
            masked_name: PersonalName::new(check.masked_name),
            masked_account: PersonalAccountNumber::new(check.masked_account),
            account_currency: check.currency.to_string(),
        }
    }
}

/// Whether the name is that of the account or phone.
#[utoipa::path(post, path = "/api/payments/payee-checks", tag = "payments", operation_id = "payments_payee_check",
    request_body = PayeeCheckBody,
    responses((status = 200, body = PayeeCheckView), (status = 401, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub(crate) async fn check(
    State(payments): State<Payments>,
    customer: Customer,
    Body(body): Body<PayeeCheckBody>,
) -> Result<Json<PayeeCheckView>, Problem> {
    let currency: Currency = body.currency.parse().map_err(AmountRefused::from)?;
    let name = checked_text("name", &body.name, NAME_MAX)?;
    let target =
        target([body.account_number.map(Target::Number), body.phone.map(Target::Phone), None, None])?;
    Ok(Json(payments.check_name(customer.id, &target, &name, currency).await?.into()))
}

/// A saved payee.
#[derive(Serialize, ToSchema)]
pub(crate) struct PayeeView {
    /// UUID.
    id: String,
    /// Full name, as you saved it.
    name: PersonalName,
    /// Masked account number, or masked phone.
    masked_account: PersonalAccountNumber,
    /// `account` or `phone`.
    kind: String,
    /// Your name for it; may be empty.
    nickname: PersonalText,
    /// When it was last paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<String>,
}

impl PayeeView {
    /// As the customer sees it who saved it.
    fn of(payee: SavedPayee, customer: CustomerId) -> Self {
        let number = payee.account_number.as_deref().or(payee.phone.as_deref()).unwrap_or_default();
        Self {
            id: payee.id.to_string(),
            masked_account: PersonalAccountNumber::masked_as(number, payee.masked()),
            kind: if payee.account_number.is_some() { "account" } else { "phone" }.to_owned(),
            name: PersonalName::new(payee.name).known_to(customer),
            nickname: PersonalText::new(payee.nickname).known_to(customer),
            last_used_at: payee.last_used_at.map(|at| at.to_string()),
        }
    }
}

/// Saved payees.
#[derive(Serialize, ToSchema)]
pub(crate) struct PayeesView {
    /// The one used last first.
    payees: Vec<PayeeView>,
}

/// A payee to save.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PayeeSaveBody {
    /// Full name; must be that of the account or phone.
    name: String,
    /// A 19-digit account number; or
    account_number: Option<String>,
    /// a mobile number.
    phone: Option<String>,
    /// At most 30 characters.
    nickname: Option<String>,
}

/// Your saved payees.
#[utoipa::path(get, path = "/api/payments/payees", tag = "payments", operation_id = "payments_payees",
    responses((status = 200, body = PayeesView), (status = 401, body = ProblemBody)))]
pub(crate) async fn list(
    State(payments): State<Payments>,
    customer: Customer,
) -> Result<Json<PayeesView>, Problem> {
    let payees = payments.payees(customer.id).await?.into_iter();
    let payees = payees.map(|payee| PayeeView::of(payee, customer.id)).collect();
    Ok(Json(PayeesView { payees }))
}

/// Saves a payee; the same number or phone again replaces it.
#[utoipa::path(post, path = "/api/payments/payees", tag = "payments", operation_id = "payments_payee_save",
    request_body = PayeeSaveBody,
    responses((status = 201, body = PayeeView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub(crate) async fn save(
    State(payments): State<Payments>,
    customer: Customer,
    Body(body): Body<PayeeSaveBody>,
) -> Result<(StatusCode, Json<PayeeView>), Problem> {
    let name = checked_text("name", &body.name, NAME_MAX)?;
    let nickname = checked_text("nickname", body.nickname.as_deref().unwrap_or_default(), NICKNAME_MAX)?;
    let target =
        target([body.account_number.map(Target::Number), body.phone.map(Target::Phone), None, None])?;
    let saved = payments.save_payee(customer.id, target, &name, &nickname).await?;
    Ok((StatusCode::CREATED, Json(PayeeView::of(saved, customer.id))))
}

/// Removes a saved payee.
#[utoipa::path(delete, path = "/api/payments/payees/{id}", tag = "payments", operation_id = "payments_payee_remove",
    params(("id" = String, Path)),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(crate) async fn remove(
    State(payments): State<Payments>,
    customer: Customer,
    Segments(id): Segments<PayeeId>,
) -> Result<StatusCode, Problem> {
    payments.remove_payee(customer.id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
