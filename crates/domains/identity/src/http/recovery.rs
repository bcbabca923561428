//! Routes of forgotten passwords: asking for a new one, refusing it, vouching for whoever asks.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use contracts::Unavailable;
use http::{Body, Customer, Problem, ProblemBody, Segments, Staff};
use ids::{CustomerId, RecoveryId};

use super::shapes::PasswordResetRequest;
use super::shapes::recovery::{
    ConsoleRecovery, ConsoleRecoveryList, RecoveryList, RecoveryView, RecoveryWaits,
};
use crate::service::{Caller, Forgotten, Identities, Recovered};

/// Sets a new password for the one who holds the phone and knows the identity number; every session of theirs ends. On
/// a device that the bank does not know, only after waiting: 202 says from when to ask again.
#[utoipa::path(post, path = "/api/identity/password-resets", tag = "identity", operation_id = "identity_reset_password",
    request_body = PasswordResetRequest,
    responses((status = 202, body = RecoveryWaits), (status = 204), (status = 403, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub(super) async fn ask(
    State(identities): State<Arc<Identities>>,
    caller: Caller,
    Body(request): Body<PasswordResetRequest>,
) -> Result<Response, Problem> {
    let PasswordResetRequest { phone, code, id_number, password, sealed_by } = request;
    let [new] = identities.unsealed(sealed_by.as_deref(), [password]).await?;
    // A try at the identity number is counted before it is decided: whoever hangs up is not held for it.
    let decided = telemetry::to_its_end(async move {
        identities.recover(&Forgotten { phone, code, id_number, new }, &caller).await
    });
    Ok(match decided.await.map_err(|_| Unavailable::Stopping)?? {
        Recovered::Done => StatusCode::NO_CONTENT.into_response(),
        Recovered::Waits { ready_at, expires_at } => {
            let waits = RecoveryWaits { ready_at: ready_at.to_string(), expires_at: expires_at.to_string() };
            (StatusCode::ACCEPTED, Json(waits)).into_response()
        }
    })
}

/// Who waits for a new password of the customer.
#[utoipa::path(get, path = "/api/identity/recoveries", tag = "identity", operation_id = "identity_recoveries",
    responses((status = 200, body = RecoveryList), (status = 401, body = ProblemBody)))]
pub(super) async fn list(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
) -> Result<Json<RecoveryList>, Problem> {
    let rows = identities.recoveries_of(customer.id).await?;
    Ok(Json(RecoveryList { recoveries: rows.iter().map(RecoveryView::of).collect() }))
}

/// The customer has forgotten nothing: nobody gets a new password.
#[utoipa::path(delete, path = "/api/identity/recoveries", tag = "identity",
    operation_id = "identity_refuse_recoveries", responses((status = 204), (status = 401, body = ProblemBody)))]
pub(super) async fn refuse(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
    caller: Caller,
) -> Result<StatusCode, Problem> {
    identities.refuse_recoveries(customer.id, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who waits for a new password of a customer.
#[utoipa::path(get, path = "/api/identity/console/customers/{customer_id}/recoveries", tag = "identity",
    operation_id = "identity_console_recoveries", params(("customer_id" = String, Path)),
    responses((status = 200, body = ConsoleRecoveryList), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody)))]
pub(super) async fn console_list(
    State(identities): State<Arc<Identities>>,
    staff: Staff,
    Segments(customer): Segments<CustomerId>,
) -> Result<Json<ConsoleRecoveryList>, Problem> {
    let rows = identities.recoveries_of(customer).await?;
    let recoveries = rows.iter().map(|row| ConsoleRecovery::of(row, staff.id)).collect();
    Ok(Json(ConsoleRecoveryList { recoveries }))
}

/// The customer is here, and so are their documents. The second member of staff who says so ends the waiting.
#[utoipa::path(post, path = "/api/identity/console/customers/{customer_id}/recoveries/{recovery_id}/vouch",
    tag = "identity", operation_id = "identity_console_vouch",
    params(("customer_id" = String, Path), ("recovery_id" = String, Path)),
    responses((status = 200, body = ConsoleRecovery), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn vouch(
    State(identities): State<Arc<Identities>>,
    staff: Staff,
    Segments((customer, id)): Segments<(CustomerId, RecoveryId)>,
) -> Result<Json<ConsoleRecovery>, Problem> {
    let row = identities.vouch(customer, id, staff.id).await?;
    Ok(Json(ConsoleRecovery::of(&row, staff.id)))
}
