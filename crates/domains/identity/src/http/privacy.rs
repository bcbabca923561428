//! Routes: a copy of one's data, and being erased.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use contracts::messages::Language;
use http::{Customer, Problem, ProblemBody, Segments, Staff};
use ids::CustomerId;

use super::shapes::erasure::{ErasureState, ErasureView};
use super::shapes::export::ExportView;
use crate::error::Refused;
use crate::service::{Caller, Identities};

/// A copy of what the bank knows of the customer. Asks first for a proof that the customer is there.
#[utoipa::path(post, path = "/api/identity/export", tag = "identity", operation_id = "identity_export",
    responses((status = 200, body = ExportView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(super) async fn export(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
) -> Result<Json<ExportView>, Problem> {
    let exported = identities.export(customer.id, &customer.session).await?;
    let now = identities.clock.now().to_string();
    Ok(Json(ExportView::of(exported, &customer, now)))
}

/// Whether the customer is to be erased.
#[utoipa::path(get, path = "/api/identity/erasure", tag = "identity", operation_id = "identity_erasure",
    responses((status = 200, body = ErasureState), (status = 401, body = ProblemBody)))]
pub(super) async fn erasure(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
) -> Result<Json<ErasureState>, Problem> {
    state(&identities, customer.id).await
}

/// Asks that the customer be erased. Asks first for a proof that the customer is there; refused while accounts are open.
#[utoipa::path(post, path = "/api/identity/erasure", tag = "identity", operation_id = "identity_ask_erasure",
    responses((status = 202, body = ErasureView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn ask(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
    caller: Caller,
) -> Result<(StatusCode, Json<ErasureView>), Problem> {
    let english = caller.language == Language::English;
    let row = identities.ask_erasure(customer.id, &customer.session, english).await?;
    Ok((StatusCode::ACCEPTED, Json(ErasureView::from(&row))))
}

/// Takes it back.
#[utoipa::path(delete, path = "/api/identity/erasure", tag = "identity", operation_id = "identity_withdraw_erasure",
    responses((status = 204), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn withdraw(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
) -> Result<StatusCode, Problem> {
    identities.withdraw_erasure(customer.id, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whether a customer is to be erased.
#[utoipa::path(get, path = "/api/identity/console/erasures/{customer_id}", tag = "identity",
    operation_id = "identity_console_erasure", params(("customer_id" = String, Path)),
    responses((status = 200, body = ErasureState), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
pub(super) async fn console_erasure(
    State(identities): State<Arc<Identities>>,
    _: Staff,
    Segments(customer): Segments<CustomerId>,
) -> Result<Json<ErasureState>, Problem> {
    state(&identities, customer).await
}

/// Takes the request of a customer on paper; refused while accounts are open.
#[utoipa::path(post, path = "/api/identity/console/erasures/{customer_id}", tag = "identity",
    operation_id = "identity_console_take_erasure", params(("customer_id" = String, Path)),
    responses((status = 202, body = ErasureView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn console_take(
    State(identities): State<Arc<Identities>>,
    staff: Staff,
    Segments(customer): Segments<CustomerId>,
) -> Result<(StatusCode, Json<ErasureView>), Problem> {
    let row = identities.take_erasure(customer, staff.id).await?;
    Ok((StatusCode::ACCEPTED, Json(ErasureView::from(&row))))
}

async fn state(identities: &Identities, customer: CustomerId) -> Result<Json<ErasureState>, Problem> {
    let row: Result<_, Refused> = identities.erasure_of(customer).await;
    Ok(Json(ErasureState {
        erasure: row?.as_ref().map(ErasureView::from),
        wait_days: identities.settings.erasure_wait_days,
        kept_years: identities.settings.erasure_kept_years,
    }))
}
