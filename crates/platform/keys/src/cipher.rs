//! The ciphers: SM4-GCM to seal, HMAC-SM3 to find and to authenticate.
//!
//! A sealed value is `version (1) | nonce (12) | ciphertext | tag (16)`. Its associated data is a domain tag, the
//! subject and the field, so that it opens nowhere else. Nonces are random: a data key seals one subject's fields,
//! far below the 2³² values at which 96 random bits become a concern (NIST SP 800-38D, 8.3).

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{AesGcm, Nonce, aead::consts::U12};
use hmac::{Hmac, Mac};
use sm3::{Digest, Sm3};
use sm4::Sm4;
use zeroize::Zeroizing;

use crate::{KeysFailed, Subject};

/// SM4 in Galois/Counter Mode with a nonce of 12 bytes and a tag of 16 (RFC 8998).
pub(crate) type Sm4Gcm = AesGcm<Sm4, U12>;

/// Bytes a sealed value is longer than the plain one.
pub const OVERHEAD: usize = 1 + NONCE + TAG;

const VERSION: u8 = 1;
const NONCE: usize = 12;
const TAG: usize = 16;

/// The key under which one subject's data is sealed. Wiped when the last clone is dropped.
#[derive(Clone)]
pub struct DataKey {
    subject: Subject,
    key: Zeroizing<[u8; 16]>,
}

impl DataKey {
    pub(crate) fn generate(subject: Subject) -> Self {
        Self { subject, key: Zeroizing::new(rand::random()) }
    }

    pub(crate) const fn of(subject: Subject, key: Zeroizing<[u8; 16]>) -> Self {
        Self { subject, key }
    }

    pub(crate) const fn subject(&self) -> Subject {
        self.subject
    }

    /// What is wrapped.
    pub(crate) fn bytes(&self) -> &[u8; 16] {
        &self.key
    }

    /// Seals `plain` for `field`.
    #[must_use]
    pub fn seal(&self, field: &str, plain: &[u8]) -> Vec<u8> {
        seal(&self.key, &self.associated(field), plain)
    }

    /// Opens what [`DataKey::seal`] gave for the same field.
    ///
    /// # Errors
    /// [`KeysFailed::Damaged`].
    pub fn open(&self, field: &str, sealed: &[u8]) -> Result<Vec<u8>, KeysFailed> {
        open(&self.key, &self.associated(field), sealed)
    }

    fn associated(&self, field: &str) -> Vec<u8> {
        [b"yuanhang/sealed/1\0".as_slice(), self.subject.bytes(), field.as_bytes()].concat()
    }
}

pub(crate) fn seal(key: &[u8; 16], associated: &[u8], plain: &[u8]) -> Vec<u8> {
    let nonce: [u8; NONCE] = rand::random();
    let mut sealed = Vec::with_capacity(plain.len() + OVERHEAD);
    sealed.push(VERSION);
    sealed.extend_from_slice(&nonce);
    let payload = Payload { msg: plain, aad: associated };
    // Fails only beyond 2³⁶ bytes; nothing that long reaches this place, and an empty tail opens as damaged.
    sealed.extend(Sm4Gcm::new(key.into()).encrypt(&Nonce::from(nonce), payload).unwrap_or_default());
    sealed
}

pub(crate) fn open(key: &[u8; 16], associated: &[u8], sealed: &[u8]) -> Result<Vec<u8>, KeysFailed> {
    let (version, rest) = sealed.split_first().ok_or(KeysFailed::Damaged)?;
    let (nonce, message) = rest.split_first_chunk::<NONCE>().ok_or(KeysFailed::Damaged)?;
    if *version != VERSION {
        return Err(KeysFailed::Damaged);
    }
    let payload = Payload { msg: message, aad: associated };
    Sm4Gcm::new(key.into()).decrypt(&Nonce::from(*nonce), payload).map_err(|_| KeysFailed::Damaged)
}

/// HMAC-SM3 over `context` and `bytes`, told apart by the length of the context.
pub(crate) fn hmac(key: &[u8; 32], context: &str, bytes: &[u8]) -> [u8; 32] {
    hmac_sm3(key, &[&(context.len() as u64).to_be_bytes(), context.as_bytes(), bytes])
}

pub(crate) fn hmac_sm3(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // A key shorter than the block of 64 bytes is padded with zeros (RFC 2104); 32 bytes always are.
    let mut block = Zeroizing::new([0_u8; 64]);
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let mut mac = <Hmac<Sm3> as KeyInit>::new((&*block).into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

pub(crate) fn name_hash(name: &str) -> [u8; 16] {
    hash(b"yuanhang/subject/1\0", name.as_bytes())
}

/// The first half of the SM3 hash.
pub(crate) fn hash(domain: &[u8], bytes: &[u8]) -> [u8; 16] {
    half(&Sm3::new().chain_update(domain).chain_update(bytes).finalize().into())
}

pub(crate) fn half(digest: &[u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    for (to, from) in half.iter_mut().zip(digest) {
        *to = *from;
    }
    half
}
