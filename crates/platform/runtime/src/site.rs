//! Where a service is opened: what it is given, and where contracts change hands.

use std::any::{Any, TypeId, type_name};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use clock::Clock;
use db::Db;

use crate::OpenFailed;

/// Which database the bank keeps its books in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreAddress {
    /// Embedded files in the data directory.
    Sqlite,
    /// A PostgreSQL-wire server: `postgres://…`.
    Postgres(String),
}

/// The ground a house stands on. Contracts are kept by type: `site.offer::<dyn Ledger>(ledger)`, then
/// `site.need::<dyn Ledger>()`.
pub struct Site {
    /// The bank's database.
    pub db: Db,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The data directory; claimed by this process.
    pub data_dir: PathBuf,
    /// Where the books are.
    pub store: StoreAddress,
    /// What this process calls itself before others on the same store: see [`crate::DataDir::instance`].
    pub instance: String,
    offered: Mutex<HashMap<TypeId, Box<dyn Any + Send + Sync>>>,
}

impl Site {
    /// A site on which nothing is offered yet.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, data_dir: &Path, store: StoreAddress, instance: &str) -> Self {
        let (data_dir, instance) = (data_dir.to_owned(), instance.to_owned());
        Self { db, clock, data_dir, store, instance, offered: Mutex::new(HashMap::new()) }
    }

    /// Whether other processes may have the same store open.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        matches!(self.store, StoreAddress::Postgres(_))
    }

    /// Makes `thing` available to whoever needs a `T`; the last offer stands. Settings of a domain, keys and
    /// contracts are all offered this way.
    pub fn offer<T: ?Sized + Send + Sync + 'static>(&self, thing: Arc<T>) {
        self.offered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(TypeId::of::<T>(), Box::new(thing));
    }

    /// What was offered as `T`.
    ///
    /// # Errors
    /// [`OpenFailed::Missing`].
    pub fn need<T: ?Sized + Send + Sync + 'static>(&self) -> Result<Arc<T>, OpenFailed> {
        self.offered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&TypeId::of::<T>())
            .and_then(|offered| offered.downcast_ref::<Arc<T>>())
            .cloned()
            .ok_or(OpenFailed::Missing(type_name::<T>()))
    }
}
