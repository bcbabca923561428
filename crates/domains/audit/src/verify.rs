//! Reading the whole record and comparing everything that is said of it.

use std::collections::BTreeSet;

use proofs::PublicKey;
use sea_orm::ConnectionTrait;
use serde::Serialize;

use crate::error::Failed;
use crate::model::checkpoint::Checkpoint;
use crate::model::head::{BLOCK, Head, Tile};
use crate::model::record::{Record, actor_key};
use crate::store::{self, Row};

/// Records that are read at once.
const READ_AT_ONCE: u64 = 2_048;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// How many records were read and found right.
    pub records: u64,
    /// How many signed checkpoints, kept and witnessed, speak of them.
    pub checkpoints: u64,
    /// Root of the tree over them, hexadecimal.
    pub root: String,
    /// Whether everything is right.
    pub verified: bool,
    /// The first thing that is not.
    pub fault: Option<String>,
}

/// What one walk compares.
struct Walk<'a, C> {
    connection: &'a C,
    head: Head,
    tiles: Vec<Tile>,
    /// Whom the records of the block name that were read.
    named: BTreeSet<Vec<u8>>,
    checkpoints: u64,
    /// Checkpoints that are still to be reached, the nearest last; each with where it stands.
    due: Vec<(Checkpoint, String)>,
}

/// A fault, or why nobody knows.
enum Stopped {
    Fault(String),
    Failed(Failed),
}

impl<E: Into<Failed>> From<E> for Stopped {
    fn from(error: E) -> Self {
        match error.into() {
            Failed::Damaged(what) => Self::Fault(what),
            failed => Self::Failed(failed),
        }
    }
}

/// Reads everything in `connection`: each record's bytes, what is repeated beside them, who is named, tiles, the end of the
/// tree, every checkpoint and its signature; and `witnessed`, the lines of a file outside.
///
/// # Errors
/// The store's. What is wrong with the record is told in [`Verification::fault`].
pub async fn verify(
    connection: &impl ConnectionTrait,
    key: &PublicKey,
    witnessed: &[String],
) -> Result<Verification, Failed> {
    let mut walk = Walk {
        connection,
        head: Head::empty(),
        tiles: Vec::new(),
        named: BTreeSet::new(),
        checkpoints: 0,
        due: Vec::new(),
    };
    let fault = match walk.whole(key, witnessed).await {
        Ok(()) => None,
        Err(Stopped::Fault(fault)) => Some(fault),
        Err(Stopped::Failed(failed)) => return Err(failed),
    };
    Ok(Verification {
        records: walk.head.count(),
        checkpoints: walk.checkpoints,
        root: hex::encode(walk.head.tree.root()),
        verified: fault.is_none(),
        fault,
    })
}

fn fault<T>(what: String) -> Result<T, Stopped> {
    Err(Stopped::Fault(what))
}

impl<C: ConnectionTrait> Walk<'_, C> {
    async fn whole(&mut self, key: &PublicKey, witnessed: &[String]) -> Result<(), Stopped> {
        // The end first: what is appended meanwhile is not looked at.
        let end = store::head(self.connection).await?;
        self.learn_checkpoints(key, witnessed, end.count()).await?;
        while self.head.count() < end.count() {
            let first = self.head.count();
            let wanted = READ_AT_ONCE.min(end.count() - first);
            let rows = store::from(self.connection, first, wanted).await?;
            if rows.is_empty() {
                return fault(format!("record {first} is missing"));
            }
            for row in &rows {
                self.see(row)?;
                if self.head.count().is_multiple_of(BLOCK) {
                    self.compare_named(row.number / BLOCK, end.count()).await?;
                }
            }
        }
        if !end.count().is_multiple_of(BLOCK) {
            self.compare_named(end.count() / BLOCK, end.count()).await?;
        }
        if self.head.tree != end {
            return fault("the records do not lead to the end of the tree".to_owned());
        }
        self.compare_tiles().await?;
        let named = store::last_named(self.connection).await?;
        if named.is_some_and(|block| block * BLOCK >= end.count())
            && named.map(|block| block * BLOCK) >= Some(store::head(self.connection).await?.count())
        {
            return fault("somebody is noted as named in records that are not there".to_owned());
        }
        let beyond = store::from(self.connection, end.count(), 1).await?;
        // Unless it was appended since.
        if !beyond.is_empty() && store::head(self.connection).await? == end {
            return fault(format!("record {} lies beyond the end of the tree", end.count()));
        }
        Ok(())
    }

    /// Reads every checkpoint there is, and checks its signature.
    async fn learn_checkpoints(
        &mut self,
        key: &PublicKey,
        witnessed: &[String],
        count: u64,
    ) -> Result<(), Stopped> {
        let mut next = 0;
        let mut all: Vec<(String, String)> = Vec::new();
        loop {
            let some = store::checkpoints(self.connection, next, READ_AT_ONCE).await?;
            let Some((last, _)) = some.last() else { break };
            next = last + 1;
            for (of, line) in some {
                all.push((format!("the checkpoint of {of} records"), line));
            }
        }
        let outside = |(line, at): (&String, u64)| (format!("line {at} of the witness file"), line.clone());
        all.extend(witnessed.iter().zip(1..).map(outside));
        for (place, line) in all {
            match Checkpoint::try_from_line(&line, key) {
                // What was signed since the end was looked at.
                Ok(checkpoint) if checkpoint.count > count && !place.starts_with("line") => {
                    let now = store::head(self.connection).await?.count();
                    if checkpoint.count > now {
                        return fault(format!("{place} speaks of records that are gone: there are {now}"));
                    }
                }
                Ok(checkpoint) if checkpoint.count > count => {
                    let now = store::head(self.connection).await?.count();
                    if checkpoint.count > now {
                        let witnessed = checkpoint.count;
                        return fault(format!("{place} speaks of {witnessed} records, but there are {now}"));
                    }
                }
                Ok(checkpoint) => self.due.push((checkpoint, place)),
                Err(why) => return fault(format!("{place}: {why}")),
            }
        }
        self.due.sort_by_key(|(checkpoint, _)| std::cmp::Reverse(checkpoint.count));
        Ok(())
    }

    fn see(&mut self, row: &Row) -> Result<(), Stopped> {
        let number = self.head.count();
        if row.number != number {
            return fault(format!("record {number} is missing"));
        }
        let Some(record) = Record::try_from_bytes(&row.record) else {
            return fault(format!("record {number} is not written as a record is"));
        };
        let told = record.number == number
            && record.id.to_bytes().as_slice() == row.id
            && actor_key(record.actor) == row.actor
            && record.action == row.action;
        if !told {
            return fault(format!("what is noted beside record {number} is not what it says"));
        }
        self.named.extend(record.keys());
        self.tiles.extend(self.head.push(&row.record));
        while let Some((checkpoint, place)) = self.due.last()
            && checkpoint.count == self.head.count()
        {
            if checkpoint.root != self.head.tree.root() {
                return fault(format!("{place} was signed of other records than those up to {number}"));
            }
            self.checkpoints += 1;
            self.due.pop();
        }
        Ok(())
    }

    /// Compares who is noted as named in a block with whom its records name, of which those up to `end` were read.
    async fn compare_named(&mut self, block: u64, end: u64) -> Result<(), Stopped> {
        let mut noted: BTreeSet<Vec<u8>> = store::named(self.connection, block).await?.into_iter().collect();
        let named = std::mem::take(&mut self.named);
        let mut told = noted.is_superset(&named);
        noted.retain(|key| !named.contains(key));
        if told && !noted.is_empty() {
            // Those of records that were appended since.
            let since = store::from(self.connection, end, ((block + 1) * BLOCK).saturating_sub(end)).await?;
            for record in since.iter().filter_map(|row| Record::try_from_bytes(&row.record)) {
                let keys = record.keys();
                noted.retain(|key| !keys.contains(key));
            }
            told = noted.is_empty();
        }
        if told {
            Ok(())
        } else {
            fault(format!("who is noted as named in block {block} is not whom its records name"))
        }
    }

    async fn compare_tiles(&self) -> Result<(), Stopped> {
        let stored = store::tiles(self.connection, 0..self.tiles.len() as u64).await?;
        match stored.iter().zip(&self.tiles).find(|(stored, tile)| **stored != tile.root) {
            Some((_, tile)) => fault(format!("tile {} is not that of its records", tile.place)),
            None => Ok(()),
        }
    }
}
