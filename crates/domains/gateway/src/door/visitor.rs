//! Finds out who asks: the token of a cookie or of an `Authorization` header, looked up with `identity`.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use contracts::identity::{Identity, Principal, Session};
use http::{Problem, Visitor};
use secrecy::Secret;

pub(super) async fn establish(
    State(identity): State<Arc<dyn Identity>>,
    mut request: Request,
    next: Next,
) -> Response {
    let mut visitor = Visitor::default();
    for token in tokens(request.headers()) {
        match identity.session(&token).await {
            Ok(Some(session)) => admit(&mut visitor, session),
            Ok(None) => {}
            Err(error) => return Problem::from(error).into_response(),
        }
    }
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

fn admit(visitor: &mut Visitor, session: Session) {
    match session.principal {
        Principal::Customer(_) => visitor.customer = Some(session),
        Principal::Staff(..) => visitor.staff = Some(session),
    }
}

/// A bearer token stands alone: a program that sends one does not mean the cookies.
fn tokens(headers: &HeaderMap) -> Vec<Secret<String>> {
    let bearer = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    if let Some(token) = bearer {
        return vec![Secret::new(token.trim().to_owned())];
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
