//! Routes for staff: one field of an account or of a movement, whole. The audit record holds who saw it, why and for which
//! case, before it is answered.

use axum::extract::State;
use contracts::audit::Field;
use http::{Body, Consequence, Problem, ProblemBody, Segments, Staff, UnmaskBody, Unmasked, UnmaskedView};
use ids::{AccountId, TransferId};

use super::Accounts;
use crate::error::AccountsRefused;

/// The number of an account, whole.
#[utoipa::path(post, path = "/api/accounts/console/{id}/unmask", tag = "accounts",
    operation_id = "accounts_console_unmask", params(("id" = String, Path)), request_body = UnmaskBody,
    responses((status = 200, body = UnmaskedView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody),
        (status = 429, body = ProblemBody)))]
pub(crate) async fn account(
    State(accounts): State<Accounts>,
    _: Staff,
    Segments(id): Segments<AccountId>,
    Body(body): Body<UnmaskBody>,
) -> Result<Unmasked, Problem> {
    let unmasking = body.checked()?;
    let account = accounts.find(id).await?.ok_or(AccountsRefused::NotFound)?;
    match unmasking.field {
        Field::AccountNumber => Ok(unmasking.shows(account.number)),
        _ => Err(unmasking.elsewhere()),
    }
}

/// The other party of a movement, or what the payer wrote, whole.
#[utoipa::path(post, path = "/api/accounts/console/{id}/movements/{transfer_id}/unmask", tag = "accounts",
    operation_id = "accounts_console_unmask_movement",
    params(("id" = String, Path), ("transfer_id" = String, Path)), request_body = UnmaskBody,
    responses((status = 200, body = UnmaskedView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 422, body = ProblemBody),
        (status = 429, body = ProblemBody)))]
pub(crate) async fn movement(
    State(accounts): State<Accounts>,
    _: Staff,
    Segments((id, transfer)): Segments<(AccountId, TransferId)>,
    Body(body): Body<UnmaskBody>,
) -> Result<Unmasked, Problem> {
    let unmasking = body.checked()?;
    let account = accounts.find(id).await?.ok_or(AccountsRefused::NotFound)?;
    let narrative = accounts.movement(&account, transfer).await?.narrative;
    let whole = match unmasking.field {
        Field::CounterpartyName => narrative.map(|narrative| narrative.counterparty_name),
        Field::Memo => narrative.map(|narrative| narrative.memo),
        _ => return Err(unmasking.elsewhere()),
    };
    let whole = whole.filter(|whole| !whole.is_empty());
    Ok(unmasking.shows(whole.ok_or_else(Consequence::not_found)?))
}
