//! Routes of third parties: the tokens of their programs, and the console's list of them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, HOST};
use axum::http::{HeaderMap, HeaderName, StatusCode};
use contracts::Unavailable;
use contracts::identity::EndReason;
use dpop::Thumbprint;
use http::{Body, Form, Problem, ProblemBody, Segments, Staff, ThirdParty};
use ids::ThirdPartyId;

use super::shapes::Shown;
use super::shapes::third_parties::{
    NewKeyRequest, NewThirdPartyRequest, ThirdPartyList, ThirdPartySession, ThirdPartyView, TokenAnswer,
    TokenRequest,
};
use crate::error::{Refused, ThirdPartyRefused};
use crate::service::{Caller, Identities, NewThirdParty, TokenAsked, read_key};

/// The token endpoint; also what an assertion may name as its audience, behind the bank's origin.
const TOKEN_PATH: &str = "/api/identity/third-party/token";
const GRANT_TYPE: &str = "client_credentials";
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A token for a program of a third party, for a signed assertion and a proof of possession. Not found again.
#[utoipa::path(post, path = "/api/identity/third-party/token", tag = "identity",
    operation_id = "identity_third_party_token",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = TokenAnswer), (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub(super) async fn token(
    State(identities): State<Arc<Identities>>,
    caller: Caller,
    headers: HeaderMap,
    Form(request): Form<TokenRequest>,
) -> Result<([(HeaderName, &'static str); 1], Json<TokenAnswer>), Problem> {
    let audiences = audiences(&identities, &headers);
    let deciding = Arc::clone(&identities);
    let decided = telemetry::to_its_end(async move {
        if request.grant_type != GRANT_TYPE {
            return Err(ThirdPartyRefused::GrantType.into());
        }
        let of_type = request.client_assertion_type.as_deref() == Some(ASSERTION_TYPE);
        let assertion = request.client_assertion.as_deref().filter(|_| of_type);
        let asked = TokenAsked {
            assertion: assertion.ok_or(ThirdPartyRefused::AssertionMissing)?,
            third_party: request.client_id.as_deref(),
            scope: request.scope.as_deref(),
            audiences,
        };
        deciding.give_token(&asked, &caller).await
    });
    let given = decided.await.map_err(|_| Unavailable::Stopping)??;
    let scopes: Vec<&str> = given.scopes.iter().map(|scope| scope.word()).collect();
    let answer = TokenAnswer {
        access_token: Shown::from(&given.token),
        token_type: "DPoP",
        expires_in: identities.settings.third_party_token_s,
        scope: scopes.join(" "),
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(answer)))
}

/// The bank as assertions name it: an origin of its, or the address of the token endpoint there.
fn audiences(identities: &Identities, headers: &HeaderMap) -> Vec<String> {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let named = || vec![format!("https://{host}"), format!("http://{host}")];
    let set = &identities.settings.origins;
    let origins = if set.is_empty() { named() } else { set.clone() };
    origins.iter().flat_map(|origin| [origin.clone(), format!("{origin}{TOKEN_PATH}")]).collect()
}

/// Whose token it is, for what, and until when.
#[utoipa::path(get, path = "/api/identity/third-party/session", tag = "identity",
    operation_id = "identity_third_party_session",
    responses((status = 200, body = ThirdPartySession), (status = 401, body = ProblemBody)))]
pub(super) async fn session(third_party: ThirdParty) -> Result<Json<ThirdPartySession>, Problem> {
    Ok(Json(ThirdPartySession::of(&third_party.session).ok_or(Refused::NotSignedIn)?))
}

/// Ends the session of the token that comes along.
#[utoipa::path(delete, path = "/api/identity/third-party/session", tag = "identity",
    operation_id = "identity_third_party_revoke", responses((status = 204), (status = 401, body = ProblemBody)))]
pub(super) async fn revoke(
    State(identities): State<Arc<Identities>>,
    third_party: ThirdParty,
) -> Result<StatusCode, Problem> {
    let session = &third_party.session;
    identities.end_session(&session.principal, session.id, EndReason::SignedOut).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// All third parties, by name.
#[utoipa::path(get, path = "/api/identity/console/third-parties", tag = "identity",
    operation_id = "identity_console_third_parties",
    responses((status = 200, body = ThirdPartyList), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody)))]
pub(super) async fn list(
    State(identities): State<Arc<Identities>>,
    _: Staff,
) -> Result<Json<ThirdPartyList>, Problem> {
    let third_parties = identities.third_parties().await?;
    Ok(Json(ThirdPartyList { third_parties: third_parties.into_iter().map(ThirdPartyView::from).collect() }))
}

/// Registers a third party.
#[utoipa::path(post, path = "/api/identity/console/third-parties", tag = "identity",
    operation_id = "identity_console_add_third_party", request_body = NewThirdPartyRequest,
    responses((status = 201, body = ThirdPartyView), (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn add(
    State(identities): State<Arc<Identities>>,
    staff: Staff,
    Body(request): Body<NewThirdPartyRequest>,
) -> Result<(StatusCode, Json<ThirdPartyView>), Problem> {
    let NewThirdPartyRequest { name, scopes, key } = request;
    let added = identities.add_third_party(staff.id, &NewThirdParty { name, scopes, jwk: key }).await?;
    Ok((StatusCode::CREATED, Json(added.into())))
}

/// What is wrong with a third party to be registered, before another is asked to countersign it. A private key among it
/// goes no further.
pub(super) fn check_new(body: &[u8]) -> Result<(), Problem> {
    let NewThirdPartyRequest { name, scopes, key } = Body::read(body)?;
    Ok(NewThirdParty { name, scopes, jwk: key }.checked().map(|_| ())?)
}

/// The same of a further key.
pub(super) fn check_key(body: &[u8]) -> Result<(), Problem> {
    let NewKeyRequest { key } = Body::read(body)?;
    Ok(read_key(&key).map(|_| ())?)
}

/// Removes a third party; its tokens end at once.
#[utoipa::path(delete, path = "/api/identity/console/third-parties/{third_party_id}", tag = "identity",
    operation_id = "identity_console_remove_third_party", params(("third_party_id" = String, Path)),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody)))]
pub(super) async fn remove(
    State(identities): State<Arc<Identities>>,
    _: Staff,
    Segments(id): Segments<ThirdPartyId>,
) -> Result<StatusCode, Problem> {
    identities.remove_third_party(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Registers a further key, beside the ones that are in use.
#[utoipa::path(post, path = "/api/identity/console/third-parties/{third_party_id}/keys", tag = "identity",
    operation_id = "identity_console_add_third_party_key", params(("third_party_id" = String, Path)),
    request_body = NewKeyRequest,
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody), (status = 422, body = ProblemBody)))]
pub(super) async fn add_key(
    State(identities): State<Arc<Identities>>,
    _: Staff,
    Segments(id): Segments<ThirdPartyId>,
    Body(request): Body<NewKeyRequest>,
) -> Result<StatusCode, Problem> {
    identities.add_third_party_key(id, &request.key).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a key away; the tokens of its third party end at once.
#[utoipa::path(delete, path = "/api/identity/console/third-parties/{third_party_id}/keys/{thumbprint}",
    tag = "identity", operation_id = "identity_console_remove_third_party_key",
    params(("third_party_id" = String, Path), ("thumbprint" = String, Path)),
    responses((status = 204), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
pub(super) async fn remove_key(
    State(identities): State<Arc<Identities>>,
    _: Staff,
    Segments((id, thumbprint)): Segments<(ThirdPartyId, String)>,
) -> Result<StatusCode, Problem> {
    let thumbprint: Thumbprint = thumbprint.parse().map_err(|_| Refused::NotFound)?;
    identities.remove_third_party_key(id, thumbprint).await?;
    Ok(StatusCode::NO_CONTENT)
}
