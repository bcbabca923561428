//! Routes: ordering a transfer and looking at it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use http::{
    Amount, Body, Customer, IdempotencyKey, PersonalAccountNumber, PersonalName, PersonalText, Problem,
    ProblemBody, Segments,
};
use ids::{AccountId, CustomerId, PayeeId, PaymentId};
use secrecy::Secret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Payments, checked_text, target};
use crate::error::PaymentsRefused;
use crate::service::{Done, Order, Target};

/// Characters of a memo, at most.
const MEMO_MAX: usize = 60;
/// Characters of a name, at most.
pub(super) const NAME_MAX: usize = 60;

/// Whom the money goes to; exactly one of them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PayeeBody {
    /// One of your own accounts (UUID); no name is needed.
    account_id: Option<String>,
    /// A 19-digit account number.
    account_number: Option<String>,
    /// A mobile number.
    phone: Option<String>,
    /// A saved payee (UUID); its saved name is used.
    payee_id: Option<String>,
}

/// A transfer to order.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransferBody {
    /// The account debited (UUID).
    from_account: String,
    /// Whom it goes to.
    to: PayeeBody,
    /// Full name of the payee.
    name: Option<String>,
    /// How much; in the currency of both accounts.
    amount: Amount,
    /// At most 60 characters.
    memo: Option<String>,
    /// The approval (UUID) that was asked for when this order was refused with `approval_needed`.
    approval_id: Option<String>,
    /// Six digits.
    #[schema(value_type = String)]
    pin: Secret<String>,
}

/// A transfer.
#[derive(Serialize, ToSchema)]
pub(crate) struct TransferView {
    /// UUID of the order.
    id: String,
    /// `posted` or `refused`.
    status: String,
    /// Why it was refused; absent where it was posted.
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal_code: Option<String>,
    /// The account debited.
    from_account: String,
    /// How much.
    amount: Amount,
    /// The payer's memo; may be empty.
    memo: PersonalText,
    /// Masked.
    payee_name_masked: PersonalName,
    /// Masked.
    payee_account_masked: PersonalAccountNumber,
    /// What is on the payer's account: after it, or now where the transfer is asked for again.
    #[serde(skip_serializing_if = "Option::is_none")]
    balance: Option<Amount>,
    /// Booking day.
    #[serde(skip_serializing_if = "Option::is_none")]
    booked_on: Option<String>,
    /// Instant, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    /// UUID under which the movement is in the history.
    transfer_id: String,
    /// The code of the payer's receipt.
    #[serde(skip_serializing_if = "Option::is_none")]
    verification_code: Option<String>,
}

impl TransferView {
    /// As the customer sees it who ordered it.
    fn of(done: Done, customer: CustomerId) -> Self {
        Self {
            id: done.row.id.to_string(),
            status: if done.refusal.is_some() { "refused" } else { "posted" }.to_owned(),
            refusal_code: done.refusal.map(str::to_owned),
            from_account: done.row.from.to_string(),
            amount: done.row.amount.into(),
            memo: PersonalText::new(done.words.memo).known_to(customer),
            payee_name_masked: PersonalName::new(done.words.payee_name_masked),
            payee_account_masked: PersonalAccountNumber::new(done.words.payee_number),
            balance: done.balance.map(Amount::from),
            booked_on: done.posted.map(|(_, day)| day.to_string()),
            at: done.posted.map(|(at, _)| at.to_string()),
            transfer_id: done.row.transfer.to_string(),
            verification_code: Some(done.verification_code).filter(|code| !code.is_empty()),
        }
    }
}

fn id<T: std::str::FromStr>(field: &'static str, text: &str) -> Result<T, PaymentsRefused> {
    let refused =
        PaymentsRefused::Invalid { field, zh: "编号格式不正确。", en: "This is not a valid id." };
    text.parse().map_err(|_| refused)
}

impl PayeeBody {
    fn target(self) -> Result<Target, PaymentsRefused> {
        target([
            self.account_id.map(|text| id::<AccountId>("to", &text)).transpose()?.map(Target::Account),
            self.account_number.map(Target::Number),
            self.phone.map(Target::Phone),
            self.payee_id.map(|text| id::<PayeeId>("to", &text)).transpose()?.map(Target::Payee),
        ])
    }
}

/// Moves money to an own account, to another customer or to a saved payee; once per idempotency key.
#[utoipa::path(post, path = "/api/payments/transfers", tag = "payments", operation_id = "payments_transfer",
    params(("Idempotency-Key" = String, Header, description = "UUID minted by the caller; keep it for retries")),
    request_body = TransferBody,
    responses((status = 201, body = TransferView), (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody),
        (status = 503, body = ProblemBody)))]
pub(crate) async fn order(
    State(payments): State<Payments>,
    customer: Customer,
    IdempotencyKey(key): IdempotencyKey,
    Body(body): Body<TransferBody>,
) -> Result<(StatusCode, Json<TransferView>), Problem> {
    let name = body.name.map(|name| checked_text("name", &name, NAME_MAX)).transpose()?;
    let order = Order {
        from: id("from_account", &body.from_account)?,
        to: body.to.target()?,
        name: name.filter(|name| !name.is_empty()),
        amount: body.amount.positive()?,
        approval: body.approval_id.as_deref().map(|text| id("approval_id", text)).transpose()?,
        memo: checked_text("memo", body.memo.as_deref().unwrap_or_default(), MEMO_MAX)?,
    };
    let transfer = payments.transfer(&customer.session, customer.id, *key.as_bytes(), order, &body.pin);
    let done = telemetry::step("payments.transfer", transfer).await?;
    Ok((StatusCode::CREATED, Json(TransferView::of(done, customer.id))))
}

/// What became of a transfer that you ordered.
#[utoipa::path(get, path = "/api/payments/transfers/{id}", tag = "payments", operation_id = "payments_transfer_show",
    params(("id" = String, Path)),
    responses((status = 200, body = TransferView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(crate) async fn show(
    State(payments): State<Payments>,
    customer: Customer,
    Segments(id): Segments<PaymentId>,
) -> Result<Json<TransferView>, Problem> {
    Ok(Json(TransferView::of(payments.look_up(customer.id, id).await?, customer.id)))
}
