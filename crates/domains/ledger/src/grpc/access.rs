//! Who may call: whoever bears the token.

use std::sync::Arc;

use secrecy::Secret;
use subtle::ConstantTimeEq;
use tonic::service::Interceptor;
use tonic::{Request, Status};

/// Compares the token of each call in constant time, before anything of the call is read.
#[derive(Clone)]
pub struct TokenCheck(Arc<Secret<String>>);

impl TokenCheck {
    /// Lets those in who bear `token`.
    #[must_use]
    pub fn new(token: &Secret<String>) -> Self {
        Self(Arc::new(Secret::new(format!("Bearer {}", token.expose()))))
    }

    pub(crate) fn accepts(&self, authorization: &[u8]) -> bool {
        bool::from(authorization.ct_eq(self.0.expose().as_bytes()))
    }
}

impl Interceptor for TokenCheck {
    fn call(&mut self, request: Request<()>) -> Result<Request<()>, Status> {
        let authorization = request.metadata().get("authorization");
        if authorization.is_some_and(|authorization| self.accepts(authorization.as_bytes())) {
            return Ok(request);
        }
        Err(Status::unauthenticated(
            "send `authorization: Bearer <token>` with the token of `ledger.batch.token`",
        ))
    }
}
