//! Routes of what a customer is asked to approve.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use http::{Body, Customer, Problem, ProblemBody, Segments};
use ids::ApprovalId;

use super::shapes::approvals::{ApprovalList, ApprovalSigned, ApprovalView};
use super::shapes::passkeys::PasskeyRequest;
use crate::error::Refused;
use crate::service::{Caller, Identities};

/// What waits for the customer, the oldest first.
#[utoipa::path(get, path = "/api/identity/approvals", tag = "identity", operation_id = "identity_approvals",
    responses((status = 200, body = ApprovalList), (status = 401, body = ProblemBody)))]
pub(super) async fn list(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
) -> Result<Json<ApprovalList>, Problem> {
    let seen = identities.approvals_of(customer.id).await?;
    let approvals = seen.iter().map(|seen| ApprovalView::of(seen, &customer)).collect();
    Ok(Json(ApprovalList { approvals }))
}

/// One of them, waiting or not.
#[utoipa::path(get, path = "/api/identity/approvals/{id}", tag = "identity", operation_id = "identity_approval",
    params(("id" = String, Path)),
    responses((status = 200, body = ApprovalView), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn show(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
    Segments(id): Segments<ApprovalId>,
) -> Result<Json<ApprovalView>, Problem> {
    let seen = identities.approval_of(customer.id, id).await?;
    Ok(Json(ApprovalView::of(&seen, &customer)))
}

/// What to ask a passkey for: its challenge is the SHA-256 of the act, so that what is shown is what is signed.
#[utoipa::path(post, path = "/api/identity/approvals/{id}/options", tag = "identity",
    operation_id = "identity_begin_approval", params(("id" = String, Path)),
    responses((status = 200, body = PasskeyRequest), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn begin(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
    caller: Caller,
    Segments(id): Segments<ApprovalId>,
) -> Result<Json<PasskeyRequest>, Problem> {
    Ok(Json(PasskeyRequest { public_key: identities.begin_approval(customer.id, id, &caller).await? }))
}

/// Approves, with the signature of a passkey over the act.
#[utoipa::path(post, path = "/api/identity/approvals/{id}", tag = "identity", operation_id = "identity_approve",
    params(("id" = String, Path)), request_body = ApprovalSigned,
    responses((status = 200, body = ApprovalView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn approve(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
    caller: Caller,
    Segments(id): Segments<ApprovalId>,
    Body(request): Body<ApprovalSigned>,
) -> Result<Json<ApprovalView>, Problem> {
    let kept = request.credential.to_string().into_bytes();
    let assertion =
        serde_json::from_value(request.credential).map_err(|_| Refused::Passkey("passkey_malformed"))?;
    let signed = (&assertion, kept.as_slice());
    let seen = identities.approve(customer.id, &customer.session, id, signed, &caller).await?;
    Ok(Json(ApprovalView::of(&seen, &customer)))
}

/// Refuses: nothing is moved.
#[utoipa::path(post, path = "/api/identity/approvals/{id}/refuse", tag = "identity", operation_id = "identity_refuse",
    params(("id" = String, Path)),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 409, body = ProblemBody)))]
pub(super) async fn refuse(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
    Segments(id): Segments<ApprovalId>,
) -> Result<StatusCode, Problem> {
    identities.refuse(customer.id, &customer.session, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
