//! A module of the bank's own (PKCS#11 2.40, OASIS) that makes keys, uses them, and never gives them away.
//!
//! Keys are AES-256, made in the token, not extractable; they seal with AES-GCM (NIST SP 800-38D). A sealed value is
//! `version (1) | nonce (12) | ciphertext | tag (16)`; the version tells it from what SM4 sealed.
//!
//! Cost: a call waits for the device. Calls run on threads that may wait, a few at a time, each with a session that is
//! kept for the next one; sessions that the device has forgotten are opened anew.

#[cfg(test)]
mod tests;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::aead::GcmParams;
use cryptoki::object::{Attribute, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use secrecy::Secret;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

const VERSION: u8 = 2;
const NONCE: usize = 12;
const TAG_BITS: u64 = 128;
const KEY_BYTES: u64 = 32;

/// Calls at a time, at most: devices have few sessions.
const CALLS_MAX: usize = 8;
/// A device that has not answered by then is taken to be gone.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where a module is, and what the bank's keys in it are called.
#[derive(Debug)]
pub struct ModuleAddress {
    /// The library that its maker gives: `/usr/lib/softhsm/libsofthsm2.so`.
    pub library: PathBuf,
    /// The label of the token.
    pub token: String,
    /// The PIN of its user.
    pub pin: Secret<String>,
    /// The label that new keys bear; they are found by an id of their own.
    pub label: String,
}

/// Why a module did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ModuleFailed {
    /// The library is not there, or is none.
    #[error("the PKCS#11 library `{library}` cannot be used")]
    Library {
        /// Where it should be.
        library: String,
        /// Why.
        source: Error,
    },
    /// No slot has a token of this label.
    #[error("the PKCS#11 module has no token `{token}`")]
    Token {
        /// The label.
        token: String,
    },
    /// The token has no key of this id.
    #[error("the PKCS#11 token has no key with the id {id}")]
    Key {
        /// The id, in hexadecimal digits.
        id: String,
    },
    /// A call was refused.
    #[error("the PKCS#11 module refused")]
    Refused(#[from] Error),
    /// It did not answer in time.
    #[error("the PKCS#11 module does not answer")]
    Silent,
}

/// By which a key is found in a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeyId(pub(crate) [u8; 16]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// A module, opened. Cheap to clone.
#[derive(Clone)]
pub struct Module {
    inner: Arc<Inner>,
}

struct Inner {
    library: Pkcs11,
    token: String,
    pin: AuthPin,
    label: String,
    idle: Mutex<Vec<Session>>,
    places: Arc<Semaphore>,
}

impl Module {
    /// Loads the library and signs in to the token.
    ///
    /// # Errors
    /// [`ModuleFailed`].
    pub async fn open(address: ModuleAddress) -> Result<Self, ModuleFailed> {
        waited_for(move || {
            let refused =
                |source| ModuleFailed::Library { library: address.library.display().to_string(), source };
            let library = Pkcs11::new(&address.library).map_err(refused)?;
            match library.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
                Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
                Err(source) => return Err(refused(source)),
            }
            let inner = Inner {
                library,
                token: address.token,
                pin: AuthPin::from(address.pin.expose().clone()),
                label: address.label,
                idle: Mutex::default(),
                places: Arc::new(Semaphore::new(CALLS_MAX)),
            };
            let session = inner.session()?;
            inner.idle().push(session);
            Ok(Self { inner: Arc::new(inner) })
        })
        .await
    }

    /// Does something that waits for the device, when it is our turn.
    pub(crate) async fn call<T, F>(&self, work: F) -> Result<T, ModuleFailed>
    where
        T: Send + 'static,
        F: FnOnce(&Self) -> Result<T, ModuleFailed> + Send + 'static,
    {
        let place = Arc::clone(&self.inner.places).acquire_owned();
        let place = tokio::time::timeout(PATIENCE, place).await.ok().and_then(Result::ok);
        let (place, module) = (place.ok_or(ModuleFailed::Silent)?, self.clone());
        waited_for(move || {
            let _place = place;
            work(&module)
        })
        .await
    }

    /// Makes a key. Waits.
    pub(crate) fn generate(&self) -> Result<KeyId, ModuleFailed> {
        let id = KeyId(rand::random());
        self.inner.with(|session| {
            session.generate_key(
                &Mechanism::AesKeyGen,
                &[
                    Attribute::Token(true),
                    Attribute::Private(true),
                    Attribute::Sensitive(true),
                    Attribute::Extractable(false),
                    Attribute::Encrypt(true),
                    Attribute::Decrypt(true),
                    Attribute::Wrap(false),
                    Attribute::Unwrap(false),
                    Attribute::ValueLen(KEY_BYTES.into()),
                    Attribute::Label(self.inner.label.clone().into_bytes()),
                    Attribute::Id(id.0.to_vec()),
                ],
            )
        })?;
        Ok(id)
    }

    /// Destroys a key, if it is there. Waits.
    pub(crate) fn destroy(&self, id: KeyId) -> Result<(), ModuleFailed> {
        self.inner.with(|session| match find(session, id)? {
            Some(key) => session.destroy_object(key),
            None => Ok(()),
        })
    }

    /// Seals each of `plain` under the key, bound to what is associated with it. Waits.
    pub(crate) fn seal(
        &self,
        id: KeyId,
        plain: &[(Vec<u8>, Zeroizing<Vec<u8>>)],
    ) -> Result<Vec<Vec<u8>>, ModuleFailed> {
        self.with_key(id, |session, key| {
            let seal = |(associated, plain): &(Vec<u8>, Zeroizing<Vec<u8>>)| {
                let mut nonce: [u8; NONCE] = rand::random();
                let params = GcmParams::new(&mut nonce, associated, TAG_BITS.into())?;
                let sealed = session.encrypt(&Mechanism::AesGcm(params), key, plain)?;
                Ok([&[VERSION], nonce.as_slice(), &sealed].concat())
            };
            plain.iter().map(seal).collect()
        })
    }

    /// Opens what [`Module::seal`] gave, each in its place; `None` for what does not open. Waits.
    pub(crate) fn unseal(
        &self,
        id: KeyId,
        sealed: &[(Vec<u8>, Vec<u8>)],
    ) -> Result<Vec<Option<Zeroizing<Vec<u8>>>>, ModuleFailed> {
        self.with_key(id, |session, key| {
            let unseal = |(associated, sealed): &(Vec<u8>, Vec<u8>)| {
                let Some((&[VERSION], rest)) = sealed.split_first_chunk() else { return Ok(None) };
                let Some((nonce, sealed)) = rest.split_first_chunk::<NONCE>() else { return Ok(None) };
                let mut nonce = *nonce;
                let params = GcmParams::new(&mut nonce, associated, TAG_BITS.into())?;
                match session.decrypt(&Mechanism::AesGcm(params), key, sealed) {
                    Ok(plain) => Ok(Some(Zeroizing::new(plain))),
                    Err(error) if is_altered(&error) => Ok(None),
                    Err(error) => Err(error),
                }
            };
            sealed.iter().map(unseal).collect()
        })
    }

    fn with_key<T>(
        &self,
        id: KeyId,
        work: impl Fn(&Session, ObjectHandle) -> Result<T, Error>,
    ) -> Result<T, ModuleFailed> {
        let done = self.inner.with(|session| match find(session, id)? {
            Some(key) => work(session, key).map(Some),
            None => Ok(None),
        })?;
        done.ok_or_else(|| ModuleFailed::Key { id: id.to_string() })
    }
}

impl Inner {
    /// Works in a session that is idle, or in a new one.
    fn with<T>(&self, work: impl Fn(&Session) -> Result<T, Error>) -> Result<T, ModuleFailed> {
        loop {
            let idle = self.idle().pop();
            let was_idle = idle.is_some();
            let session = idle.map_or_else(|| self.session(), Ok)?;
            match work(&session) {
                // The device began anew: it knows none of our sessions.
                Err(error) if was_idle && is_forgotten(&error) => self.idle().clear(),
                done => {
                    if !done.as_ref().is_err_and(is_forgotten) {
                        self.idle().push(session);
                    }
                    return Ok(done?);
                }
            }
        }
    }

    /// A new session, signed in.
    fn session(&self) -> Result<Session, ModuleFailed> {
        for slot in self.library.get_slots_with_token()? {
            if self.library.get_token_info(slot)?.label().trim_end() != self.token {
                continue;
            }
            let session = self.library.open_rw_session(slot)?;
            // Who is signed in to a token is so in all sessions of the process.
            return match session.login(UserType::User, Some(&self.pin)) {
                Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(session),
                Err(error) => Err(error.into()),
            };
        }
        Err(ModuleFailed::Token { token: self.token.clone() })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Session>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn find(session: &Session, id: KeyId) -> Result<Option<ObjectHandle>, Error> {
    let wanted = [Attribute::Class(ObjectClass::SECRET_KEY), Attribute::Id(id.0.to_vec())];
    Ok(session.find_objects(&wanted)?.first().copied())
}

async fn waited_for<T, F>(work: F) -> Result<T, ModuleFailed>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, ModuleFailed> + Send + 'static,
{
    let work = tokio::task::spawn_blocking(work);
    tokio::time::timeout(PATIENCE, work).await.ok().and_then(Result::ok).unwrap_or(Err(ModuleFailed::Silent))
}

/// Whether what was to be opened is not what was sealed. Of a wrong tag, some modules say no more than that they failed.
const fn is_altered(error: &Error) -> bool {
    use RvError::{EncryptedDataInvalid, EncryptedDataLenRange, GeneralError};
    matches!(error, Error::Pkcs11(EncryptedDataInvalid | EncryptedDataLenRange | GeneralError, _))
}

/// Whether the device knows the session no more.
const fn is_forgotten(error: &Error) -> bool {
    use RvError::{
        CryptokiNotInitialized, DeviceError, DeviceRemoved, SessionClosed, SessionHandleInvalid,
        TokenNotPresent, UserNotLoggedIn,
    };
    matches!(
        error,
        Error::Pkcs11(
            CryptokiNotInitialized
                | DeviceError
                | DeviceRemoved
                | SessionClosed
                | SessionHandleInvalid
                | TokenNotPresent
                | UserNotLoggedIn,
            _
        )
    )
}
