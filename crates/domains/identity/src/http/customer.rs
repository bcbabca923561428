//! Routes for those who are not signed in yet.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{AppendHeaders, Response};
use contracts::Unavailable;
use contracts::identity::Principal;
use http::{Body, Problem, ProblemBody, answer_to};

use super::caller::{DEVICE, DEVICE_KEPT_S, SESSION, cookie, device_cookie};
use super::shapes::{CodeAnswer, CodeRequest, EnvelopeView, SessionView, SignInRequest, SignUpRequest};
use crate::error::{Field, Refused};
use crate::service::{Applicant, Beside, Caller, CodeAsked, Envelope, Identities, SignedIn};

pub(super) type Cookies = AppendHeaders<Vec<(HeaderName, HeaderValue)>>;

/// Sends a one-time code. The answer is the same whether anybody has the phone or not.
#[utoipa::path(post, path = "/api/identity/codes", tag = "identity", operation_id = "identity_send_code",
    request_body = CodeRequest,
    responses((status = 202, body = CodeAnswer), (status = 422, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub(super) async fn send_code(
    State(identities): State<Arc<Identities>>,
    caller: Caller,
    Body(request): Body<CodeRequest>,
) -> Result<(StatusCode, Cookies, Json<CodeAnswer>), Problem> {
    let asked = CodeAsked { phone: &request.phone, purpose: request.purpose.into() };
    let sent = identities.send_code(asked, &caller).await?;
    let cookies = device_cookie(&identities.settings, &caller, &sent.device_token);
    let answer = CodeAnswer { expires_in_s: sent.expires_in_s, resend_after_s: sent.resend_after_s };
    Ok((StatusCode::ACCEPTED, cookies, Json(answer)))
}

/// A fresh envelope, to which a page seals the passwords of its next request.
#[utoipa::path(post, path = "/api/identity/envelope", tag = "identity", operation_id = "identity_envelope",
    responses((status = 200, body = EnvelopeView)))]
pub(super) async fn envelope(State(identities): State<Arc<Identities>>) -> Json<EnvelopeView> {
    let Envelope { challenge, key } = identities.envelope();
    Json(EnvelopeView { challenge, key })
}

/// Becomes a customer and signs in. The same request again, while its code is good, signs in again.
#[utoipa::path(post, path = "/api/identity/sign-up", tag = "identity", operation_id = "identity_sign_up",
    request_body = SignUpRequest,
    responses((status = 201, body = SessionView), (status = 403, body = ProblemBody), (status = 409, body = ProblemBody),
        (status = 422, body = ProblemBody)))]
pub(super) async fn sign_up(
    State(identities): State<Arc<Identities>>,
    caller: Caller,
    Body(request): Body<SignUpRequest>,
) -> Result<Response, Problem> {
    let SignUpRequest { phone, code, name, id_number, password, agreed, sealed_by } = request;
    let [password] = identities.unsealed(sealed_by.as_deref(), [password]).await?;
    let agreed = agreed.into_iter().map(Into::into).collect();
    let applicant = Applicant { phone, code, name, id_number, password, agreed };
    let signed_in = identities.sign_up(&applicant, &caller).await?;
    Ok(welcome(&identities, &signed_in, StatusCode::CREATED).await?)
}

/// Signs a customer in.
#[utoipa::path(post, path = "/api/identity/sign-in", tag = "identity", operation_id = "identity_sign_in",
    request_body = SignInRequest,
    responses((status = 200, body = SessionView), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 429, body = ProblemBody)))]
pub(super) async fn sign_in(
    State(identities): State<Arc<Identities>>,
    caller: Caller,
    Body(request): Body<SignInRequest>,
) -> Result<Response, Problem> {
    let deciding = Arc::clone(&identities);
    // A try is counted before it is decided: whoever hangs up meanwhile must not be held for it.
    let decided = telemetry::to_its_end(async move {
        let SignInRequest { name, password, code, totp, sealed_by } = request;
        let password = deciding.unsealed_if_any(sealed_by.as_deref(), password).await?;
        let (password, beside) = match (&password, &code, &totp) {
            (None, Some(code), None) => return deciding.sign_in_with_code(&name, code, &caller).await,
            (Some(password), None, None) => (password, None),
            (Some(password), Some(code), None) => (password, Some(Beside::Code(code))),
            (Some(password), None, Some(code)) => (password, Some(Beside::Totp(code))),
            _ => return Err(Refused::Invalid(Field::Proof)),
        };
        deciding.sign_in(&name, password, beside, &caller).await
    });
    let signed_in = decided.await.map_err(|_| Unavailable::Stopping)??;
    Ok(welcome(&identities, &signed_in, StatusCode::OK).await?)
}

/// The answer to one who is signed in now: cookies, and their session as they see it.
pub(super) async fn welcome(
    identities: &Identities,
    signed_in: &SignedIn,
    status: StatusCode,
) -> Result<Response, Refused> {
    let Principal::Customer(customer) = signed_in.session.principal else { return Err(Refused::NotSignedIn) };
    let settings = &identities.settings;
    let cookies = vec![
        cookie(settings, SESSION, &signed_in.token, settings.session_whole_s),
        cookie(settings, DEVICE, &signed_in.device_token, DEVICE_KEPT_S),
    ];
    let view = SessionView::of(identities, &signed_in.session, Some(&signed_in.token)).await?;
    Ok(answer_to(customer, (status, AppendHeaders(cookies), Json(view))))
}
