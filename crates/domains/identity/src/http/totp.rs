//! Routes of a customer's authenticator app.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use http::{Body, Customer, Problem, ProblemBody};

use super::shapes::totp::{TotpConfirmation, TotpSecret, TotpState, TotpView};
use crate::service::{Caller, Identities};

/// Whether the customer has an authenticator app.
#[utoipa::path(get, path = "/api/identity/totp", tag = "identity", operation_id = "identity_totp",
    responses((status = 200, body = TotpState), (status = 401, body = ProblemBody)))]
pub(super) async fn show(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
) -> Result<Json<TotpState>, Problem> {
    let row = identities.totp_of(customer.id).await?;
    Ok(Json(TotpState { totp: row.as_ref().map(TotpView::of) }))
}

/// Shows a new secret, once. Asks first for a proof that the customer is there; an app that is in force stays so until the
/// new one is confirmed.
#[utoipa::path(post, path = "/api/identity/totp/secret", tag = "identity", operation_id = "identity_begin_totp",
    responses((status = 201, body = TotpSecret), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(super) async fn begin(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
) -> Result<(StatusCode, Json<TotpSecret>), Problem> {
    let shown = identities.begin_totp(customer.id, &customer.session).await?;
    Ok((StatusCode::CREATED, Json(TotpSecret::from(&shown))))
}

/// Puts the secret that was shown in force, by a code of it.
#[utoipa::path(post, path = "/api/identity/totp", tag = "identity", operation_id = "identity_confirm_totp",
    request_body = TotpConfirmation,
    responses((status = 201, body = TotpView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 409, body = ProblemBody)))]
pub(super) async fn confirm(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
    caller: Caller,
    Body(request): Body<TotpConfirmation>,
) -> Result<(StatusCode, Json<TotpView>), Problem> {
    let row = identities.confirm_totp(customer.id, &customer.session, &request.code, &caller).await?;
    Ok((StatusCode::CREATED, Json(TotpView::of(&row))))
}

/// Removes the authenticator app. Asks first for a proof that the customer is there.
#[utoipa::path(delete, path = "/api/identity/totp", tag = "identity", operation_id = "identity_remove_totp",
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
pub(super) async fn remove(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
    caller: Caller,
) -> Result<StatusCode, Problem> {
    identities.remove_totp(customer.id, &customer.session, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
