//! Routes of signing in by scanning a code with a phone that is signed in.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use http::{Body, Customer, Problem, ProblemBody, Segments};
use ids::ScanId;

use super::caller::device_cookie;
use super::customer::{Cookies, welcome};
use super::shapes::scans::{ScanApproval, ScanCode, ScanProgress, ScanTaken, ScanView};
use super::shapes::{SessionView, Shown};
use crate::service::{Caller, Identities, ScanSeen};

/// A code for a page to show at the door.
#[utoipa::path(post, path = "/api/identity/scans", tag = "identity", operation_id = "identity_begin_scan",
    responses((status = 201, body = ScanCode), (status = 429, body = ProblemBody)))]
pub(super) async fn begin(
    State(identities): State<Arc<Identities>>,
    caller: Caller,
) -> Result<(StatusCode, Cookies, Json<ScanCode>), Problem> {
    let begun = identities.begin_scan(&caller).await?;
    let cookies = device_cookie(&identities.settings, &caller, &begun.device_token);
    let code = ScanCode {
        id: begun.id.to_string(),
        code: Shown::from(&begun.code),
        expires_in_s: begun.expires_in_s,
    };
    Ok((StatusCode::CREATED, cookies, Json(code)))
}

/// How far the scan is; once the owner of the phone approved, signs in the page that asks. Asked again and again.
#[utoipa::path(post, path = "/api/identity/scans/{id}/session", tag = "identity",
    operation_id = "identity_sign_in_by_scan", params(("id" = String, Path)),
    responses((status = 200, body = SessionView), (status = 202, body = ScanProgress),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 410, body = ProblemBody)))]
pub(super) async fn sign_in(
    State(identities): State<Arc<Identities>>,
    caller: Caller,
    Segments(id): Segments<ScanId>,
) -> Result<Response, Problem> {
    let waits = |state, number| (StatusCode::ACCEPTED, Json(ScanProgress { state, number })).into_response();
    Ok(match identities.enter_by_scan(id, &caller).await? {
        ScanSeen::Open => waits("open", None),
        ScanSeen::Scanned(number) => waits("scanned", Some(number)),
        ScanSeen::SignedIn(signed_in) => welcome(&identities, &signed_in, StatusCode::OK).await?,
    })
}

/// The phone has read a code: it is the phone's, and shows which page asks.
#[utoipa::path(post, path = "/api/identity/scans/taken", tag = "identity", operation_id = "identity_take_scan",
    request_body = ScanTaken,
    responses((status = 200, body = ScanView), (status = 401, body = ProblemBody), (status = 410, body = ProblemBody)))]
pub(super) async fn take(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
    caller: Caller,
    Body(taken): Body<ScanTaken>,
) -> Result<Json<ScanView>, Problem> {
    let asked = identities.take_scan(customer.id, &customer.session, &taken.code, &caller).await?;
    Ok(Json(ScanView::of(&asked, customer.id)))
}

/// The customer approves, and gives the number that the page shows. Asks first for a proof that the customer is there.
#[utoipa::path(post, path = "/api/identity/scans/{id}/approval", tag = "identity",
    operation_id = "identity_approve_scan", params(("id" = String, Path)), request_body = ScanApproval,
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 410, body = ProblemBody)))]
pub(super) async fn approve(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
    Segments(id): Segments<ScanId>,
    Body(ScanApproval { number }): Body<ScanApproval>,
) -> Result<StatusCode, Problem> {
    identities.approve_scan(&customer.session, id, number).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The customer refuses.
#[utoipa::path(post, path = "/api/identity/scans/{id}/refusal", tag = "identity",
    operation_id = "identity_refuse_scan", params(("id" = String, Path)),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 410, body = ProblemBody)))]
pub(super) async fn refuse(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
    Segments(id): Segments<ScanId>,
) -> Result<StatusCode, Problem> {
    identities.refuse_scan(&customer.session, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
