//! Finds out who asks: the token of a cookie or of an `Authorization` header, looked up with `identity`.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use contracts::identity::{Identity, Principal, Session};
use http::{Problem, Unproved, Visitor};
use secrecy::Secret;

use super::possession::{self, Proved};

pub(super) async fn establish(
    State(identity): State<Arc<dyn Identity>>,
    mut request: Request,
    next: Next,
) -> Response {
    let device_key = request.extensions().get::<Proved>().map(|Proved(key)| key.to_string());
    let mut visitor = Visitor { device_key, ..Visitor::default() };
    for token in tokens(request.headers()) {
        match identity.session(&token).await {
            Ok(Some(session)) => match unproved(&session, visitor.device_key.as_deref()) {
                None => admit(&mut visitor, session),
                why => visitor.unproved = why,
            },
            Ok(None) => {}
            Err(error) => return Problem::from(error).into_response(),
        }
    }
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

/// Why a session that is bound to a key is left out.
fn unproved(session: &Session, device_key: Option<&str>) -> Option<Unproved> {
    let bound_to = session.device_key.as_deref()?;
    match device_key {
        None => Some(Unproved::Missing),
        Some(key) => (key != bound_to).then_some(Unproved::OtherKey),
    }
}

fn admit(visitor: &mut Visitor, session: Session) {
    match session.principal {
        Principal::Customer(_) => visitor.customer = Some(session),
        Principal::Staff(..) => visitor.staff = Some(session),
        Principal::ThirdParty(..) => visitor.third_party = Some(session),
    }
}

/// A bearer token stands alone: a program that sends one does not mean the cookies.
fn tokens(headers: &HeaderMap) -> Vec<Secret<String>> {
    if let Some(token) = possession::token(headers) {
        return vec![Secret::new(token.to_owned())];
    }
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .filter(|(name, _)| *name == "yh_session" || *name == "yh_staff")
        .map(|(_, token)| Secret::new(token.to_owned()))
        .take(2)
        .collect()
}
