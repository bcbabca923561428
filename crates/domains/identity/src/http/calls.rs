//! Routes of signing in by phone: for the bank's telephone system, and for the customer in whose name a call asks.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use contracts::Unavailable;
use http::{Body, Customer, Problem, ProblemBody, Segments, ThirdParty};
use ids::CallId;

use super::shapes::Shown;
use super::shapes::calls::{
    CallApprovalRequest, CallBegunView, CallEnterRequest, CallList, CallProgress, CallRequest, CallToken,
    CallView,
};
use crate::service::{CallHeard, Identities};

/// Somebody calls. The answer is the same whether anybody has the number or not.
#[utoipa::path(post, path = "/api/identity/third-party/calls", tag = "identity",
    operation_id = "identity_third_party_begin_call", request_body = CallRequest,
    responses((status = 201, body = CallBegunView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub(super) async fn begin(
    State(identities): State<Arc<Identities>>,
    third_party: ThirdParty,
    Body(request): Body<CallRequest>,
) -> Result<(StatusCode, Json<CallBegunView>), Problem> {
    let begun = identities.begin_call(third_party.id, &third_party.session, &request.caller_number).await?;
    Ok((StatusCode::CREATED, Json(begun.into())))
}

/// Signs the caller in: with the payment PIN where it comes along, else once the customer approved in the app. Asked again
/// and again.
#[utoipa::path(post, path = "/api/identity/third-party/calls/{id}/session", tag = "identity",
    operation_id = "identity_third_party_enter_call", params(("id" = String, Path)), request_body = CallEnterRequest,
    responses((status = 200, body = CallToken), (status = 202, body = CallProgress),
        (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
        (status = 410, body = ProblemBody)))]
pub(super) async fn enter(
    State(identities): State<Arc<Identities>>,
    third_party: ThirdParty,
    Segments(id): Segments<CallId>,
    Body(request): Body<CallEnterRequest>,
) -> Result<Response, Problem> {
    // A PIN that was keyed in is decided, also where the telephone system hangs up meanwhile.
    let decided = telemetry::to_its_end(async move {
        identities.enter_by_call(&third_party.session, id, request.pin.as_ref()).await
    });
    Ok(match decided.await.map_err(|_| Unavailable::Stopping)?? {
        CallHeard::Open => (StatusCode::ACCEPTED, Json(CallProgress { state: "open" })).into_response(),
        CallHeard::SignedIn { token, expires_in_s } => {
            let token =
                CallToken { access_token: Shown::from(&token), token_type: "DPoP", expires_in: expires_in_s };
            ([(CACHE_CONTROL, "no-store")], Json(token)).into_response()
        }
    })
}

/// Calls that ask in the customer's name, the oldest first.
#[utoipa::path(get, path = "/api/identity/calls", tag = "identity", operation_id = "identity_calls",
    responses((status = 200, body = CallList), (status = 401, body = ProblemBody)))]
pub(super) async fn list(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
) -> Result<Json<CallList>, Problem> {
    let calls = identities.calls_of(customer.id).await?.into_iter().map(CallView::from).collect();
    Ok(Json(CallList { calls }))
}

/// The customer approves, and gives the number that is read out in the call. Asks first for a proof that the customer is
/// there.
#[utoipa::path(post, path = "/api/identity/calls/{id}/approval", tag = "identity",
    operation_id = "identity_approve_call", params(("id" = String, Path)), request_body = CallApprovalRequest,
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 410, body = ProblemBody)))]
pub(super) async fn approve(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
    Segments(id): Segments<CallId>,
    Body(CallApprovalRequest { number }): Body<CallApprovalRequest>,
) -> Result<StatusCode, Problem> {
    identities.approve_call(customer.id, &customer.session, id, number).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The customer refuses.
#[utoipa::path(post, path = "/api/identity/calls/{id}/refusal", tag = "identity",
    operation_id = "identity_refuse_call", params(("id" = String, Path)),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 410, body = ProblemBody)))]
pub(super) async fn refuse(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
    Segments(id): Segments<CallId>,
) -> Result<StatusCode, Problem> {
    identities.refuse_call(customer.id, &customer.session, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
