//! The certificate that clients are shown, and how changed files take its place without a restart.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use clock::{Clock, Timestamp};
use rustls::crypto::CryptoProvider;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

/// Why a certificate and its key are not used.
#[derive(Debug, thiserror::Error)]
pub enum CertificateRefused {
    /// A file cannot be read.
    #[error("`{file}` cannot be read")]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// There is no certificate in the one, or no key in the other.
    #[error("there is no {what} in `{file}`; it must be PEM")]
    Missing {
        /// `certificate` or `key`.
        what: &'static str,
        /// Where.
        file: PathBuf,
    },
    /// They do not belong together, or the key is of an unknown kind.
    #[error("the certificate and the key cannot be used together")]
    Pair(#[from] rustls::Error),
    /// Not an X.509 certificate.
    #[error("the certificate cannot be read")]
    Malformed,
    /// It is too early or too late.
    #[error("the certificate is good from {from} until {until}, and now is {now}")]
    Time {
        /// Its first moment.
        from: Timestamp,
        /// Its last.
        until: Timestamp,
        /// The time.
        now: Timestamp,
    },
}

/// What lies in the two files.
#[derive(Clone, PartialEq, Eq)]
struct Files {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

/// What clients are shown.
struct Shown {
    pair: Arc<CertifiedKey>,
    until: Timestamp,
}

/// Shows clients the certificate that lies in the files.
pub(crate) struct Certificates {
    certificate: PathBuf,
    key: PathBuf,
    clock: Arc<dyn Clock>,
    provider: Arc<CryptoProvider>,
    shown: RwLock<Shown>,
    /// What was last looked at, whether or not it is shown.
    seen: Mutex<Files>,
}

impl Certificates {
    /// Reads and checks them.
    ///
    /// # Errors
    /// [`CertificateRefused`].
    pub(crate) fn open(
        certificate: &Path,
        key: &Path,
        provider: Arc<CryptoProvider>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, CertificateRefused> {
        let files = read(certificate, key)?;
        let shown = check(&files, (certificate, key), &provider, clock.now())?;
        Ok(Self {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            clock,
            provider,
            shown: RwLock::new(shown),
            seen: Mutex::new(files),
        })
    }

    /// Looks at the files, and tells what came of it if anything did. A changed pair that is sound takes effect; any
    /// other changes nothing, and is said once.
    pub(crate) fn look(&self) -> Option<Outcome> {
        let places = (self.certificate.as_path(), self.key.as_path());
        let found = read(places.0, places.1);
        // A copy in progress: the next look finds it whole.
        let Ok(files) = found.inspect_err(|error| tracing::warn!(%error, "the certificate is away")) else {
            return Some(Outcome::Unreadable);
        };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if *seen == files {
            return None;
        }
        let outcome = match check(&files, places, &self.provider, self.clock.now()) {
            Ok(shown) => {
                let until = shown.until;
                *self.shown.write().unwrap_or_else(PoisonError::into_inner) = shown;
                tracing::info!(%until, "a changed certificate is in effect");
                Outcome::Taken { until }
            }
            Err(error) => {
                let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
                tracing::error!(%error, source, "a changed certificate is refused; the one before stays");
                Outcome::Refused
            }
        };
        *seen = files;
        Some(outcome)
    }

    /// Until when the certificate is good that is shown.
    pub(crate) fn until(&self) -> Timestamp {
        self.shown.read().unwrap_or_else(PoisonError::into_inner).until
    }
}

/// What came of a look at changed files.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Outcome {
    Taken { until: Timestamp },
    Refused,
    Unreadable,
}

impl Outcome {
    pub(crate) fn count(self) {
        let outcome = match self {
            Self::Taken { until } => {
                tell_end(until);
                "taken"
            }
            Self::Refused => "refused",
            Self::Unreadable => "unreadable",
        };
        metrics::counter!("entrance_certificate_reloads", "outcome" => outcome).increment(1);
    }
}

/// Tells the metrics until when the certificate is good.
pub(crate) fn tell_end(until: Timestamp) {
    metrics::gauge!("entrance_certificate_expires_at_s").set(until.as_second() as f64);
}

fn read(certificate: &Path, key: &Path) -> Result<Files, CertificateRefused> {
    let read = |file: &Path| {
        std::fs::read(file).map_err(|source| CertificateRefused::File { file: file.to_owned(), source })
    };
    Ok(Files { certificate: read(certificate)?, key: read(key)? })
}

/// The pair, where it can be shown at `now`.
fn check(
    files: &Files,
    (certificate, key): (&Path, &Path),
    provider: &CryptoProvider,
    now: Timestamp,
) -> Result<Shown, CertificateRefused> {
    let missing = |what, file: &Path| CertificateRefused::Missing { what, file: file.to_owned() };
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&files.certificate).collect();
    let chain = chain.map_err(|_| missing("certificate", certificate))?;
    let first = chain.first().ok_or_else(|| missing("certificate", certificate))?;
    let (from, until) = validity(first)?;
    let key = PrivateKeyDer::from_pem_slice(&files.key).map_err(|_| missing("key", key))?;
    let pair = CertifiedKey::from_der(chain, key, provider)?;
    if now < from || now > until {
        return Err(CertificateRefused::Time { from, until, now });
    }
    Ok(Shown { pair: Arc::new(pair), until })
}

/// The first and the last moment of a certificate (RFC 5280, 4.1.2.5).
fn validity(certificate: &CertificateDer<'_>) -> Result<(Timestamp, Timestamp), CertificateRefused> {
    let (_, parsed) =
        x509_parser::parse_x509_certificate(certificate).map_err(|_| CertificateRefused::Malformed)?;
    let moment = |time: x509_parser::time::ASN1Time| Timestamp::from_second(time.timestamp());
    let validity = parsed.validity();
    match (moment(validity.not_before), moment(validity.not_after)) {
        (Ok(from), Ok(until)) => Ok((from, until)),
        _ => Err(CertificateRefused::Malformed),
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.shown.read().unwrap_or_else(PoisonError::into_inner).pair))
    }
}

impl std::fmt::Debug for Certificates {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Certificates").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}
