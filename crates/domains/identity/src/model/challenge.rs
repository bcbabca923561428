//! Challenges that passkeys sign.
//!
//! A challenge carries its end and is authenticated by the bank, so that nothing is stored for those who ask for one
//! and never come back. Each is bound to what it is for, and remembered once it was answered.

use clock::Timestamp;

/// What is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ceremony {
    /// Signing in.
    SignIn,
    /// Adding a passkey.
    Add,
    /// Proving once more to be there.
    StepUp,
    /// Signing in to the console.
    StaffSignIn,
    /// The first passkey of a member of staff, by an enrollment code.
    Enroll,
    /// Sealing passwords: nobody signs, but it is good once and for a while, too.
    Seal,
}

impl Ceremony {
    const fn word(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Add => "add",
            Self::StepUp => "step_up",
            Self::StaffSignIn => "staff_sign_in",
            Self::Enroll => "enroll",
            Self::Seal => "seal",
        }
    }
}

const TIME: usize = 8;
const RANDOM: usize = 16;
const MAC: usize = 24;

/// A challenge, apart from what authenticates it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Challenge {
    pub(crate) expires_at: Timestamp,
    pub(crate) random: [u8; RANDOM],
}

impl Challenge {
    /// The bytes that are authenticated. `bound_to`: the session of which it is part, or who is
    /// enrolled; nothing at the door.
    pub(crate) fn authenticated(&self, ceremony: Ceremony, bound_to: &[u8]) -> Vec<u8> {
        [self.head().as_slice(), &[u8::from(!bound_to.is_empty())], bound_to, ceremony.word().as_bytes()]
            .concat()
    }

    fn head(&self) -> Vec<u8> {
        [self.expires_at.as_microsecond().to_be_bytes().as_slice(), &self.random].concat()
    }

    /// What the browser is given.
    pub(crate) fn to_bytes(self, mac: &[u8; 32]) -> Vec<u8> {
        let mut bytes = self.head();
        bytes.extend(mac.iter().take(MAC));
        bytes
    }

    /// The challenge and what authenticates it; `None` for what is no challenge of ours.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Option<(Self, &[u8; MAC])> {
        let (time, rest) = bytes.split_first_chunk::<TIME>()?;
        let (random, mac) = rest.split_first_chunk::<RANDOM>()?;
        let expires_at = Timestamp::from_microsecond(i64::from_be_bytes(*time)).ok()?;
        Some((Self { expires_at, random: *random }, mac.try_into().ok()?))
    }
}
