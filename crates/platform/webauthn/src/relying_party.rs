//! The bank as a relying party: its id, the origins of its pages, and the checks that both ceremonies share.

use ring::digest::{SHA256, digest};
use subtle::ConstantTimeEq as _;
use thiserror::Error;

use crate::authenticator_data::AuthenticatorData;
use crate::client_data::ClientData;
use crate::{Refused, base64url};

/// Fewest bytes of a challenge (section 13, "Cryptographic Challenges"): fewer could be guessed.
const CHALLENGE_BYTES_MIN: usize = 16;

/// Who asks for passkeys, and from which pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelyingParty {
    id: String,
    name: String,
    origins: Vec<String>,
}

/// Why a relying party cannot be set up so.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ConfigRefused {
    /// Neither `localhost` nor a domain of two labels at least, in lower case, without a dot at its end.
    #[error("the relying party's id `{id}` is not a domain in lower case")]
    Id {
        /// As given.
        id: String,
    },
    /// Empty, or more than 64 bytes, which authenticators may cut off (section 6.4.1).
    #[error("the relying party's name is empty or longer than 64 bytes")]
    Name,
    /// No origin is given.
    #[error("the relying party has no origin")]
    NoOrigin,
    /// Not as browsers write it: `https://host` or, for `localhost`, `http://localhost`, with the port where it is not
    /// the scheme's own, and nothing behind it.
    #[error("the origin `{origin}` is not written as scheme, host and port")]
    Origin {
        /// As given.
        origin: String,
    },
    /// Its host is neither the id nor below it.
    #[error("the origin `{origin}` is not below the relying party's id")]
    Elsewhere {
        /// As given.
        origin: String,
    },
}

/// The two ceremonies, by the word that client data says.
#[derive(Clone, Copy)]
pub(crate) enum Ceremony {
    Create,
    Get,
}

impl Ceremony {
    const fn word(self) -> &'static str {
        match self {
            Self::Create => "webauthn.create",
            Self::Get => "webauthn.get",
        }
    }
}

impl RelyingParty {
    /// A relying party: its id is a domain in lower case (`bank.example`, or `localhost`), each origin a page's scheme,
    /// host and port (`https://www.bank.example`), one at least, their hosts the id or below it.
    ///
    /// Whether the id is a domain that anybody can register below (`com.cn`) is not known here; browsers refuse it.
    ///
    /// # Errors
    /// [`ConfigRefused`].
    pub fn try_new(
        id: impl Into<String>,
        name: impl Into<String>,
        origins: Vec<String>,
    ) -> Result<Self, ConfigRefused> {
        let (id, name) = (id.into(), name.into());
        if !is_domain(&id) {
            return Err(ConfigRefused::Id { id });
        }
        if name.is_empty() || name.len() > 64 {
            return Err(ConfigRefused::Name);
        }
        if origins.is_empty() {
            return Err(ConfigRefused::NoOrigin);
        }
        for origin in &origins {
            let Some(host) = host_of(origin) else {
                return Err(ConfigRefused::Origin { origin: origin.clone() });
            };
            let is_below = host.strip_suffix(id.as_str()).is_some_and(|rest| rest.ends_with('.'));
            if host != id && !is_below {
                return Err(ConfigRefused::Elsewhere { origin: origin.clone() });
            }
        }
        Ok(Self { id, name, origins })
    }

    /// The domain that credentials are for.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What users are shown; 1 to 64 bytes.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The origins of our pages, one at least, in the order given.
    #[must_use]
    pub fn origins(&self) -> &[String] {
        &self.origins
    }

    /// What the browser says: ceremony, challenge, page (7.1 and 7.2).
    pub(crate) fn check_client(
        &self,
        bytes: &[u8],
        ceremony: Ceremony,
        challenge: &[u8],
    ) -> Result<(), Refused> {
        let client = ClientData::read(bytes)?;
        if client.kind != ceremony.word() {
            return Err(Refused::Type);
        }
        // A challenge may be derived from what is approved, so how far a guess was right is not told by the time taken.
        let asked = base64url::encode(challenge);
        let is_answered = bool::from(client.challenge.as_bytes().ct_eq(asked.as_bytes()));
        if challenge.len() < CHALLENGE_BYTES_MIN || !is_answered {
            return Err(Refused::Challenge);
        }
        if !self.origins.contains(&client.origin) {
            return Err(Refused::Origin);
        }
        if client.is_framed() { Err(Refused::CrossOrigin) } else { Ok(()) }
    }

    /// What the authenticator says, apart from the credential: for whom, who was there, backup (7.1 and
    /// 7.2).
    pub(crate) fn check_authenticator(&self, data: &AuthenticatorData<'_>) -> Result<(), Refused> {
        if data.rp_id_hash.as_slice() != digest(&SHA256, self.id.as_bytes()).as_ref() {
            return Err(Refused::RelyingParty);
        }
        if !data.flags.is_present() {
            return Err(Refused::NotPresent);
        }
        if !data.flags.is_verified() {
            return Err(Refused::NotVerified);
        }
        if data.flags.is_backed_up() && !data.flags.is_backup_eligible() {
            return Err(Refused::Backup);
        }
        Ok(())
    }
}

/// `localhost`, or labels of letters, digits and inner hyphens (RFC 1123), two at least. A last label that reads as a
/// number makes a host an address of IPv4 (URL Standard, "ends in a number").
fn is_domain(host: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let Some((before, last)) = host.rsplit_once('.') else { return host == "localhost" };
    let is_number = last.starts_with(|first: char| first.is_ascii_digit());
    host.len() <= 253 && before.split('.').all(is_label) && is_label(last) && !is_number
}

/// The host of an origin that is written as browsers write it; `http` is for a developer's own machine alone.
fn host_of(origin: &str) -> Option<&str> {
    let (scheme, rest) = origin.split_once("://")?;
    let (host, port) = rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port)));
    let port_default = match scheme {
        "https" => 443,
        "http" if host == "localhost" => 80,
        _ => return None,
    };
    let is_port = |port: &str| {
        let number: Option<u16> = port.parse().ok();
        number.is_some_and(|number| number != 0 && number != port_default && number.to_string() == port)
    };
    (is_domain(host) && port.is_none_or(is_port)).then_some(host)
}
