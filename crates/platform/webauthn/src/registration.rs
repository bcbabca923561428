//! A new credential: what a browser answers, and the checks of section 7.1.

use std::fmt;

use ring::digest::{SHA256, digest};
use serde::Deserialize;

use crate::attestation::{self, AttestationObject};
use crate::authenticator_data::AuthenticatorData;
use crate::base64url::Bytes;
use crate::client_data::{self, ClientData};
use crate::relying_party::Ceremony;
use crate::{PublicKey, Refused, RelyingParty};

/// Most bytes of a credential's id (section 7.1).
pub(crate) const ID_BYTES_MAX: usize = 1023;

/// Ways to an authenticator that are known (section 5.8.4); what else is sent is left out.
const TRANSPORTS: [&str; 6] = ["usb", "nfc", "ble", "smart-card", "hybrid", "internal"];

/// Most words that may be sent for ways.
const TRANSPORTS_MAX: usize = 16;

/// What `PublicKeyCredential.toJSON()` gives for a new credential: `RegistrationResponseJSON` (section 5.1).
///
/// Unknown members are passed over. Bytes are base64url without padding: ids of 1 to 1,023, client data of 1 to 8,192,
/// attestation object of 1 to 16,384.
#[derive(Clone, Deserialize)]
pub struct Registration {
    id: Bytes<1, ID_BYTES_MAX>,
    #[serde(rename = "rawId")]
    raw_id: Bytes<1, ID_BYTES_MAX>,
    #[serde(rename = "type")]
    _kind: CredentialType,
    response: Response,
}

/// The only type of credential there is (5.8.2).
#[derive(Clone, Copy, Deserialize)]
pub(crate) enum CredentialType {
    #[serde(rename = "public-key")]
    PublicKey,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    #[serde(rename = "clientDataJSON")]
    client_data: Bytes<1, { client_data::BYTES_MAX }>,
    attestation_object: Bytes<1, { attestation::BYTES_MAX }>,
    #[serde(default)]
    transports: Option<Vec<String>>,
}

impl fmt::Debug for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registration").finish_non_exhaustive()
    }
}

/// A credential that was made, to be kept with the user it is for.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// 1 to 1,023 bytes. The caller refuses one that is registered already (7.1).
    pub id: Vec<u8>,
    /// Checks this credential's signatures.
    pub key: PublicKey,
    /// Signatures so far, or zero where the authenticator does not count.
    pub sign_count: u32,
    /// The model of the authenticator, or zeros. Nobody vouches for it.
    pub aaguid: [u8; 16],
    /// Whether it may be on several devices. Never changes.
    pub backup_eligible: bool,
    /// Whether it is, now.
    pub backed_up: bool,
    /// Ways to the authenticator, known words only, each once, in the order sent; may be empty.
    pub transports: Vec<String>,
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("key", &self.key).finish_non_exhaustive()
    }
}

impl Registration {
    /// The challenge that was answered: by it the ceremony is found. Nothing is checked yet.
    ///
    /// # Errors
    /// [`Refused::Malformed`].
    pub fn challenge(&self) -> Result<Vec<u8>, Refused> {
        ClientData::read(self.response.client_data.as_slice())?.challenge()
    }

    fn transports(&self) -> Result<Vec<String>, Refused> {
        let sent = self.response.transports.as_deref().unwrap_or_default();
        if sent.len() > TRANSPORTS_MAX {
            return Err(Refused::Malformed);
        }
        let mut known: Vec<String> = Vec::new();
        for word in sent {
            if TRANSPORTS.contains(&word.as_str()) && !known.contains(word) {
                known.push(word.clone());
            }
        }
        Ok(known)
    }
}

impl RelyingParty {
    /// Checks a new credential against the challenge that was asked, 16 bytes at least (section 7.1).
    ///
    /// # Errors
    /// [`Refused`], by the first check that fails, in the order of the standard.
    pub fn register(&self, challenge: &[u8], response: &Registration) -> Result<Credential, Refused> {
        let client_data = response.response.client_data.as_slice();
        self.check_client(client_data, Ceremony::Create, challenge)?;
        let object = AttestationObject::read(response.response.attestation_object.as_slice())?;
        let data = AuthenticatorData::read(&object.authenticator_data)?;
        self.check_authenticator(&data)?;
        let attested = data.attested.as_ref().ok_or(Refused::Malformed)?;
        let key = PublicKey::from_cose(&attested.key)?;
        object.check(&key, digest(&SHA256, client_data).as_ref())?;
        // Those two have 1 to 1,023 bytes, so that this has, too (7.1).
        if [&response.id, &response.raw_id].iter().any(|id| id.as_slice() != attested.id) {
            return Err(Refused::Credential);
        }
        Ok(Credential {
            id: attested.id.to_vec(),
            key,
            sign_count: data.sign_count,
            aaguid: attested.aaguid,
            backup_eligible: data.flags.is_backup_eligible(),
            backed_up: data.flags.is_backed_up(),
            transports: response.transports()?,
        })
    }
}
