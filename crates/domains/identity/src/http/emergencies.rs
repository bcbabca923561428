//! Routes of emergencies.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use http::{Body, Problem, ProblemBody, Segments, Staff};
use ids::EmergencyId;

use super::shapes::two_eyes::{EmergencyList, EmergencyRequest, EmergencyReviewRequest, EmergencyView};
use crate::service::Identities;

/// Emergencies: those under way, those that nobody has looked at, and those of late.
#[utoipa::path(get, path = "/api/identity/console/emergencies", tag = "identity",
    operation_id = "identity_console_emergencies",
    responses((status = 200, body = EmergencyList), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody)))]
pub(super) async fn list(
    State(identities): State<Arc<Identities>>,
    staff: Staff,
) -> Result<Json<EmergencyList>, Problem> {
    let seen = identities.emergencies().await?;
    let emergencies = seen.iter().map(|one| EmergencyView::of(one, &staff)).collect();
    Ok(Json(EmergencyList { emergencies, lasts_s: identities.settings.emergency_s }))
}

/// Declares one: for a while this session may do more than usual. Everybody sees it, and another looks at it afterwards.
#[utoipa::path(post, path = "/api/identity/console/emergencies", tag = "identity",
    operation_id = "identity_console_begin_emergency", request_body = EmergencyRequest,
    responses((status = 201, body = EmergencyView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody),
        (status = 429, body = ProblemBody)))]
pub(super) async fn begin(
    State(identities): State<Arc<Identities>>,
    staff: Staff,
    Body(request): Body<EmergencyRequest>,
) -> Result<(StatusCode, Json<EmergencyView>), Problem> {
    let reference = http::case_number(&request.reference)?;
    let begun = identities.begin_emergency(staff.id, &staff.session, (request.reason, reference)).await?;
    Ok((StatusCode::CREATED, Json(EmergencyView::of(&begun, &staff))))
}

/// Ends one's own before its time.
#[utoipa::path(delete, path = "/api/identity/console/emergencies/{emergency_id}", tag = "identity",
    operation_id = "identity_console_end_emergency", params(("emergency_id" = String, Path)),
    responses((status = 200, body = EmergencyView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn end(
    State(identities): State<Arc<Identities>>,
    staff: Staff,
    Segments(id): Segments<EmergencyId>,
) -> Result<Json<EmergencyView>, Problem> {
    Ok(Json(EmergencyView::of(&identities.end_emergency(staff.id, id).await?, &staff)))
}

/// Says what one found who looked at what was done in another's.
#[utoipa::path(post, path = "/api/identity/console/emergencies/{emergency_id}/review", tag = "identity",
    operation_id = "identity_console_review_emergency", params(("emergency_id" = String, Path)),
    request_body = EmergencyReviewRequest,
    responses((status = 200, body = EmergencyView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn review(
    State(identities): State<Arc<Identities>>,
    staff: Staff,
    Segments(id): Segments<EmergencyId>,
    Body(request): Body<EmergencyReviewRequest>,
) -> Result<Json<EmergencyView>, Problem> {
    let seen = identities.review_emergency(staff.id, id, request.justified).await?;
    Ok(Json(EmergencyView::of(&seen, &staff)))
}
