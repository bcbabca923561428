//! Routes of what is held because the SIM of a customer's phone was changed of late.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use http::{Problem, ProblemBody, Segments, Staff};
use ids::CustomerId;

use super::shapes::recovery::NumberHoldView;
use crate::service::Identities;

/// Until when what comes to the phone of a customer proves nothing.
#[utoipa::path(get, path = "/api/identity/console/customers/{customer_id}/number-hold", tag = "identity",
    operation_id = "identity_console_number_hold", params(("customer_id" = String, Path)),
    responses((status = 200, body = NumberHoldView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody)))]
pub(super) async fn show(
    State(identities): State<Arc<Identities>>,
    _: Staff,
    Segments(customer): Segments<CustomerId>,
) -> Result<Json<NumberHoldView>, Problem> {
    let until = identities.known_number_hold(customer).await?;
    Ok(Json(NumberHoldView { until: until.map(|until| until.to_string()) }))
}

/// The customer is here, with their documents, and changed the SIM themselves. Takes a second pair of eyes.
#[utoipa::path(delete, path = "/api/identity/console/customers/{customer_id}/number-hold", tag = "identity",
    operation_id = "identity_console_lift_number_hold", params(("customer_id" = String, Path)),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
pub(super) async fn lift(
    State(identities): State<Arc<Identities>>,
    _: Staff,
    Segments(customer): Segments<CustomerId>,
) -> Result<StatusCode, Problem> {
    identities.lift_number_hold(customer).await?;
    Ok(StatusCode::NO_CONTENT)
}
