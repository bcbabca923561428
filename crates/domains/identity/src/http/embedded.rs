//! The route by which a mini-program or an embedded page gets a session of its own.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderName;
use axum::http::header::CACHE_CONTROL;
use http::{Body, Customer, Problem, ProblemBody};

use super::shapes::Shown;
use super::shapes::embedded::{TokenExchangeAnswer, TokenExchangeRequest};
use crate::service::{ACCESS_TOKEN, Identities, TokenExchange};

/// A session for a mini-program or an embedded page that the customer opened in this one. An exchange of tokens (RFC 8693)
/// between two pages of the bank: the token that is exchanged is the one of this session, and the body is JSON.
#[utoipa::path(post, path = "/api/identity/token-exchange", tag = "identity",
    operation_id = "identity_exchange_token", request_body = TokenExchangeRequest,
    responses((status = 200, body = TokenExchangeAnswer), (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody), (status = 403, body = ProblemBody), (status = 429, body = ProblemBody)))]
pub(super) async fn exchange(
    State(identities): State<Arc<Identities>>,
    customer: Customer,
    Body(request): Body<TokenExchangeRequest>,
) -> Result<([(HeaderName, &'static str); 1], Json<TokenExchangeAnswer>), Problem> {
    let TokenExchangeRequest { grant_type, requested_token_type, audience, dpop_jkt } = &request;
    let requested_token_type = requested_token_type.as_deref();
    let asked = TokenExchange { grant_type, requested_token_type, audience, dpop_jkt };
    let exchanged = identities.exchange(&customer.session, &asked).await?;
    let answer = TokenExchangeAnswer {
        access_token: Shown::from(&exchanged.token),
        issued_token_type: ACCESS_TOKEN,
        token_type: "DPoP",
        expires_in: exchanged.expires_in_s,
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(answer)))
}
