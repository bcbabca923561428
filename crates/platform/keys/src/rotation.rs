//! Exchanging the master key: a new generation, re-wrapping under it, and the end of an old one.
//!
//! INVARIANT: a generation is retired only while it wraps nothing, and nothing is wrapped by one that is not the newest
//! in use: both are decided in the transaction that does it.

use std::time::Instant;

use sea_orm::DbErr;

use crate::store::generation::{self, Retired};
use crate::store::rewrap::{self, Exchange};
use crate::{KeyFileRefused, Keys, KeysFailed, check, key_file};

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
    /// The key file.
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
    /// Whether the key file holds it.
    pub in_key_file: bool,
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
    /// first. With `prepare` it is made and left waiting, so that the file can be copied to other machines before
    /// anything is wrapped by it.
    ///
    /// # Errors
    /// [`RotateFailed::Overtaken`], [`RotateFailed::KeyFile`], [`RotateFailed::Store`].
    pub async fn rotate(&self, prepare: bool) -> Result<Rotated, RotateFailed> {
        let inner = &*self.inner;
        let lock = key_file::lock(&inner.key_file)?;
        let mut ring = key_file::read_known(&inner.key_file)?;
        let known = generation::all(&inner.db).await?;
        check(&inner.key_file, &ring, &known)?;
        let newest = known.last().map_or(0, |newest| newest.number);
        let number = match ring.prepared(newest) {
            Some(number) => number,
            None => {
                let number = newest.max(ring.newest()).saturating_add(1);
                ring.generations.insert(number, key_file::fresh(&inner.key_file)?);
                key_file::replace(&inner.key_file, &ring)?;
                number
            }
        };
        drop(lock);
        let Some(wrapping) = ring.generations.get(&number).filter(|_| !prepare) else {
            return Ok(Rotated { number, in_use: false });
        };
        if generation::add(&inner.db, number, wrapping.fingerprint(), inner.clock.now()).await? {
            tracing::info!(keys.generation = number, "a new generation of the master key is in use");
            return Ok(Rotated { number, in_use: true });
        }
        Err(RotateFailed::Overtaken)
    }

    /// Wraps every data key by the newest generation, some hundred at a time; between two times it rests as long as it
    /// wrote, so that others come to write too. What was done stays done, however it ends.
    ///
    /// # Errors
    /// [`KeysFailed::Generation`], [`KeysFailed::KeyFile`], [`KeysFailed::Store`].
    pub async fn rewrap(&self) -> Result<Rewrapped, KeysFailed> {
        let known = generation::all(&self.inner.db).await?;
        let number = known.last().map_or(crate::ring::FIRST, |newest| newest.number);
        let mut sum = Rewrapped { number, ..Rewrapped::default() };
        let mut after = None;
        loop {
            let rows = rewrap::older(&self.inner.db, number, after).await?;
            let Some(last) = rows.last() else { return Ok(sum) };
            after = Some((last.generation, last.subject));
            let ring = self.ring_with(rows.iter().map(|row| row.generation).chain([number])).await?;
            let to = ring.get(number)?;
            let mut exchanges = Vec::with_capacity(rows.len());
            for row in rows {
                let (subject, Some(old)) = (row.subject, row.wrapped) else { continue };
                match ring.get(row.generation)?.unwrap(subject, &old) {
                    Ok(key) => exchanges.push(Exchange { subject, new: to.wrap(&key), old }),
                    Err(_) => sum.damaged += 1,
                }
            }
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
        let ring = key_file::read_known(&self.inner.key_file)?;
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
                in_key_file: ring.generations.contains_key(&known.number),
            })
            .collect();
        generations.extend(ring.prepared(newest.unwrap_or(0)).map(|number| Generation {
            number,
            created_at: None,
            retired_at: None,
            wraps: 0,
            is_newest: false,
            in_key_file: true,
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
        if erase {
            let _lock = key_file::lock(&self.inner.key_file)?;
            let mut ring = key_file::read_known(&self.inner.key_file)?;
            if ring.generations.remove(&number).is_some() {
                key_file::replace(&self.inner.key_file, &ring)?;
            }
        }
        Ok(())
    }
}
