//! Routes for staff.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::AppendHeaders;
use contracts::Unavailable;
use contracts::identity::{EndReason, Principal};
use http::{Body, Problem, ProblemBody, Segments, Staff};
use ids::StaffId;

use super::caller::{DEVICE, DEVICE_KEPT_S, STAFF, cookie, no_cookie};
use super::shapes::{NewStaffRequest, StaffList, StaffSignInRequest, StaffView};
use crate::error::Refused;
use crate::service::{Caller, Identities, NewStaff};

type Cookies = AppendHeaders<Vec<(HeaderName, HeaderValue)>>;

/// Signs a member of staff in.
#[utoipa::path(post, path = "/api/identity/console/sign-in", tag = "identity", operation_id = "identity_console_sign_in",
    request_body = StaffSignInRequest,
    responses((status = 200, body = StaffView), (status = 401, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub(super) async fn sign_in(
    State(identities): State<Arc<Identities>>,
    caller: Caller,
    Body(request): Body<StaffSignInRequest>,
) -> Result<(Cookies, Json<StaffView>), Problem> {
    let deciding = Arc::clone(&identities);
    let decided = telemetry::to_its_end(async move {
        deciding.staff_sign_in(&request.name, &request.password, &caller).await
    });
    let signed_in = decided.await.map_err(|_| Unavailable::Stopping)??;
    let Principal::Staff(id, _) = signed_in.session.principal else { return Err(Refused::SignIn.into()) };
    let staff = identities.staff_member(id).await?;
    let settings = &identities.settings;
    let cookies = vec![
        cookie(settings, STAFF, &signed_in.token, settings.staff_whole_s),
        cookie(settings, DEVICE, &signed_in.device_token, DEVICE_KEPT_S),
    ];
    let view = StaffView::signed_in(&staff, &signed_in.session, Some(&signed_in.token));
    Ok((AppendHeaders(cookies), Json(view)))
}

/// Who is at the desk.
#[utoipa::path(get, path = "/api/identity/console/session", tag = "identity", operation_id = "identity_console_session",
    responses((status = 200, body = StaffView), (status = 401, body = ProblemBody)))]
pub(super) async fn session(
    State(identities): State<Arc<Identities>>,
    staff: Staff,
) -> Result<Json<StaffView>, Problem> {
    let row = identities.staff_member(staff.id).await?;
    Ok(Json(StaffView::signed_in(&row, &staff.session, None)))
}

/// Signs out of the console.
#[utoipa::path(post, path = "/api/identity/console/sign-out", tag = "identity",
    operation_id = "identity_console_sign_out", responses((status = 204), (status = 401, body = ProblemBody)))]
pub(super) async fn sign_out(
    State(identities): State<Arc<Identities>>,
    staff: Staff,
) -> Result<(StatusCode, [(HeaderName, HeaderValue); 1]), Problem> {
    let session = &staff.session;
    identities.end_session(&session.principal, session.id, EndReason::SignedOut).await?;
    Ok((StatusCode::NO_CONTENT, [no_cookie(&identities.settings, STAFF)]))
}

/// Everybody who may sign in to the console.
#[utoipa::path(get, path = "/api/identity/console/staff", tag = "identity", operation_id = "identity_console_staff",
    responses((status = 200, body = StaffList), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody)))]
pub(super) async fn staff(
    State(identities): State<Arc<Identities>>,
    _: Staff,
) -> Result<Json<StaffList>, Problem> {
    let staff = identities.staff().await?;
    Ok(Json(StaffList { staff: staff.iter().map(StaffView::listed).collect() }))
}

/// Adds a member of staff.
#[utoipa::path(post, path = "/api/identity/console/staff", tag = "identity", operation_id = "identity_console_add_staff",
    request_body = NewStaffRequest,
    responses((status = 201, body = StaffView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn add_staff(
    State(identities): State<Arc<Identities>>,
    _: Staff,
    Body(request): Body<NewStaffRequest>,
) -> Result<(StatusCode, Json<StaffView>), Problem> {
    let NewStaffRequest { name, password, role } = request;
    let added = identities.add_staff(&NewStaff { name, password, role: role.into() }).await?;
    Ok((StatusCode::CREATED, Json(StaffView::listed(&added))))
}

/// Removes a member of staff; their sessions end at once.
#[utoipa::path(delete, path = "/api/identity/console/staff/{id}", tag = "identity",
    operation_id = "identity_console_remove_staff", params(("id" = String, Path)),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn remove_staff(
    State(identities): State<Arc<Identities>>,
    staff: Staff,
    Segments(id): Segments<StaffId>,
) -> Result<StatusCode, Problem> {
    identities.remove_staff(staff.id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
