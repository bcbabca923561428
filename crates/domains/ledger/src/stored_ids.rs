//! Ids that are no longer in memory, so that each is known for ever at bounded memory.
//!
//! A full generation of ids is written to the derived database in sorted blocks and then leaves memory. Whoever
//! looks an id up is kept from reading in vain three times: by the time at which the ids of a generation were
//! minted, which is all that a new id ever meets; by a filter, where many ids are looked up that do not tell their
//! time; and by the beginning of the hash, which names the one block to be read. Filters are loaded when they are
//! needed and held within a bound.
//!
//! Everything here follows from the journal: what is missing or damaged is found by checks, named, and made anew.
//!
//! INVARIANT: only ids of durable records are stored, and every id that stands before [`StoredIds::covered`] is.
//!
//! Cost of a million ids: 11 MB in the database and 1.5 MB of filter.

mod check;
mod filters;
mod keep;
mod layout;
mod look_up;
mod rebuild;
mod tables;

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use db::Db;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use sea_orm::DbErr;

use crate::journal::{Journal, ReadFailed};
use crate::model::{Full, IdKey, Location};
use crate::replay::Fault;

pub(crate) use self::check::{Checking, IdsWrong};
use self::filters::Filters;
pub(crate) use self::keep::{Shelving, drive};
use self::layout::Outline;
pub use self::look_up::Stored;

/// Before the first entry of all.
const BEGINNING: Location = Location::new(1, 0);

/// Ids cannot be stored or looked up.
#[derive(Debug, thiserror::Error)]
pub enum IdsFailed {
    /// The derived database failed.
    #[error("the stored ids could not be read or written")]
    Store(#[from] DbErr),
    /// The journal failed.
    #[error("the journal could not be read")]
    Journal(#[from] ReadFailed),
    /// A record from which ids are to be stored anew is not right.
    #[error("the journal is not right at {0}")]
    Record(#[from] Fault),
    /// What was stored is damaged.
    #[error("generation {generation} of the stored ids is damaged: {what}")]
    Damaged {
        /// Which one.
        generation: u32,
        /// What of it.
        what: String,
    },
    /// Ids are stored of records that the journal does not have.
    #[error("ids are stored up to record {sequence}, but the journal ends with record {head}")]
    Behind {
        /// Where the journal ends.
        head: u64,
        /// The last record of which there are ids.
        sequence: u64,
    },
}

/// All generations, oldest first; each begins where the one before it ends.
#[derive(Debug, Default)]
struct Generations {
    all: Vec<Arc<Outline>>,
    /// The latest time at which any id was minted.
    last_ms: u64,
    /// Ids that do not tell.
    untold: u64,
}

impl Generations {
    fn of(all: Vec<Arc<Outline>>) -> Self {
        let last_ms = all.iter().map(|outline| outline.minted.last_ms).max().unwrap_or(0);
        let untold = all.iter().map(|outline| outline.minted.untold).sum();
        Self { all, last_ms, untold }
    }

    /// Whether any generation may hold an id of this key. For a new id one comparison.
    fn may_hold(&self, key: IdKey) -> bool {
        let at_all = key.minted_ms.map_or(self.untold > 0, |at| at <= self.last_ms);
        at_all && self.all.iter().any(|outline| outline.minted.may_hold(key))
    }
}

/// Where the oldest generation in memory is on its way to the store.
#[derive(Debug, Default)]
enum Slot {
    #[default]
    Free,
    /// To be stored, and looked up in memory until it is.
    Waiting(Full),
    /// Stored: memory may let go of it.
    Stored(Full),
    /// Memory has let go of it: whoever stores drops it, because giving back so much memory takes milliseconds.
    Released(Full),
}

/// Numbers generations by chance, so that a writer which another one has superseded, and does not know it yet,
/// writes nowhere into what is the other's.
#[derive(Debug)]
pub(crate) struct Dice(Mutex<StdRng>);

impl Dice {
    pub(crate) fn of(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }

    /// From 1 to 2³¹ − 1.
    fn number(&self) -> u32 {
        let mut rng = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rng.random::<u32>() >> 1 | 1
    }
}

/// The stored ids of one book.
pub struct StoredIds {
    db: Db,
    journal: Arc<dyn Journal>,
    /// Ids of one generation.
    size: usize,
    dice: Dice,
    generations: RwLock<Arc<Generations>>,
    filters: Mutex<Filters>,
    slot: Mutex<Slot>,
    storing: tokio::sync::Mutex<()>,
    repairing: tokio::sync::Mutex<()>,
}

impl StoredIds {
    /// What is stored in `db` of the ids of `journal`; what is missing in between is made anew. Filters take at most
    /// `filter_bytes` of memory.
    /// Generations are numbered by `dice`.
    ///
    /// # Errors
    /// [`IdsFailed`].
    #[cfg(test)]
    pub(crate) async fn open(
        db: Db,
        journal: Arc<dyn Journal>,
        generation_ids: usize,
        filter_bytes: usize,
        dice: Dice,
    ) -> Result<Self, IdsFailed> {
        let ids = Self::unread(db, journal, generation_ids, filter_bytes, dice);
        ids.find_stored().await?;
        Ok(ids)
    }

    /// As [`StoredIds::open`], before anything was read.
    pub(crate) fn unread(
        db: Db,
        journal: Arc<dyn Journal>,
        generation_ids: usize,
        filter_bytes: usize,
        dice: Dice,
    ) -> Self {
        Self {
            db,
            journal,
            size: generation_ids,
            dice,
            generations: RwLock::default(),
            filters: Mutex::new(Filters::with_room(filter_bytes)),
            slot: Mutex::default(),
            storing: tokio::sync::Mutex::default(),
            repairing: tokio::sync::Mutex::default(),
        }
    }

    fn generations(&self) -> Arc<Generations> {
        Arc::clone(&self.generations.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn replace(&self, all: Vec<Arc<Outline>>) {
        let replaced = Arc::new(Generations::of(all));
        *self.generations.write().unwrap_or_else(PoisonError::into_inner) = replaced;
    }

    /// Every id that stands before this location is stored.
    #[must_use]
    pub fn covered(&self) -> Location {
        self.generations().all.last().map_or(BEGINNING, |newest| newest.until)
    }

    /// Ids of one generation.
    #[must_use]
    pub const fn generation_ids(&self) -> usize {
        self.size
    }

    /// How many ids are stored. Some at the ends of generations may be stored twice.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.generations().all.iter().map(|outline| outline.ids).sum()
    }

    /// Whether none are.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Those of `keys` that may be stored, as far as their times tell.
    pub fn asked(&self, keys: impl Iterator<Item = IdKey>) -> Vec<IdKey> {
        let generations = self.generations();
        if generations.all.is_empty() {
            return Vec::new();
        }
        keys.filter(|key| generations.may_hold(*key)).collect()
    }
}

#[cfg(test)]
mod tests;
