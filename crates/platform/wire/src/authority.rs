//! A private authority that certifies the processes of a bank, for one machine, tests and drills. A bank that has an
//! authority of its own uses that.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::{Duration, SystemTime};

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose,
};

use crate::name_of;
use crate::papers::{AUTHORITY, CERTIFICATE, KEY};

/// How long certificates are good for. The authority's are renewed by making all of them anew.
const GOOD_FOR: Duration = Duration::from_secs(397 * 86_400);
/// The file of the authority's key. Whoever has it can pass for any process.
const AUTHORITY_KEY: &str = "authority.key";

/// Why papers could not be made.
#[derive(Debug, thiserror::Error)]
pub enum MakeFailed {
    /// A file could not be written or read.
    #[error("the papers in `{folder}` cannot be written or read")]
    File {
        /// Where.
        folder: std::path::PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The certificate could not be made.
    #[error("the certificate could not be made")]
    Certificate(#[from] rcgen::Error),
}

/// Certifies processes.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: String,
}

fn dated(mut params: CertificateParams, name: &str, until: SystemTime) -> CertificateParams {
    // Clocks may be a little apart.
    params.not_before = (SystemTime::now() - Duration::from_secs(3_600)).into();
    params.not_after = until.into();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, "Yuanhang");
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

impl Authority {
    /// The authority in `folder`, made there where it is missing.
    ///
    /// # Errors
    /// [`MakeFailed`].
    pub fn in_folder(folder: &Path) -> Result<Self, MakeFailed> {
        let failed = |source| MakeFailed::File { folder: folder.to_owned(), source };
        std::fs::create_dir_all(folder).map_err(failed)?;
        let (certificate, key) = (folder.join(AUTHORITY), folder.join(AUTHORITY_KEY));
        if !key.exists() {
            let (pem, private) = Self::make()?;
            std::fs::write(&certificate, pem).map_err(failed)?;
            write_private(&key, &private).map_err(failed)?;
        }
        let certificate = std::fs::read_to_string(&certificate).map_err(failed)?;
        let key = KeyPair::from_pem(&std::fs::read_to_string(&key).map_err(failed)?)?;
        let issuer = Issuer::new(Self::params(), key);
        Ok(Self { issuer, certificate })
    }

    fn params() -> CertificateParams {
        let mut params =
            dated(CertificateParams::default(), "Yuanhang private authority", SystemTime::now() + GOOD_FOR);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params
    }

    fn make() -> Result<(String, String), MakeFailed> {
        let key = KeyPair::generate()?;
        let certificate = Self::params().self_signed(&key)?;
        Ok((certificate.pem(), key.serialize_pem()))
    }

    /// Writes the papers of a process that runs `services` to `folder`; good for a year and a month.
    ///
    /// # Errors
    /// [`MakeFailed`].
    pub fn certify<'s>(
        &self,
        services: impl IntoIterator<Item = &'s str>,
        folder: &Path,
    ) -> Result<(), MakeFailed> {
        self.certify_until(services, folder, SystemTime::now() + GOOD_FOR)
    }

    /// As [`Authority::certify`], but good until `until`.
    ///
    /// # Errors
    /// [`MakeFailed`].
    pub fn certify_until<'s>(
        &self,
        services: impl IntoIterator<Item = &'s str>,
        folder: &Path,
        until: SystemTime,
    ) -> Result<(), MakeFailed> {
        let failed = |source| MakeFailed::File { folder: folder.to_owned(), source };
        let names: Vec<String> = services.into_iter().map(name_of).collect();
        let called = names.join(" ");
        let mut params = dated(CertificateParams::new(names)?, &called, until);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        std::fs::create_dir_all(folder).map_err(failed)?;
        std::fs::write(folder.join(CERTIFICATE), certificate.pem()).map_err(failed)?;
        write_private(&folder.join(KEY), &key.serialize_pem()).map_err(failed)?;
        std::fs::write(folder.join(AUTHORITY), &self.certificate).map_err(failed)
    }
}

/// Readable by its owner alone.
fn write_private(file: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options.open(file)?.write_all(text.as_bytes())
}
