//! Who calls, by the certificate of the connection, and who may.

use std::sync::Arc;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rustls_pki_types::{CertificateDer, ServerName};
use tonic::transport::server::{TcpConnectInfo, TlsConnectInfo};

use crate::name_of;

/// Services of which one must run in the process that calls.
#[derive(Debug, Clone)]
pub(crate) struct Callers(Arc<[ServerName<'static>]>);

impl Callers {
    pub(crate) fn of(services: &[&str]) -> Self {
        Self(services.iter().filter_map(|service| ServerName::try_from(name_of(service)).ok()).collect())
    }

    /// Whether this certificate names one of them. That it is genuine was found when the connection was made.
    fn include(&self, certificate: &CertificateDer<'_>) -> bool {
        let Ok(certificate) = webpki::EndEntityCert::try_from(certificate) else { return false };
        self.0.iter().any(|name| certificate.verify_is_valid_for_subject_name(name).is_ok())
    }

    pub(crate) fn may(&self, request: &Request) -> bool {
        let info = request.extensions().get::<TlsConnectInfo<TcpConnectInfo>>();
        let certificates = info.and_then(TlsConnectInfo::peer_certs);
        certificates.is_some_and(|certificates| certificates.first().is_some_and(|first| self.include(first)))
    }
}

/// Lets nobody but `callers` in.
pub(crate) async fn only(callers: Callers, request: Request, next: Next) -> Response {
    if callers.may(&request) {
        return next.run(request).await;
    }
    metrics::counter!("wire_strangers").increment(1);
    let path = request.uri().path();
    tracing::warn!(path, "a process asked what its certificate does not allow");
    (axum::http::StatusCode::FORBIDDEN, "the certificate of this process does not allow that").into_response()
}
