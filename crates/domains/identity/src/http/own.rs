//! Routes for customers who are signed in: their sessions, password and PIN.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::AppendHeaders;
use contracts::identity::EndReason;
use http::{Body, Customer, Params, Problem, ProblemBody, Segments};
use ids::SessionId;

use super::caller::{SESSION, no_cookie};
use super::customer::Cookies;
use super::shapes::sign_ins::{SignInList, SignInView, SignInsAsked};
use super::shapes::{PasswordRequest, PinRequest, SessionList, SessionListItem, SessionView};
use crate::error::{Field, Refused};
use crate::service::{Caller, Identities, PasswordProof};

/// Who is signed in.
#[utoipa::path(get, path = "/api/identity/session", tag = "identity", operation_id = "identity_session",
    responses((status = 200, body = SessionView), (status = 401, body = ProblemBody)))]
pub(super) async fn session(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
) -> Result<Json<SessionView>, Problem> {
    Ok(Json(SessionView::of(&identities, &customer.session, None).await?))
}

/// Signs out. The cookie is that of the page around, where a mini-program signs itself out.
#[utoipa::path(post, path = "/api/identity/sign-out", tag = "identity", operation_id = "identity_sign_out",
    responses((status = 204), (status = 401, body = ProblemBody)))]
pub(super) async fn sign_out(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
) -> Result<(StatusCode, Cookies), Problem> {
    let session = &customer.session;
    identities.end_session(&session.principal, session.id, EndReason::SignedOut).await?;
    let has_cookie = !session.channel.needs_app();
    let cookies = has_cookie.then(|| no_cookie(&identities.settings, SESSION));
    Ok((StatusCode::NO_CONTENT, AppendHeaders(cookies.into_iter().collect())))
}

/// Where the customer is signed in.
#[utoipa::path(get, path = "/api/identity/sessions", tag = "identity", operation_id = "identity_sessions",
    responses((status = 200, body = SessionList), (status = 401, body = ProblemBody)))]
pub(super) async fn sessions(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
) -> Result<Json<SessionList>, Problem> {
    let seen = identities.sessions_of(customer.id).await?;
    Ok(Json(SessionList {
        sessions: seen.iter().map(|seen| SessionListItem::of(seen, &customer.session, customer.id)).collect(),
    }))
}

/// Who signed in as the customer, or was refused, the newest first.
#[utoipa::path(get, path = "/api/identity/sign-ins", tag = "identity", operation_id = "identity_sign_ins",
    params(SignInsAsked),
    responses((status = 200, body = SignInList), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody)))]
pub(super) async fn sign_ins(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
    Params(asked): Params<SignInsAsked>,
) -> Result<Json<SignInList>, Problem> {
    let (rows, next) = identities.sign_ins_of(customer.id, asked.before.as_deref()).await?;
    let sign_ins = rows.iter().map(|row| SignInView::of(row, customer.id)).collect();
    Ok(Json(SignInList { sign_ins, next: next.map(|id| id.to_string()) }))
}

/// Ends one of the customer's sessions at once.
#[utoipa::path(delete, path = "/api/identity/sessions/{id}", tag = "identity", operation_id = "identity_end_session",
    params(("id" = String, Path)),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn end_session(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
    Segments(id): Segments<SessionId>,
) -> Result<StatusCode, Problem> {
    identities.end_session(&customer.session.principal, id, EndReason::Revoked).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sets the payment PIN, with the password.
#[utoipa::path(put, path = "/api/identity/pin", tag = "identity", operation_id = "identity_set_pin",
    request_body = PinRequest,
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub(super) async fn set_pin(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
    Body(request): Body<PinRequest>,
) -> Result<StatusCode, Problem> {
    let PinRequest { password, pin, sealed_by } = request;
    let [password, pin] = identities.unsealed(sealed_by.as_deref(), [password, pin]).await?;
    identities.set_pin(customer.id, &customer.session, &password, &pin).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Replaces the password, with the old one or a passkey; every other session of the customer ends.
#[utoipa::path(put, path = "/api/identity/password", tag = "identity", operation_id = "identity_change_password",
    request_body = PasswordRequest,
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub(super) async fn change_password(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
    caller: Caller,
    Body(request): Body<PasswordRequest>,
) -> Result<StatusCode, Problem> {
    let PasswordRequest { old, credential, new, sealed_by } = request;
    let (old, new) = match old {
        Some(old) => {
            let [old, new] = identities.unsealed(sealed_by.as_deref(), [old, new]).await?;
            (Some(old), new)
        }
        None => {
            let [new] = identities.unsealed(sealed_by.as_deref(), [new]).await?;
            (None, new)
        }
    };
    let proof = match (&old, &credential) {
        (Some(old), None) => PasswordProof::Old(old),
        (None, Some(credential)) => PasswordProof::Passkey(credential),
        _ => return Err(Refused::Invalid(Field::Proof).into()),
    };
    identities.change_password(customer.id, &customer.session, proof, &new, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
