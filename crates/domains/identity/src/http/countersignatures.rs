//! Routes of what takes two pairs of eyes: the inbox of the second.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use http::{AccessRequest, Authority, Problem, ProblemBody, Segments, Staff};
use ids::CountersignatureId;

use super::shapes::two_eyes::{CountersignatureList, CountersignatureView};
use crate::service::{Identities, Looking};
use crate::store::CountersignatureRow;

/// Whether the policies let whoever looks do what was asked, were it countersigned. An emergency lets nobody countersign.
fn may(authority: &dyn Authority, staff: &Staff) -> impl Fn(&CountersignatureRow) -> bool + Send + Sync {
    let session = contracts::identity::Session { emergency_until: None, ..staff.session.clone() };
    move |row| {
        let CountersignatureRow { action, service, subjects, .. } = row;
        let asked = AccessRequest { session: &session, action, service, subjects, countersigned: true };
        authority.decide(&asked).allowed
    }
}

/// What waits for a second pair of eyes, and what one asked or decided of late.
#[utoipa::path(get, path = "/api/identity/console/countersignatures", tag = "identity",
    operation_id = "identity_console_countersignatures",
    responses((status = 200, body = CountersignatureList), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody)))]
pub(super) async fn list(
    State(identities): State<Arc<Identities>>,
    Extension(authority): Extension<Arc<dyn Authority>>,
    staff: Staff,
) -> Result<Json<CountersignatureList>, Problem> {
    let may = may(&*authority, &staff);
    let looking = Looking { staff: staff.id, session: &staff.session, may: &may };
    let seen = identities.countersignatures(&looking).await?;
    let countersignatures = seen.iter().map(|one| CountersignatureView::of(one, staff.id)).collect();
    Ok(Json(CountersignatureList { countersignatures }))
}

/// One of them.
#[utoipa::path(get, path = "/api/identity/console/countersignatures/{countersignature_id}", tag = "identity",
    operation_id = "identity_console_countersignature", params(("countersignature_id" = String, Path)),
    responses((status = 200, body = CountersignatureView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 404, body = ProblemBody)))]
pub(super) async fn show(
    State(identities): State<Arc<Identities>>,
    Extension(authority): Extension<Arc<dyn Authority>>,
    staff: Staff,
    Segments(id): Segments<CountersignatureId>,
) -> Result<Json<CountersignatureView>, Problem> {
    let may = may(&*authority, &staff);
    let looking = Looking { staff: staff.id, session: &staff.session, may: &may };
    let seen = identities.countersignature(id, &looking).await?;
    Ok(Json(CountersignatureView::of(&seen, staff.id)))
}

/// A second member of staff countersigns: whoever asked may now do it.
#[utoipa::path(post, path = "/api/identity/console/countersignatures/{countersignature_id}", tag = "identity",
    operation_id = "identity_console_countersign", params(("countersignature_id" = String, Path)),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn give(
    State(identities): State<Arc<Identities>>,
    Extension(authority): Extension<Arc<dyn Authority>>,
    staff: Staff,
    Segments(id): Segments<CountersignatureId>,
) -> Result<StatusCode, Problem> {
    decide(&identities, &*authority, &staff, id, true).await
}

/// A second member of staff refuses.
#[utoipa::path(post, path = "/api/identity/console/countersignatures/{countersignature_id}/refuse", tag = "identity",
    operation_id = "identity_console_refuse_countersignature", params(("countersignature_id" = String, Path)),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn refuse(
    State(identities): State<Arc<Identities>>,
    Extension(authority): Extension<Arc<dyn Authority>>,
    staff: Staff,
    Segments(id): Segments<CountersignatureId>,
) -> Result<StatusCode, Problem> {
    decide(&identities, &*authority, &staff, id, false).await
}

async fn decide(
    identities: &Identities,
    authority: &dyn Authority,
    staff: &Staff,
    id: CountersignatureId,
    gives: bool,
) -> Result<StatusCode, Problem> {
    let may = may(authority, staff);
    let looking = Looking { staff: staff.id, session: &staff.session, may: &may };
    identities.decide_countersigned(id, &looking, gives).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whoever asked takes it back.
#[utoipa::path(delete, path = "/api/identity/console/countersignatures/{countersignature_id}", tag = "identity",
    operation_id = "identity_console_withdraw_countersignature", params(("countersignature_id" = String, Path)),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn withdraw(
    State(identities): State<Arc<Identities>>,
    staff: Staff,
    Segments(id): Segments<CountersignatureId>,
) -> Result<StatusCode, Problem> {
    identities.withdraw_countersignature(id, staff.id, staff.session.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
