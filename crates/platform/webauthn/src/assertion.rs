//! A known credential used: what a browser answers, and the checks of section 7.2.

use std::fmt;

use ring::digest::{SHA256, digest};
use serde::Deserialize;

use crate::authenticator_data::{self, AuthenticatorData};
use crate::base64url::Bytes;
use crate::client_data::{self, ClientData};
use crate::registration::{CredentialType, ID_BYTES_MAX};
use crate::relying_party::Ceremony;
use crate::{PublicKey, Refused, RelyingParty};

/// Most bytes of a signature: RSA with 8,192 bits.
const SIGNATURE_BYTES_MAX: usize = 1024;

/// Most bytes of a user handle (section 5.4.3).
const USER_HANDLE_BYTES_MAX: usize = 64;

/// What `PublicKeyCredential.toJSON()` gives for a credential in use: `AuthenticationResponseJSON` (section 5.1).
///
/// Unknown members are passed over. Bytes are base64url without padding: ids of 1 to 1,023, client data of 1 to 8,192,
/// authenticator data of 1 to 4,096, signature of 1 to 1,024, user handle of 1 to 64 or none.
#[derive(Clone, Deserialize)]
pub struct Assertion {
    id: Bytes<1, ID_BYTES_MAX>,
    #[serde(rename = "rawId")]
    raw_id: Bytes<1, ID_BYTES_MAX>,
    #[serde(rename = "type")]
    _kind: CredentialType,
    response: Response,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Response {
    #[serde(rename = "clientDataJSON")]
    client_data: Bytes<1, { client_data::BYTES_MAX }>,
    authenticator_data: Bytes<1, { authenticator_data::BYTES_MAX }>,
    signature: Bytes<1, SIGNATURE_BYTES_MAX>,
    #[serde(default)]
    user_handle: Option<Bytes<1, USER_HANDLE_BYTES_MAX>>,
}

impl fmt::Debug for Assertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Assertion").finish_non_exhaustive()
    }
}

/// What is kept of the credential that an assertion names, and of its user.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// The key from its registration.
    pub key: &'a PublicKey,
    /// The counter last seen.
    pub sign_count: u32,
    /// As at its registration.
    pub backup_eligible: bool,
    /// The handle of the user that it belongs to.
    pub user_handle: &'a [u8],
}

impl fmt::Debug for Known<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known").field("sign_count", &self.sign_count).finish_non_exhaustive()
    }
}

/// What is new about a credential after its use, to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asserted {
    /// The counter to compare with next time; zero where the authenticator does not count.
    pub sign_count: u32,
    /// Whether it is on several devices now.
    pub backed_up: bool,
}

impl Assertion {
    /// The credential that is said to have signed: 1 to 1,023 bytes. Nothing is checked yet.
    #[must_use]
    pub fn credential_id(&self) -> &[u8] {
        self.raw_id.as_slice()
    }

    /// The user it is said to be of: 1 to 64 bytes. Nothing is checked yet. Where the caller did not know the user
    /// before it asked, it refuses an assertion without (7.2 step 6).
    #[must_use]
    pub fn user_handle(&self) -> Option<&[u8]> {
        self.response.user_handle.as_ref().map(Bytes::as_slice)
    }

    /// The challenge that was answered: by it the ceremony is found. Nothing is checked yet.
    ///
    /// # Errors
    /// [`Refused::Malformed`].
    pub fn challenge(&self) -> Result<Vec<u8>, Refused> {
        ClientData::read(self.response.client_data.as_slice())?.challenge()
    }
}

impl RelyingParty {
    /// Checks an assertion by a known credential against the challenge that was asked, 16 bytes at least (section 7.2).
    ///
    /// The caller has found `known` by [`Assertion::credential_id`], and has seen that it is among those it allowed.
    ///
    /// # Errors
    /// [`Refused`], by the first check that fails, in the order of the standard.
    pub fn verify(
        &self,
        challenge: &[u8],
        known: &Known<'_>,
        response: &Assertion,
    ) -> Result<Asserted, Refused> {
        if response.id != response.raw_id {
            return Err(Refused::Credential);
        }
        if response.user_handle().is_some_and(|handle| handle != known.user_handle) {
            return Err(Refused::User);
        }
        let client_data = response.response.client_data.as_slice();
        self.check_client(client_data, Ceremony::Get, challenge)?;
        let bytes = response.response.authenticator_data.as_slice();
        let data = AuthenticatorData::read(bytes)?;
        self.check_authenticator(&data)?;
        // Only a registration carries a credential (6.3.3).
        if data.attested.is_some() {
            return Err(Refused::Malformed);
        }
        if data.flags.is_backup_eligible() != known.backup_eligible {
            return Err(Refused::Backup);
        }
        let signed = [bytes, digest(&SHA256, client_data).as_ref()].concat();
        if !known.key.verifies(&signed, response.response.signature.as_slice()) {
            return Err(Refused::Signature);
        }
        let counts = data.sign_count != 0 || known.sign_count != 0;
        if counts && data.sign_count <= known.sign_count {
            return Err(Refused::CounterRegressed);
        }
        Ok(Asserted { sign_count: data.sign_count, backed_up: data.flags.is_backed_up() })
    }
}
