//! What an authenticator says and signs: authenticator data (section 6.1).

use ciborium::Value;

use crate::{Refused, cbor};

/// Most bytes of it outside a registration: 37, and what extensions add.
pub(crate) const BYTES_MAX: usize = 4096;

/// The flags, by bit (6.1). Bits 1 and 5 are reserved for the future and passed over.
#[derive(Clone, Copy)]
pub(crate) struct Flags(u8);

impl Flags {
    /// UP: somebody touched the authenticator.
    pub(crate) const fn is_present(self) -> bool {
        self.0 & 0x01 != 0
    }

    /// UV: it found out that it was the user, by PIN or body.
    pub(crate) const fn is_verified(self) -> bool {
        self.0 & 0x04 != 0
    }

    /// BE: the credential may be on several devices.
    pub(crate) const fn is_backup_eligible(self) -> bool {
        self.0 & 0x08 != 0
    }

    /// BS: it is, now.
    pub(crate) const fn is_backed_up(self) -> bool {
        self.0 & 0x10 != 0
    }

    /// AT: a credential follows.
    const fn has_credential(self) -> bool {
        self.0 & 0x40 != 0
    }

    /// ED: extensions follow.
    const fn has_extensions(self) -> bool {
        self.0 & 0x80 != 0
    }
}

/// Authenticator data, read.
pub(crate) struct AuthenticatorData<'a> {
    pub(crate) rp_id_hash: &'a [u8; 32],
    pub(crate) flags: Flags,
    pub(crate) sign_count: u32,
    /// There where, and only where, a credential was made.
    pub(crate) attested: Option<Attested<'a>>,
}

/// Attested credential data (6.5.1).
pub(crate) struct Attested<'a> {
    pub(crate) aaguid: [u8; 16],
    /// 0 to 65,535 bytes, as sent.
    pub(crate) id: &'a [u8],
    /// The COSE key, not yet looked at.
    pub(crate) key: Value,
}

impl<'a> AuthenticatorData<'a> {
    /// Reads all of `bytes`.
    ///
    /// # Errors
    /// [`Refused::Malformed`], also for bytes that no flag announces.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, Refused> {
        let (rp_id_hash, rest) = bytes.split_first_chunk::<32>().ok_or(Refused::Malformed)?;
        let (&[flags], rest) = rest.split_first_chunk::<1>().ok_or(Refused::Malformed)?;
        let (count, rest) = rest.split_first_chunk::<4>().ok_or(Refused::Malformed)?;
        let flags = Flags(flags);
        let (attested, rest) = if flags.has_credential() {
            let (attested, rest) = Attested::first(rest)?;
            (Some(attested), rest)
        } else {
            (None, rest)
        };
        if flags.has_extensions() {
            // We ask for none; what is added unasked may be passed over (7.1), but is a map of names.
            let extensions = cbor::whole(rest)?;
            let members = extensions.as_map().ok_or(Refused::Malformed)?;
            if !members.iter().all(|(name, _)| name.is_text()) {
                return Err(Refused::Malformed);
            }
        } else if !rest.is_empty() {
            return Err(Refused::Malformed);
        }
        Ok(Self { rp_id_hash, flags, sign_count: u32::from_be_bytes(*count), attested })
    }
}

impl<'a> Attested<'a> {
    fn first(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Refused> {
        let (aaguid, rest) = bytes.split_first_chunk::<16>().ok_or(Refused::Malformed)?;
        let (length, rest) = rest.split_first_chunk::<2>().ok_or(Refused::Malformed)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (id, rest) = rest.split_at_checked(length).ok_or(Refused::Malformed)?;
        let (key, rest) = cbor::first(rest)?;
        Ok((Self { aaguid: *aaguid, id, key }, rest))
    }
}
