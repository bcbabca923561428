//! Envelope encryption: a data key per subject, wrapped by the newest generation of a master key.
//!
//! Personal data is sealed (SM4-GCM, RFC 8998; SM4 is GB/T 32907) under the data key of the [`Subject`] it belongs
//! to, usually a customer, and is bound to the field it stands in: bytes moved to another field or subject do not
//! open. Data keys lie in the database, wrapped by the master key: of a local key file, or of a [`Module`] (PKCS#11). [`Keys::destroy`] erases a
//! data key and with it everything sealed under it, in every copy of the database made later.
//!
//! The master key is exchanged while the bank runs ([`Keys::rotate`], [`Keys::rewrap`], [`Keys::retire`]): its
//! generations wrap data keys and nothing else, so nothing that is sealed, found or authenticated changes.
//!
//! What is sealed cannot be searched; it is found by a keyed hash (HMAC-SM3, GB/T 32905) of its normalized value,
//! see [`Keys::index`]. [`Keys::mac`] authenticates bytes that leave the house and come back. What others seal to the
//! bank, an [`OpeningKey`] opens.
//!
//! Cost: sealing takes a few microseconds and adds [`OVERHEAD`] bytes; the first use of a subject reads one row,
//! then its key is kept in a bounded cache (32 bytes each). Subjects that are used together are fetched or created
//! in one go by [`Keys::data_keys`]. This crate knows neither customers nor accounts.

mod cache;
mod cipher;
mod error;
mod key_file;
mod module;
mod opening;
mod ring;
mod rotation;
mod secret_file;
mod store;
#[cfg(test)]
mod tests;
mod wrapping;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use clock::Clock;
use db::{Db, Migrations};

use crate::cache::Cache;
use crate::ring::{FIRST, Ring, Root};
use crate::store::Stored;
use crate::store::generation::{self, Known};

pub use cipher::{DataKey, OVERHEAD};
pub use error::{KeysFailed, OpenFailed};
pub use key_file::KeyFileRefused;
pub use module::{Module, ModuleAddress, ModuleFailed};
pub use opening::OpeningKey;
pub use rotation::{Generation, KeyPlace, Rewrapped, RotateFailed, Rotated, Status};
pub use secret_file::{Secret, SecretFile, SecretFileRefused};

/// Tables of this crate.
pub const MIGRATIONS: Migrations =
    db::migrations!("keys", "0001_data_key", "0002_generation", "0003_wrapped_by");

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

/// The keys of the bank. Cheap to clone.
#[derive(Clone)]
pub struct Keys {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    key_file: PathBuf,
    module: Option<Module>,
    root: Root,
    /// What the key file held when it was read last.
    ring: RwLock<Arc<Ring>>,
    /// The generation that wraps what is new, as far as is known here; the store has the last word.
    newest: AtomicU32,
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
        Self::open_with(db, key_file, None, clock).await
    }

    /// As [`Keys::open`], with the module in which new generations of the master key are made.
    ///
    /// # Errors
    /// As [`Keys::open`]; a key file whose keys the module does not have is [`OpenFailed::KeyFile`] too.
    pub async fn open_with(
        db: &Db,
        key_file: &Path,
        module: Option<Module>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, OpenFailed> {
        MIGRATIONS.apply(db).await?;
        let known = store::fingerprint(db).await?;
        let is_new = known.is_none();
        let ring = with_file(key_file, &module, move |path, module| match key_file::read(path, module)? {
            None if is_new => key_file::create(path, module),
            Some(ring) => Ok(ring),
            None => Err(KeyFileRefused::Missing { path: path.display().to_string() }),
        });
        let ring = ring.await?;
        // Data of before generations were counted is wrapped by the first; a bank begins with the newest.
        let begun = if known.is_some() { FIRST } else { ring.newest() };
        let known = match known {
            Some(known) => known,
            None => store::remember_fingerprint(db, ring.root.bank, clock.now()).await?,
        };
        if known != ring.root.bank {
            return Err(KeyFileRefused::Other { path: key_file.display().to_string() }.into());
        }
        let mut known = generation::all(db).await?;
        if known.is_empty() {
            let Some(wrapping) = ring.generations.get(&begun) else {
                return Err(lacks(key_file, begun).into());
            };
            known = generation::begin(db, begun, wrapping.fingerprint(), clock.now()).await?;
        }
        check(key_file, &ring, &known)?;
        let cache = Cache::with_capacity(CACHED_MAX, (db.kind() == db::Kind::Postgres).then_some(KEPT_FOR));
        let (db, key_file, root) = (db.clone(), key_file.to_owned(), ring.root.clone());
        let newest = AtomicU32::new(known.last().map_or(begun, |newest| newest.number));
        let ring = RwLock::new(Arc::new(ring));
        Ok(Self { inner: Arc::new(Inner { db, clock, key_file, module, root, ring, newest, cache }) })
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
            let missing: Vec<Subject> = missing.into_iter().map(|(subject, _)| subject).collect();
            let stored = self.create(&missing).await?;
            self.keep(generation, stored, &mut found).await?;
        }
        Ok(found)
    }

    /// Fresh keys, wrapped by the newest generation in use.
    async fn create(&self, subjects: &[Subject]) -> Result<Vec<Stored>, KeysFailed> {
        loop {
            let number = self.inner.newest.load(Ordering::Relaxed);
            let ring = self.ring_with([number]).await?;
            let fresh: Vec<DataKey> = subjects.iter().copied().map(DataKey::generate).collect();
            let fresh = ring.get(number)?.wrap(&fresh).await?;
            // Where another generation was taken into use meanwhile, they are wrapped by that one.
            if let Some(stored) = store::create(&self.inner.db, fresh, number, self.inner.clock.now()).await?
            {
                return Ok(stored);
            }
            let known = generation::all(&self.inner.db).await?;
            self.inner.newest.store(known.last().map_or(FIRST, |newest| newest.number), Ordering::Relaxed);
        }
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
        self.inner.root.index(field, value.as_bytes())
    }

    /// Authenticates `bytes` (HMAC-SM3) for one `purpose`.
    #[must_use]
    pub fn mac(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        self.inner.root.mac(purpose, bytes)
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
            stored.iter().filter(|row| row.wrapped.is_none()).map(|row| row.subject).collect();
        self.keep(generation, stored, &mut found).await?;
        asked.retain(|subject| !found.contains_key(subject));
        let missing = asked.into_iter().map(|subject| (subject, destroyed.contains(&subject))).collect();
        Ok((found, missing))
    }

    async fn keep(
        &self,
        generation: u64,
        stored: Vec<Stored>,
        found: &mut HashMap<Subject, DataKey>,
    ) -> Result<(), KeysFailed> {
        let mut wrapped: BTreeMap<u32, Vec<(Subject, Vec<u8>)>> = BTreeMap::new();
        for row in stored {
            if let Some(bytes) = row.wrapped {
                wrapped.entry(row.generation).or_default().push((row.subject, bytes));
            }
        }
        let ring = self.ring_with(wrapped.keys().copied()).await?;
        for (number, wrapped) in wrapped {
            for key in ring.get(number)?.unwrap(&wrapped).await? {
                let key = key.ok_or(KeysFailed::Damaged)?;
                self.inner.cache.put(generation, key.subject(), key.clone());
                found.insert(key.subject(), key);
            }
        }
        Ok(())
    }

    /// What the key file holds; read anew where a generation is wanted that it did not hold before.
    async fn ring_with(&self, wanted: impl IntoIterator<Item = u32>) -> Result<Arc<Ring>, KeysFailed> {
        let ring = self.ring();
        if wanted.into_iter().all(|number| ring.generations.contains_key(&number)) {
            return Ok(ring);
        }
        self.reread().await
    }

    async fn with_file<T, F>(&self, work: F) -> Result<T, KeyFileRefused>
    where
        T: Send + 'static,
        F: FnOnce(&Path, Option<&Module>) -> Result<T, KeyFileRefused> + Send + 'static,
    {
        with_file(&self.inner.key_file, &self.inner.module, work).await
    }

    fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.inner.ring.read().unwrap_or_else(PoisonError::into_inner))
    }

    async fn reread(&self) -> Result<Arc<Ring>, KeysFailed> {
        let ring = self.with_file(key_file::read_known).await?;
        if ring.root.bank != self.inner.root.bank {
            return Err(KeyFileRefused::Other { path: self.inner.key_file.display().to_string() }.into());
        }
        check(&self.inner.key_file, &ring, &generation::all(&self.inner.db).await?)?;
        let ring = Arc::new(ring);
        *self.inner.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&ring);
        tracing::info!(newest = ring.newest(), "the key file was read anew");
        Ok(ring)
    }
}

/// Does something with the key file, which may wait for the module.
async fn with_file<T, F>(path: &Path, module: &Option<Module>, work: F) -> Result<T, KeyFileRefused>
where
    T: Send + 'static,
    F: FnOnce(&Path, Option<&Module>) -> Result<T, KeyFileRefused> + Send + 'static,
{
    let Some(module) = module else { return work(path, None) };
    let path = path.to_owned();
    module.call(move |module| Ok(work(&path, Some(module)))).await?
}

/// Whether the file holds every generation on which something may depend.
fn check(key_file: &Path, ring: &Ring, known: &[Known]) -> Result<(), KeyFileRefused> {
    for known in known.iter().filter(|known| known.retired_at.is_none()) {
        let wrapping = ring.generations.get(&known.number);
        if wrapping.is_none_or(|wrapping| wrapping.fingerprint() != known.fingerprint) {
            return Err(lacks(key_file, known.number));
        }
    }
    Ok(())
}

fn lacks(key_file: &Path, number: u32) -> KeyFileRefused {
    KeyFileRefused::Lacks { path: key_file.display().to_string(), number }
}
