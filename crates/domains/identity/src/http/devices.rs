//! Routes of the devices that signed a customer in.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use http::{Customer, Problem, ProblemBody, Segments};
use ids::DeviceId;

use super::shapes::devices::{DeviceList, DeviceView};
use crate::service::Identities;

/// The customer's devices, the last used first.
#[utoipa::path(get, path = "/api/identity/devices", tag = "identity", operation_id = "identity_devices",
    responses((status = 200, body = DeviceList), (status = 401, body = ProblemBody)))]
pub(super) async fn list(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
) -> Result<Json<DeviceList>, Problem> {
    let known = identities.devices_of(customer.id).await?;
    let view = |device| DeviceView::of(device, customer.session.device, customer.id);
    let devices = known.iter().map(view).collect();
    Ok(Json(DeviceList { devices }))
}

/// Parts with a device: every session on it ends at once. Asks first for a proof that the customer is there.
#[utoipa::path(delete, path = "/api/identity/devices/{id}", tag = "identity", operation_id = "identity_remove_device",
    params(("id" = String, Path)),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
pub(super) async fn remove(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
    Segments(id): Segments<DeviceId>,
) -> Result<StatusCode, Problem> {
    identities.remove_device(customer.id, &customer.session, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
