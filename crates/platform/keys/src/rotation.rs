//! Exchanging the master key: a new generation, re-wrapping under it, and the end of an old one.
//!
//! INVARIANT: a generation is retired only while it wraps nothing, and nothing is wrapped by one that is not the newest
//! in use: both are decided in the transaction that does it.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use sea_orm::DbErr;

use crate::store::generation::{self, Known, Retired};
use crate::store::rewrap::{self, Exchange};
use crate::wrapping::Wrapping;
use crate::{DataKey, KeyFileRefused, Keys, KeysFailed, Module, Subject, check, key_file};

/// Why the master key could not be exchanged. Nothing was lost.
#[derive(Debug, thiserror::Error)]
pub enum RotateFailed {
    /// No generation has this number.
    #[error("there is no generation {number}; `yuanhang keys status` lists them")]
    Unknown {
        /// The number.
        number: u32,
    },
    /// It wraps what is new.
    #[error("generation {number} is in use; make another with `yuanhang keys rotate` first")]
    Newest {
        /// Its number.
        number: u32,
    },
    /// Something depends on it.
    #[error("generation {number} still wraps data keys; run `yuanhang keys rewrap` first")]
    Used {
        /// Its number.
        number: u32,
    },
    /// Another command was faster.
    #[error("another generation was taken into use meanwhile; look at `yuanhang keys status`")]
    Overtaken,
    /// There is no module.
    #[error("`keys.pkcs11.library` is not set: there is no module to make a key in")]
    NoModule,
    /// The key file, or the module.
    #[error(transparent)]
    KeyFile(#[from] KeyFileRefused),
    /// The store.
    #[error("the keys could not be read or written")]
    Store(#[from] DbErr),
}

/// A new generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotated {
    /// Its number.
    pub number: u32,
    /// Whether it is in use; otherwise it waits in the key file.
    pub in_use: bool,
}

/// Where a generation is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyPlace {
    /// In the key file.
    File,
    /// In the module.
    Module,
}

/// What re-wrapping came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rewrapped {
    /// The generation that wraps them now.
    pub number: u32,
    /// Data keys that were wrapped anew.
    pub rewrapped: u64,
    /// Data keys that an older generation does not open: damaged, and left as they are.
    pub damaged: u64,
}

/// A generation as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generation {
    /// Its number, from 1.
    pub number: u32,
    /// Since when it is in use, microseconds since 1970; `None` where it waits in the key file.
    pub created_at: Option<i64>,
    /// Since when it is retired.
    pub retired_at: Option<i64>,
    /// How many data keys it wraps.
    pub wraps: u64,
    /// Whether it wraps what is new.
    pub is_newest: bool,
    /// Where it is, as the key file says; `None` where that does not name it.
    pub place: Option<KeyPlace>,
}

/// How the keys stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// All generations, by number.
    pub generations: Vec<Generation>,
    /// How many subjects' data keys are destroyed.
    pub destroyed: u64,
}

impl Keys {
    /// Takes a new generation into use. One that waits in the key file is taken; otherwise one is made and written there
    /// first: in the module, where there is one. With `prepare` it is made and left waiting, so that the file can be
    /// copied to other machines before anything is wrapped by it.
    ///
    /// # Errors
    /// [`RotateFailed::Overtaken`], [`RotateFailed::KeyFile`], [`RotateFailed::Store`].
    pub async fn rotate(&self, prepare: bool) -> Result<Rotated, RotateFailed> {
        let place = if self.inner.module.is_some() { KeyPlace::Module } else { KeyPlace::File };
        self.rotate_in(place, prepare).await
    }

    /// As [`Keys::rotate`], but to a generation in `place`.
    ///
    /// # Errors
    /// As [`Keys::rotate`], and [`RotateFailed::NoModule`].
    pub async fn rotate_in(&self, place: KeyPlace, prepare: bool) -> Result<Rotated, RotateFailed> {
        let inner = &*self.inner;
        if place == KeyPlace::Module && inner.module.is_none() {
            return Err(RotateFailed::NoModule);
        }
        let known = generation::all(&inner.db).await?;
        let made = self.with_file(move |path, module| made(path, module, &known, place)).await?;
        let (number, fingerprint) = made;
        if prepare {
            return Ok(Rotated { number, in_use: false });
        }
        if generation::add(&inner.db, number, fingerprint, inner.clock.now()).await? {
            tracing::info!(keys.generation = number, "a new generation of the master key is in use");
            return Ok(Rotated { number, in_use: true });
        }
        Err(RotateFailed::Overtaken)
    }

    /// Wraps every data key by the newest generation, some hundred at a time; between two times it rests as long as it
    /// wrote, so that others come to write too. What was done stays done, however it ends.
    ///
    /// # Errors
    /// [`KeysFailed::Generation`], [`KeysFailed::KeyFile`], [`KeysFailed::Module`], [`KeysFailed::Store`].
    pub async fn rewrap(&self) -> Result<Rewrapped, KeysFailed> {
        let known = generation::all(&self.inner.db).await?;
        let number = known.last().map_or(crate::ring::FIRST, |newest| newest.number);
        let mut sum = Rewrapped { number, ..Rewrapped::default() };
        let mut after = None;
        loop {
            let rows = rewrap::older(&self.inner.db, number, after).await?;
            let Some(last) = rows.last() else { return Ok(sum) };
            after = Some((last.generation, last.subject));
            let count = rows.len();
            let ring = self.ring_with(rows.iter().map(|row| row.generation).chain([number])).await?;
            let mut older: BTreeMap<u32, Vec<(Subject, Vec<u8>)>> = BTreeMap::new();
            for row in rows {
                if let Some(wrapped) = row.wrapped {
                    older.entry(row.generation).or_default().push((row.subject, wrapped));
                }
            }
            let mut exchanges = Vec::new();
            for (from, wrapped) in older {
                let opened = ring.get(from)?.unwrap(&wrapped).await?;
                let (keys, old): (Vec<DataKey>, Vec<Vec<u8>>) =
                    opened.into_iter().zip(wrapped).filter_map(|(key, (_, old))| Some((key?, old))).unzip();
                let new = ring.get(number)?.wrap(&keys).await?;
                let exchange = |((subject, new), old)| Exchange { subject, old, new };
                exchanges.extend(new.into_iter().zip(old).map(exchange));
            }
            sum.damaged += count.saturating_sub(exchanges.len()) as u64;
            let began = Instant::now();
            let exchanged = rewrap::exchange(&self.inner.db, exchanges, number).await?;
            sum.rewrapped += exchanged.ok_or(KeysFailed::Generation { number })?;
            tokio::time::sleep(began.elapsed()).await;
        }
    }

    /// How the generations stand.
    ///
    /// # Errors
    /// [`RotateFailed::KeyFile`], [`RotateFailed::Store`].
    pub async fn status(&self) -> Result<Status, RotateFailed> {
        let ring = self.with_file(key_file::read_known).await?;
        let place = |number: u32| ring.generations.get(&number).map(place_of);
        let known = generation::all(&self.inner.db).await?;
        let (counts, destroyed) = generation::counts(&self.inner.db).await?;
        let newest = known.last().map(|newest| newest.number);
        let mut generations: Vec<Generation> = known
            .iter()
            .map(|known| Generation {
                number: known.number,
                created_at: Some(known.created_at),
                retired_at: known.retired_at,
                wraps: counts
                    .iter()
                    .find(|(number, _)| *number == known.number)
                    .map_or(0, |(_, count)| *count),
                is_newest: newest == Some(known.number),
                place: place(known.number),
            })
            .collect();
        generations.extend(ring.prepared(newest.unwrap_or(0)).map(|number| Generation {
            number,
            created_at: None,
            retired_at: None,
            wraps: 0,
            is_newest: false,
            place: place(number),
        }));
        Ok(Status { generations, destroyed })
    }

    /// Ends a generation that wraps nothing any more. With `erase` its key is also taken out of the key file, so that
    /// copies of the database from before, and data keys that were destroyed since, open with no key that the bank has.
    /// Processes forget it when they start anew.
    ///
    /// # Errors
    /// [`RotateFailed`]; what depends on it stays.
    pub async fn retire(&self, number: u32, erase: bool) -> Result<(), RotateFailed> {
        match generation::retire(&self.inner.db, number, self.inner.clock.now()).await? {
            Retired::Done => {}
            Retired::Unknown => return Err(RotateFailed::Unknown { number }),
            Retired::Newest => return Err(RotateFailed::Newest { number }),
            Retired::Used => return Err(RotateFailed::Used { number }),
        }
        tracing::info!(keys.generation = number, erase, "a generation of the master key is retired");
        if erase && !self.with_file(move |path, module| erased(path, module, number)).await? {
            return Err(RotateFailed::Used { number });
        }
        Ok(())
    }
}

fn place_of(wrapping: &Wrapping) -> KeyPlace {
    match wrapping {
        Wrapping::File(_) => KeyPlace::File,
        Wrapping::Module(_) => KeyPlace::Module,
    }
}

/// The generation in `place` that comes next, with its fingerprint: the one that waits, or one that is made.
fn made(
    path: &Path,
    module: Option<&Module>,
    known: &[Known],
    place: KeyPlace,
) -> Result<(u32, [u8; 16]), KeyFileRefused> {
    let _lock = key_file::lock(path)?;
    let mut ring = key_file::read_known(path, module)?;
    check(path, &ring, known)?;
    let newest = known.last().map_or(0, |newest| newest.number);
    let waiting = ring.prepared(newest).and_then(|number| Some((number, ring.generations.get(&number)?)));
    if let Some((number, wrapping)) = waiting.filter(|(_, wrapping)| place_of(wrapping) == place) {
        return Ok((number, wrapping.fingerprint()));
    }
    let number = newest.max(ring.newest()).saturating_add(1);
    let module = module.filter(|_| place == KeyPlace::Module);
    let fingerprint = key_file::add_generation(path, &mut ring, number, module)?;
    key_file::replace(path, &ring)?;
    Ok((number, fingerprint))
}

/// Takes a generation out of the key file, and its key out of the module; `false`, and nothing is done, where it seals
/// the rest of the file.
fn erased(path: &Path, module: Option<&Module>, number: u32) -> Result<bool, KeyFileRefused> {
    let _lock = key_file::lock(path)?;
    let mut ring = key_file::read_known(path, module)?;
    if ring.sealed_root.as_ref().is_some_and(|root| root.by == number) {
        return Ok(false);
    }
    if let Some(wrapping) = ring.generations.remove(&number) {
        key_file::replace(path, &ring)?;
        if let Wrapping::Module(key) = wrapping {
            key.module.destroy(key.id)?;
        }
    }
    Ok(true)
}
