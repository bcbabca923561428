//! Routes for third parties.

use axum::Json;
use axum::extract::State;
use http::{Body, Problem, ProblemBody, ThirdParty};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::transfers::NAME_MAX;
use super::{Payments, checked_text};

/// Digits of an account number with spaces between, at most.
const NUMBER_MAX: usize = 32;

/// Whose name to check.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountNameCheckBody {
    /// A 19-digit account number.
    account_number: String,
    /// Full name of its owner.
    name: String,
}

/// How the name compares. Nothing else is told of the account or of whether there is one.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountNameCheckView {
    /// `match`, `close` or `no_match`.
    r#match: &'static str,
}

/// Whether a name is that of the owner of an account.
#[utoipa::path(post, path = "/api/payments/third-party/payee-checks", tag = "payments",
    operation_id = "payments_third_party_payee_check", request_body = AccountNameCheckBody,
    responses((status = 200, body = AccountNameCheckView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub(crate) async fn check(
    State(payments): State<Payments>,
    third_party: ThirdParty,
    Body(body): Body<AccountNameCheckBody>,
) -> Result<Json<AccountNameCheckView>, Problem> {
    let name = checked_text("name", &body.name, NAME_MAX)?;
    let number = checked_text("account_number", &body.account_number, NUMBER_MAX)?;
    let likeness = payments.check_name_for(third_party.id, &number, &name).await?;
    Ok(Json(AccountNameCheckView { r#match: likeness.word() }))
}
