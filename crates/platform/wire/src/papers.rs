//! The certificate by which a process proves to its neighbors what it is.

use std::path::{Path, PathBuf};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tonic::transport::{Certificate, ClientTlsConfig, Identity, ServerTlsConfig};

use crate::{Limits, name_of};

/// What goes between processes, where the bank is split over several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Address and port on which neighbors ask the services of this process; port 0 takes a free one. Needed where
    /// this process does not run all services.
    pub listen: Option<String>,
    /// Folder of this process's certificate as `yuanhang certs` makes it: `process.pem`, `process.key` and the
    /// authority's `authority.pem`.
    pub papers: Option<PathBuf>,
    /// How often the names of neighbors (`dns:`) are looked up again, milliseconds. It is done at once where no
    /// known process of a neighbor answers.
    #[schemars(range(min = 100, max = 3_600_000))]
    pub look_up_every_ms: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { listen: None, papers: None, look_up_every_ms: 5_000 }
    }
}

impl Settings {
    /// What neighbors are asked with.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits { look_up_every: Duration::from_millis(self.look_up_every_ms), ..Limits::default() }
    }
}

/// Certificate, key and the authority that neighbors must have been certified by; PEM.
#[derive(Clone)]
pub struct Papers {
    certificate: String,
    key: String,
    authority: String,
}

/// Why papers cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("`{file}` cannot be read; make the papers of this process with `yuanhang certs`")]
pub struct PapersFailed {
    file: PathBuf,
    #[source]
    source: std::io::Error,
}

/// Files of a folder of papers.
pub(crate) const CERTIFICATE: &str = "process.pem";
pub(crate) const KEY: &str = "process.key";
pub(crate) const AUTHORITY: &str = "authority.pem";

impl Papers {
    /// Reads the papers in a folder.
    ///
    /// # Errors
    /// [`PapersFailed`].
    pub fn read(folder: &Path) -> Result<Self, PapersFailed> {
        let read = |name: &str| {
            let file = folder.join(name);
            std::fs::read_to_string(&file).map_err(|source| PapersFailed { file, source })
        };
        Ok(Self { certificate: read(CERTIFICATE)?, key: read(KEY)?, authority: read(AUTHORITY)? })
    }

    fn identity(&self) -> Identity {
        Identity::from_pem(&self.certificate, &self.key)
    }

    /// Callers must bear a certificate of the authority.
    pub(crate) fn server(&self) -> ServerTlsConfig {
        ServerTlsConfig::new()
            .identity(self.identity())
            .client_ca_root(Certificate::from_pem(&self.authority))
            .client_auth_optional(false)
    }

    /// Whoever answers must bear the certificate of a process that runs `service`.
    pub(crate) fn client(&self, service: &str) -> ClientTlsConfig {
        ClientTlsConfig::new()
            .identity(self.identity())
            .ca_certificate(Certificate::from_pem(&self.authority))
            .domain_name(name_of(service))
    }
}
