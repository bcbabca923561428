//! The console's door: signing in with a passkey, registering the first one, passwords in a demonstration.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue};
use axum::response::AppendHeaders;
use contracts::Unavailable;
use contracts::identity::Principal;
use http::{Body, Problem, ProblemBody};

use super::caller::{DEVICE, DEVICE_KEPT_S, STAFF, cookie};
use super::shapes::passkeys::{PasskeyCreation, PasskeyRequest, PasskeySigned};
use super::shapes::staff::{
    EnrollmentBeginRequest, EnrollmentRequest, StaffSignInRequest, StaffSignInWays, StaffView,
};
use crate::error::Refused;
use crate::service::{Caller, Identities, SignedIn};

type Welcome = (AppendHeaders<Vec<(HeaderName, HeaderValue)>>, Json<StaffView>);

/// In which ways staff sign in.
#[utoipa::path(get, path = "/api/identity/console/sign-in", tag = "identity",
    operation_id = "identity_console_sign_in_ways", responses((status = 200, body = StaffSignInWays)))]
pub(super) async fn ways(State(identities): State<Arc<Identities>>) -> Json<StaffSignInWays> {
    Json(StaffSignInWays { password: identities.settings.staff_passwords })
}

/// Signs a member of staff in with a password, where the bank is a demonstration.
#[utoipa::path(post, path = "/api/identity/console/sign-in", tag = "identity", operation_id = "identity_console_sign_in",
    request_body = StaffSignInRequest,
    responses((status = 200, body = StaffView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub(super) async fn sign_in(
    State(identities): State<Arc<Identities>>,
    caller: Caller,
    Body(request): Body<StaffSignInRequest>,
) -> Result<Welcome, Problem> {
    let deciding = Arc::clone(&identities);
    let decided = telemetry::to_its_end(async move {
        deciding.staff_sign_in(&request.name, &request.password, &caller).await
    });
    let signed_in = decided.await.map_err(|_| Unavailable::Stopping)??;
    Ok(welcome(&identities, &signed_in).await?)
}

/// What to ask a passkey for at the console's door.
#[utoipa::path(post, path = "/api/identity/console/passkey-sign-in/options", tag = "identity",
    operation_id = "identity_console_begin_passkey_sign_in",
    responses((status = 200, body = PasskeyRequest), (status = 403, body = ProblemBody)))]
pub(super) async fn begin_passkey(
    State(identities): State<Arc<Identities>>,
    caller: Caller,
) -> Result<Json<PasskeyRequest>, Problem> {
    Ok(Json(PasskeyRequest { public_key: identities.begin_staff_passkey_sign_in(&caller)? }))
}

/// Signs in the member of staff whose passkey signed.
#[utoipa::path(post, path = "/api/identity/console/passkey-sign-in", tag = "identity",
    operation_id = "identity_console_sign_in_with_passkey", request_body = PasskeySigned,
    responses((status = 200, body = StaffView), (status = 403, body = ProblemBody)))]
pub(super) async fn passkey(
    State(identities): State<Arc<Identities>>,
    caller: Caller,
    Body(request): Body<PasskeySigned>,
) -> Result<Welcome, Problem> {
    let signed_in = identities.staff_sign_in_with_passkey(&request.credential, &caller).await?;
    Ok(welcome(&identities, &signed_in).await?)
}

/// What to ask the browser for, to make the passkey of a member of staff who has an enrollment code.
#[utoipa::path(post, path = "/api/identity/console/enrollment/options", tag = "identity",
    operation_id = "identity_console_begin_enrollment", request_body = EnrollmentBeginRequest,
    responses((status = 200, body = PasskeyCreation), (status = 403, body = ProblemBody),
        (status = 429, body = ProblemBody)))]
pub(super) async fn begin_enrollment(
    State(identities): State<Arc<Identities>>,
    caller: Caller,
    Body(request): Body<EnrollmentBeginRequest>,
) -> Result<Json<PasskeyCreation>, Problem> {
    // A try is counted before it is decided: whoever hangs up meanwhile must not be held for it.
    let decided = telemetry::to_its_end(async move {
        identities.begin_enrollment(&request.name, &request.code, &caller).await
    });
    let public_key = decided.await.map_err(|_| Unavailable::Stopping)??;
    Ok(Json(PasskeyCreation { public_key }))
}

/// Registers the passkey that was made, and signs its owner in; the code is used up.
#[utoipa::path(post, path = "/api/identity/console/enrollment", tag = "identity",
    operation_id = "identity_console_enroll", request_body = EnrollmentRequest,
    responses((status = 200, body = StaffView), (status = 403, body = ProblemBody),
        (status = 429, body = ProblemBody)))]
pub(super) async fn enroll(
    State(identities): State<Arc<Identities>>,
    caller: Caller,
    Body(request): Body<EnrollmentRequest>,
) -> Result<Welcome, Problem> {
    let deciding = Arc::clone(&identities);
    let decided = telemetry::to_its_end(async move {
        deciding.enroll(&request.name, &request.code, &request.credential, &caller).await
    });
    let signed_in = decided.await.map_err(|_| Unavailable::Stopping)??;
    Ok(welcome(&identities, &signed_in).await?)
}

/// The answer to a member of staff who is signed in now: cookies, and who they are.
async fn welcome(identities: &Identities, signed_in: &SignedIn) -> Result<Welcome, Refused> {
    let Principal::Staff(id, _) = signed_in.session.principal else { return Err(Refused::SignIn) };
    let staff = identities.staff_member(id).await?;
    let settings = &identities.settings;
    let cookies = vec![
        cookie(settings, STAFF, &signed_in.token, settings.staff_whole_s),
        cookie(settings, DEVICE, &signed_in.device_token, DEVICE_KEPT_S),
    ];
    let view = StaffView::signed_in(&staff, &signed_in.session, Some(&signed_in.token));
    Ok((AppendHeaders(cookies), Json(view)))
}
