//! Routes of tablets that stand in branches: their code, and the console's list of them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use contracts::Unavailable;
use http::{Body, Problem, ProblemBody, Segments, Staff};
use ids::DeviceId;

use super::shapes::tablets::{
    NewTabletRequest, TabletAdded, TabletClaim, TabletClaimed, TabletList, TabletView,
};
use crate::service::{Caller, Identities};

/// The page that asks is that of a tablet which was registered, for the code that was given for it. It proves to hold a
/// key, by which it is known from then on.
#[utoipa::path(post, path = "/api/identity/tablet", tag = "identity", operation_id = "identity_claim_tablet",
    request_body = TabletClaim,
    responses((status = 200, body = TabletClaimed), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub(super) async fn claim(
    State(identities): State<Arc<Identities>>,
    caller: Caller,
    Body(TabletClaim { code }): Body<TabletClaim>,
) -> Result<Json<TabletClaimed>, Problem> {
    // A try is counted before it is decided: whoever hangs up meanwhile does not get another.
    let decided = telemetry::to_its_end(async move { identities.claim_tablet(&code, &caller).await });
    let name = decided.await.map_err(|_| Unavailable::Stopping)??;
    Ok(Json(TabletClaimed { name }))
}

/// All tablets, by name.
#[utoipa::path(get, path = "/api/identity/console/tablets", tag = "identity",
    operation_id = "identity_console_tablets",
    responses((status = 200, body = TabletList), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody)))]
pub(super) async fn list(
    State(identities): State<Arc<Identities>>,
    _: Staff,
) -> Result<Json<TabletList>, Problem> {
    let tablets = identities.tablets().await?;
    Ok(Json(TabletList { tablets: tablets.into_iter().map(TabletView::from).collect() }))
}

/// Registers a tablet; its code is shown once.
#[utoipa::path(post, path = "/api/identity/console/tablets", tag = "identity",
    operation_id = "identity_console_add_tablet", request_body = NewTabletRequest,
    responses((status = 201, body = TabletAdded), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn add(
    State(identities): State<Arc<Identities>>,
    staff: Staff,
    Body(NewTabletRequest { name }): Body<NewTabletRequest>,
) -> Result<(StatusCode, Json<TabletAdded>), Problem> {
    let given = identities.add_tablet(staff.id, &name).await?;
    Ok((StatusCode::CREATED, Json(given.into())))
}

/// Removes a tablet; whoever is signed in on it is signed out at once.
#[utoipa::path(delete, path = "/api/identity/console/tablets/{device_id}", tag = "identity",
    operation_id = "identity_console_remove_tablet", params(("device_id" = String, Path)),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
pub(super) async fn remove(
    State(identities): State<Arc<Identities>>,
    _: Staff,
    Segments(id): Segments<DeviceId>,
) -> Result<StatusCode, Problem> {
    identities.remove_tablet(id).await?;
    Ok(StatusCode::NO_CONTENT)
}
