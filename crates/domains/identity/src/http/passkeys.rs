//! Routes of passkeys: signing in with one, adding and removing them, proving once more to be there.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use contracts::identity::Session;
use http::{Body, Customer, Problem, ProblemBody, Segments, Staff};
use ids::PasskeyId;

use super::customer::welcome;
use super::shapes::SessionView;
use super::shapes::passkeys::{
    PasskeyCreation, PasskeyList, PasskeyMade, PasskeyRequest, PasskeySigned, PasskeyView, StepUpRequest,
};
use crate::error::{Field, Refused};
use crate::service::{Caller, Identities};

/// What to ask a passkey for at the door.
#[utoipa::path(post, path = "/api/identity/passkeys/sign-in/options", tag = "identity",
    operation_id = "identity_begin_passkey_sign_in",
    responses((status = 200, body = PasskeyRequest), (status = 403, body = ProblemBody)))]
pub(super) async fn begin_sign_in(
    State(identities): State<Arc<Identities>>,
    caller: Caller,
) -> Result<Json<PasskeyRequest>, Problem> {
    Ok(Json(PasskeyRequest { public_key: identities.begin_passkey_sign_in(&caller)? }))
}

/// Signs in the owner of the passkey that signed.
#[utoipa::path(post, path = "/api/identity/passkeys/sign-in", tag = "identity",
    operation_id = "identity_sign_in_with_passkey", request_body = PasskeySigned,
    responses((status = 200, body = SessionView), (status = 403, body = ProblemBody)))]
pub(super) async fn sign_in(
    State(identities): State<Arc<Identities>>,
    caller: Caller,
    Body(request): Body<PasskeySigned>,
) -> Result<Response, Problem> {
    let signed_in = identities.sign_in_with_passkey(&request.credential, &caller).await?;
    Ok(welcome(&identities, &signed_in, StatusCode::OK).await?)
}

/// The customer's passkeys, the oldest first.
#[utoipa::path(get, path = "/api/identity/passkeys", tag = "identity", operation_id = "identity_passkeys",
    responses((status = 200, body = PasskeyList), (status = 401, body = ProblemBody)))]
pub(super) async fn list(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
) -> Result<Json<PasskeyList>, Problem> {
    let rows = identities.passkeys_of(customer.id).await?;
    Ok(Json(PasskeyList { passkeys: rows.iter().map(|row| PasskeyView::of(row, customer.id)).collect() }))
}

/// What to ask the browser for, to make a passkey. Asks first for a proof that the customer is there.
#[utoipa::path(post, path = "/api/identity/passkeys/options", tag = "identity",
    operation_id = "identity_begin_passkey",
    responses((status = 200, body = PasskeyCreation), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn begin(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
    caller: Caller,
) -> Result<Json<PasskeyCreation>, Problem> {
    let public_key = identities.begin_passkey(customer.id, &customer.session, &caller).await?;
    Ok(Json(PasskeyCreation { public_key }))
}

/// Adds the passkey that the browser made.
#[utoipa::path(post, path = "/api/identity/passkeys", tag = "identity", operation_id = "identity_add_passkey",
    request_body = PasskeyMade,
    responses((status = 201, body = PasskeyView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn add(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
    caller: Caller,
    Body(request): Body<PasskeyMade>,
) -> Result<(StatusCode, Json<PasskeyView>), Problem> {
    let row = identities.add_passkey(customer.id, &customer.session, &request.credential, &caller).await?;
    Ok((StatusCode::CREATED, Json(PasskeyView::of(&row, customer.id))))
}

/// Removes a passkey. Asks first for a proof that the customer is there.
#[utoipa::path(delete, path = "/api/identity/passkeys/{id}", tag = "identity",
    operation_id = "identity_remove_passkey", params(("id" = String, Path)),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
pub(super) async fn remove(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
    caller: Caller,
    Segments(id): Segments<PasskeyId>,
) -> Result<StatusCode, Problem> {
    identities.remove_passkey(customer.id, &customer.session, id, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What to ask one of the customer's passkeys for.
#[utoipa::path(post, path = "/api/identity/step-up/options", tag = "identity",
    operation_id = "identity_begin_step_up",
    responses((status = 200, body = PasskeyRequest), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody)))]
pub(super) async fn begin_step_up(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
    caller: Caller,
) -> Result<Json<PasskeyRequest>, Problem> {
    let public_key = identities.begin_step_up(&customer.session, &caller).await?;
    Ok(Json(PasskeyRequest { public_key }))
}

/// Proves that the customer is there, with the password, a passkey or the authenticator app.
#[utoipa::path(post, path = "/api/identity/step-up", tag = "identity", operation_id = "identity_step_up",
    request_body = StepUpRequest,
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub(super) async fn step_up(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
    caller: Caller,
    Body(request): Body<StepUpRequest>,
) -> Result<StatusCode, Problem> {
    prove(&identities, &customer.session, request, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The owner of `session` proves to be there in the way that was chosen.
async fn prove(
    identities: &Identities,
    session: &Session,
    request: StepUpRequest,
    caller: &Caller,
) -> Result<(), Refused> {
    let password = identities.unsealed_if_any(request.sealed_by.as_deref(), request.password).await?;
    match (&password, &request.credential, &request.totp) {
        (Some(password), None, None) => identities.step_up_with_password(session, password).await,
        (None, Some(credential), None) => identities.step_up_with_passkey(session, credential, caller).await,
        (None, None, Some(code)) => identities.step_up_with_totp(session, code).await,
        _ => Err(Refused::Invalid(Field::Proof)),
    }
}

/// What to ask the passkey of the member of staff for.
#[utoipa::path(post, path = "/api/identity/console/step-up/options", tag = "identity",
    operation_id = "identity_console_begin_step_up",
    responses((status = 200, body = PasskeyRequest), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody)))]
pub(super) async fn begin_staff_step_up(
    State(identities): State<Arc<Identities>>,
    staff: Staff,
    caller: Caller,
) -> Result<Json<PasskeyRequest>, Problem> {
    Ok(Json(PasskeyRequest { public_key: identities.begin_step_up(&staff.session, &caller).await? }))
}

/// Proves that the member of staff is there, with their passkey; with a password where the bank is a demonstration.
#[utoipa::path(post, path = "/api/identity/console/step-up", tag = "identity",
    operation_id = "identity_console_step_up", request_body = StepUpRequest,
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub(super) async fn staff_step_up(
    State(identities): State<Arc<Identities>>,
    staff: Staff,
    caller: Caller,
    Body(request): Body<StepUpRequest>,
) -> Result<StatusCode, Problem> {
    prove(&identities, &staff.session, request, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
