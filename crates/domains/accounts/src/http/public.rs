//! The public route: whether a receipt is genuine.

use axum::Json;
use axum::extract::State;
use http::{Amount, PersonalAccountNumber, PersonalName, Problem, ProblemBody, Segments};
use serde::Serialize;
use utoipa::ToSchema;

use super::Accounts;

/// What a genuine receipt says, masked.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReceiptCheckView {
    /// Always true; an unknown code is answered with `receipt_unknown`.
    valid: bool,
    /// Instant, RFC 3339.
    transfer_time: String,
    /// How much.
    amount: Amount,
    /// Masked.
    payer_name: PersonalName,
    /// Masked; may be empty.
    payer_account: PersonalAccountNumber,
    /// Masked.
    payee_name: PersonalName,
    /// Masked; may be empty.
    payee_account: PersonalAccountNumber,
    /// Booking day.
    booked_on: String,
}

/// Checks the verification code of a receipt.
#[utoipa::path(get, path = "/api/accounts/receipt-checks/{verification_code}", tag = "accounts",
    operation_id = "accounts_check_receipt", params(("verification_code" = String, Path)),
    responses((status = 200, body = ReceiptCheckView), (status = 404, body = ProblemBody)))]
pub(crate) async fn check_receipt(
    State(accounts): State<Accounts>,
    Segments(code): Segments<String>,
) -> Result<Json<ReceiptCheckView>, Problem> {
    let checked = accounts.check_receipt(&code).await?;
    Ok(Json(ReceiptCheckView {
        valid: true,
        transfer_time: checked.at.to_string(),
        amount: checked.amount.into(),
        payer_name: PersonalName::new(checked.payer.name),
        payer_account: PersonalAccountNumber::new(checked.payer.account),
        payee_name: PersonalName::new(checked.payee.name),
        payee_account: PersonalAccountNumber::new(checked.payee.account),
        booked_on: checked.booked_on.to_string(),
    }))
}
