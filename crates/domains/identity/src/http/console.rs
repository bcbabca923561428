//! Routes for staff: their own session, and the list of all.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use contracts::identity::EndReason;
use http::{Body, Problem, ProblemBody, Segments, Staff};
use ids::StaffId;

use super::caller::{STAFF, no_cookie};
use super::shapes::staff::{NewStaffRequest, StaffEnrollmentView, StaffList, StaffView};
use crate::error::{Field, Refused};
use crate::model::name;
use crate::service::{Identities, NewStaff};

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

/// Adds a member of staff; with the code, which is shown here alone, they register a passkey.
#[utoipa::path(post, path = "/api/identity/console/staff", tag = "identity", operation_id = "identity_console_add_staff",
    request_body = NewStaffRequest,
    responses((status = 201, body = StaffEnrollmentView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn add_staff(
    State(identities): State<Arc<Identities>>,
    staff: Staff,
    Body(request): Body<NewStaffRequest>,
) -> Result<(StatusCode, Json<StaffEnrollmentView>), Problem> {
    let NewStaffRequest { name, role } = request;
    let (added, given) = identities.add_staff(staff.id, &NewStaff { name, role: role.into() }).await?;
    Ok((StatusCode::CREATED, Json(StaffEnrollmentView::of(&added, &given))))
}

/// Gives a member of staff who lost their passkey a new code: their passkeys are gone, and their sessions end at once.
#[utoipa::path(post, path = "/api/identity/console/staff/{id}/enrollment", tag = "identity",
    operation_id = "identity_console_enroll_staff", params(("id" = String, Path)),
    responses((status = 201, body = StaffEnrollmentView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn enroll_staff(
    State(identities): State<Arc<Identities>>,
    staff: Staff,
    Segments(id): Segments<StaffId>,
) -> Result<(StatusCode, Json<StaffEnrollmentView>), Problem> {
    let (enrolled, given) = identities.enroll_again(staff.id, id).await?;
    Ok((StatusCode::CREATED, Json(StaffEnrollmentView::of(&enrolled, &given))))
}

/// What is wrong with somebody to be added, before another is asked to countersign it.
pub(super) fn check_new(body: &[u8]) -> Result<(), Problem> {
    let NewStaffRequest { name, .. } = Body::read(body)?;
    name::staff(&name).ok_or(Refused::Invalid(Field::StaffName))?;
    Ok(())
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
