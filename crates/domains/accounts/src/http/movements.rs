//! Routes for customers: history, one movement, its receipt.

use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use contracts::accounts::Right;
use http::{Customer, Lang, Params, Problem, ProblemBody, Segments};
use ids::{AccountId, TransferId};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Accounts;
use super::shapes::{MovementView, MovementsQuery, MovementsView, ReceiptView};
use crate::service::TextIs;

/// Movements of an account, newest first.
#[utoipa::path(get, path = "/api/accounts/{id}/movements", tag = "accounts", operation_id = "accounts_movements",
    params(("id" = String, Path), MovementsQuery),
    responses((status = 200, body = MovementsView), (status = 401, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(crate) async fn list(
    State(accounts): State<Accounts>,
    customer: Customer,
    Segments(id): Segments<AccountId>,
    Params(query): Params<MovementsQuery>,
) -> Result<Json<MovementsView>, Problem> {
    let (account, _) = accounts.permitted(customer.id, id, Right::See).await?;
    let filter = query.filter(id, account.currency, TextIs::Part)?;
    let page = accounts.page(&account, filter).await?;
    Ok(Json(MovementsView::of(page, account.currency, Some(customer.id))))
}

/// One movement, with the code that verifies its receipt.
#[utoipa::path(get, path = "/api/accounts/{id}/movements/{transfer_id}", tag = "accounts",
    operation_id = "accounts_movement", params(("id" = String, Path), ("transfer_id" = String, Path)),
    responses((status = 200, body = MovementView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(crate) async fn show(
    State(accounts): State<Accounts>,
    customer: Customer,
    Segments((id, transfer)): Segments<(AccountId, TransferId)>,
) -> Result<Json<MovementView>, Problem> {
    let (account, _) = accounts.permitted(customer.id, id, Right::See).await?;
    let shown = accounts.movement(&account, transfer).await?;
    let code = accounts.give_code(id, transfer).await?;
    let mut view = MovementView::of(shown, account.currency, Some(customer.id));
    view.receipt = Some(ReceiptView { verification_code: code.to_string() });
    Ok(Json(view))
}

/// In which language.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReceiptQuery {
    /// `zh` or `en`; by `Accept-Language` where absent.
    lang: Option<String>,
}

/// The receipt of a movement.
#[utoipa::path(get, path = "/api/accounts/{id}/movements/{transfer_id}/receipt", tag = "accounts",
    operation_id = "accounts_receipt", params(("id" = String, Path), ("transfer_id" = String, Path), ReceiptQuery),
    responses((status = 200, description = "A PDF file", content_type = "application/pdf", body = Vec<u8>),
        (status = 401, body = ProblemBody), (status = 404, body = ProblemBody), (status = 503, body = ProblemBody)))]
pub(crate) async fn receipt(
    State(accounts): State<Accounts>,
    customer: Customer,
    preferred: Lang,
    Segments((id, transfer)): Segments<(AccountId, TransferId)>,
    Params(query): Params<ReceiptQuery>,
) -> Result<Response, Problem> {
    let (account, _) = accounts.permitted(customer.id, id, Right::See).await?;
    let lang = match query.lang.as_deref() {
        Some("en") => Lang::English,
        Some(_) => Lang::Chinese,
        None => preferred,
    };
    let pdf = accounts.receipt(&account, transfer, lang).await?;
    let headers = [
        (CONTENT_TYPE, "application/pdf".to_owned()),
        (CACHE_CONTROL, "private, no-store".to_owned()),
        (CONTENT_DISPOSITION, format!("inline; filename=\"receipt-{transfer}.pdf\"")),
    ];
    Ok((headers, pdf).into_response())
}
