//! Envelope encryption: a data key per subject, wrapped by one master key.
//!
//! Personal data is sealed (SM4-GCM, RFC 8998; SM4 is GB/T 32907) under the data key of the [`Subject`] it belongs
//! to, usually a customer, and is bound to the field it stands in: bytes moved to another field or subject do not
//! open. Data keys lie in the database, wrapped by the master key of a local key file. [`Keys::destroy`] erases a
//! data key and with it everything sealed under it, in every copy of the database made later.
//!
//! What is sealed cannot be searched; it is found by a keyed hash (HMAC-SM3, GB/T 32905) of its normalized value,
//! see [`Keys::index`]. [`Keys::mac`] authenticates bytes that leave the house and come back.
//!
//! Cost: sealing takes a few microseconds and adds [`OVERHEAD`] bytes; the first use of a subject reads one row,
//! then its key is kept in a bounded cache (32 bytes each). Subjects that are used together are fetched or created
//! in one go by [`Keys::data_keys`]. This crate knows neither customers nor accounts.

mod cache;
mod cipher;
mod key_file;
mod secret_file;
mod store;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use clock::Clock;
use db::{Db, MigrateFailed, Migrations};
use sea_orm::DbErr;

use crate::cache::Cache;
use crate::cipher::Master;

pub use cipher::{DataKey, OVERHEAD};
pub use key_file::KeyFileRefused;
pub use secret_file::{Secret, SecretFile, SecretFileRefused};

/// Tables of this crate.
pub const MIGRATIONS: Migrations = db::migrations!("keys", "0001_data_key");

/// Data keys kept in memory, at most.
const CACHED_MAX: usize = 20_000;
/// How long at most, where another process may have destroyed one.
const KEPT_FOR: std::time::Duration = std::time::Duration::from_secs(20);

/// Whose data is sealed: 128 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subject([u8; 16]);

impl Subject {
    /// A subject that is not a customer, such as `messages/2026-11`: its name hashed to 128 bits.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self(cipher::name_hash(name))
    }

    pub(crate) const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl From<ids::CustomerId> for Subject {
    fn from(id: ids::CustomerId) -> Self {
        Self(id.to_bytes())
    }
}

/// Why something could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum KeysFailed {
    /// The subject's data key was destroyed: what was sealed under it is gone for ever.
    #[error("the data key was destroyed")]
    Destroyed,
    /// Nothing was ever sealed for this subject.
    #[error("there is no data key")]
    Unknown,
    /// The bytes were changed, belong to another field or subject, or were sealed by a later program.
    #[error("the sealed bytes do not open")]
    Damaged,
    /// The store failed.
    #[error("the keys could not be read or written")]
    Store(#[from] DbErr),
}

/// Why the keys could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenFailed {
    /// The key file.
    #[error(transparent)]
    KeyFile(#[from] KeyFileRefused),
    /// The tables.
    #[error("the tables of the keys could not be brought up to date")]
    Migrate(#[from] MigrateFailed),
    /// The store.
    #[error("the keys could not be read")]
    Store(#[from] DbErr),
}

/// The keys of the bank. Cheap to clone.
#[derive(Clone)]
pub struct Keys {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    master: Master,
    cache: Cache,
}

impl Keys {
    /// Opens the keys: brings their tables up to date, reads the master key from `key_file`, and makes one where
    /// neither file nor data keys exist yet.
    ///
    /// # Errors
    /// [`OpenFailed`]; a key file that is missing, malformed, readable by others, or not the one the data keys were
    /// wrapped with is [`OpenFailed::KeyFile`].
    pub async fn open(db: &Db, key_file: &Path, clock: Arc<dyn Clock>) -> Result<Self, OpenFailed> {
        MIGRATIONS.apply(db).await?;
        let known = store::fingerprint(db).await?;
        let master = match key_file::read(key_file)? {
            Some(master) => master,
            None if known.is_some() => {
                return Err(KeyFileRefused::Missing { path: key_file.display().to_string() }.into());
            }
            None => key_file::create(key_file)?,
        };
        let known = match known {
            Some(known) => known,
            None => store::remember_fingerprint(db, master.fingerprint(), clock.now()).await?,
        };
        if known != master.fingerprint() {
            return Err(KeyFileRefused::Other { path: key_file.display().to_string() }.into());
        }
        let cache = Cache::with_capacity(CACHED_MAX, (db.kind() == db::Kind::Postgres).then_some(KEPT_FOR));
        Ok(Self { inner: Arc::new(Inner { db: db.clone(), clock, master, cache }) })
    }

    /// The data key of one subject, created where it has none yet. Durable when answered.
    ///
    /// # Errors
    /// [`KeysFailed::Destroyed`], [`KeysFailed::Store`].
    pub async fn data_key(&self, subject: Subject) -> Result<DataKey, KeysFailed> {
        self.data_keys(&[subject]).await?.remove(&subject).ok_or(KeysFailed::Destroyed)
    }

    /// The data keys of many subjects, created where they have none yet: one read and at most one write for all.
    /// Destroyed ones are missing in the answer.
    ///
    /// # Errors
    /// [`KeysFailed::Store`], [`KeysFailed::Damaged`].
    pub async fn data_keys(&self, subjects: &[Subject]) -> Result<HashMap<Subject, DataKey>, KeysFailed> {
        let (mut found, mut missing) = self.existing(subjects).await?;
        missing.retain(|(_, destroyed)| !destroyed);
        if !missing.is_empty() {
            let generation = self.inner.cache.generation();
            let fresh: Vec<_> = missing
                .iter()
                .map(|(subject, _)| (*subject, self.inner.master.wrap(&DataKey::generate(*subject))))
                .collect();
            let stored = store::create(&self.inner.db, fresh, self.inner.clock.now()).await?;
            self.keep(generation, stored, &mut found)?;
        }
        Ok(found)
    }

    /// The data keys that exist, without creating any: for reading lists. Subjects without one, and destroyed ones,
    /// are missing in the answer.
    ///
    /// # Errors
    /// [`KeysFailed::Store`], [`KeysFailed::Damaged`].
    pub async fn known_keys(&self, subjects: &[Subject]) -> Result<HashMap<Subject, DataKey>, KeysFailed> {
        self.existing(subjects).await.map(|(found, _)| found)
    }

    /// Seals `plain` for `subject`. `field` says where it stands, `customers.phone`, and must be given again to
    /// open it.
    ///
    /// # Errors
    /// [`KeysFailed::Destroyed`], [`KeysFailed::Store`].
    pub async fn seal(&self, subject: Subject, field: &str, plain: &[u8]) -> Result<Vec<u8>, KeysFailed> {
        Ok(self.data_key(subject).await?.seal(field, plain))
    }

    /// Opens what [`Keys::seal`] gave.
    ///
    /// # Errors
    /// [`KeysFailed`].
    pub async fn open_sealed(
        &self,
        subject: Subject,
        field: &str,
        sealed: &[u8],
    ) -> Result<Vec<u8>, KeysFailed> {
        let (mut found, missing) = self.existing(&[subject]).await?;
        match (found.remove(&subject), missing.first()) {
            (Some(key), _) => key.open(field, sealed),
            (None, Some((_, true))) => Err(KeysFailed::Destroyed),
            (None, _) => Err(KeysFailed::Unknown),
        }
    }

    /// Destroys the data key of `subject` for ever; whether it had one until now. The subject gets no other key.
    ///
    /// # Errors
    /// [`KeysFailed::Store`].
    pub async fn destroy(&self, subject: Subject) -> Result<bool, KeysFailed> {
        let had = store::destroy(&self.inner.db, subject, self.inner.clock.now()).await?;
        self.inner.cache.forget(subject);
        Ok(had)
    }

    /// The keyed hash under which a sealed value is found again (HMAC-SM3). Normalize `value` first: equal values
    /// have equal hashes within one `field`, and different ones in different fields.
    #[must_use]
    pub fn index(&self, field: &str, value: &str) -> [u8; 32] {
        self.inner.master.index(field, value.as_bytes())
    }

    /// Authenticates `bytes` (HMAC-SM3) for one `purpose`.
    #[must_use]
    pub fn mac(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        self.inner.master.mac(purpose, bytes)
    }

    /// Keys found in cache or store; and the subjects without, each with whether it was destroyed.
    async fn existing(
        &self,
        subjects: &[Subject],
    ) -> Result<(HashMap<Subject, DataKey>, Vec<(Subject, bool)>), KeysFailed> {
        let mut found = HashMap::with_capacity(subjects.len());
        let mut asked: Vec<Subject> = Vec::new();
        for subject in subjects {
            match self.inner.cache.get(*subject) {
                Some(key) => {
                    found.insert(*subject, key);
                }
                None => asked.push(*subject),
            }
        }
        if asked.is_empty() {
            return Ok((found, Vec::new()));
        }
        asked.sort_unstable();
        asked.dedup();
        let generation = self.inner.cache.generation();
        let stored = store::load(&self.inner.db, &asked).await?;
        let destroyed: Vec<Subject> =
            stored.iter().filter(|(_, wrapped)| wrapped.is_none()).map(|(subject, _)| *subject).collect();
        self.keep(generation, stored, &mut found)?;
        asked.retain(|subject| !found.contains_key(subject));
        let missing = asked.into_iter().map(|subject| (subject, destroyed.contains(&subject))).collect();
        Ok((found, missing))
    }

    fn keep(
        &self,
        generation: u64,
        stored: Vec<(Subject, Option<Vec<u8>>)>,
        found: &mut HashMap<Subject, DataKey>,
    ) -> Result<(), KeysFailed> {
        for (subject, wrapped) in stored {
            if let Some(wrapped) = wrapped {
                let key = self.inner.master.unwrap(subject, &wrapped)?;
                self.inner.cache.put(generation, subject, key.clone());
                found.insert(subject, key);
            }
        }
        Ok(())
    }
}
