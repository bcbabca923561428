//! Storing generations: handed over by the writer, written beside it.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use super::layout::{FILTER_BLOCKS, Outline};
use super::tables::{self, Written};
use super::{IdsFailed, Slot, StoredIds};
use crate::model::{Book, IdGeneration, Location};
use crate::replay::{Fault, Wrong, open_row};

/// Rest after a failure.
const PAUSE: Duration = Duration::from_millis(500);

/// The writer's end: hands generations over and lets go of those that are stored.
pub(crate) struct Shelving {
    pub(crate) ids: Arc<StoredIds>,
    /// Wakes whoever drives [`StoredIds::step`].
    pub(crate) wake: Sender<()>,
}

impl Shelving {
    /// All records up to `durable` are. Takes no time worth mentioning.
    pub(crate) fn landed(&self, book: &mut Book, durable: u64) {
        let mut slot = self.ids.slot.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::take(&mut *slot);
        *slot = match before {
            // INVARIANT: what was handed over is still the oldest in memory, because only this lets go of it.
            Slot::Stored(full) => {
                book.release_ids();
                Slot::Released(full)
            }
            Slot::Free => match book.ids_to_store(durable) {
                Some(full) => Slot::Waiting(full),
                None => return,
            },
            other => {
                *slot = other;
                return;
            }
        };
        // Nobody there to store: the ids stay in memory.
        let _ = self.wake.send(());
    }
}

/// Stores what is handed over until the writer has ended; what is left then is stored after the next start.
pub(crate) fn drive(ids: &StoredIds, runtime: &tokio::runtime::Handle, woken: &Receiver<()>) {
    while woken.recv().is_ok() {
        while let Err(error) = runtime.block_on(ids.step()) {
            tracing::warn!(%error, "ids could not be stored; they stay in memory and are tried again");
            if let Err(RecvTimeoutError::Disconnected) = woken.recv_timeout(PAUSE) {
                return;
            }
        }
    }
}

impl StoredIds {
    /// Does what is to be done for the generation that was handed over, if there is one: stores it, or drops it once
    /// the writer has let go of it.
    ///
    /// # Errors
    /// [`IdsFailed`]: it is as before, and may be tried again.
    pub(crate) async fn step(&self) -> Result<(), IdsFailed> {
        let full = match self.to_do() {
            Slot::Waiting(full) => full,
            Slot::Released(full) => {
                drop(full);
                return Ok(());
            }
            Slot::Free | Slot::Stored(_) => return Ok(()),
        };
        self.store(&full.ids, self.covered(), full.until, None).await?;
        *self.slot.lock().unwrap_or_else(PoisonError::into_inner) = Slot::Stored(full);
        Ok(())
    }

    /// What waits, which goes on waiting; or what was released, which does not.
    fn to_do(&self) -> Slot {
        let mut slot = self.slot.lock().unwrap_or_else(PoisonError::into_inner);
        match &*slot {
            Slot::Waiting(full) => Slot::Waiting(full.clone()),
            Slot::Released(_) => std::mem::take(&mut *slot),
            Slot::Free | Slot::Stored(_) => Slot::Free,
        }
    }

    /// Lets ids leave the memory of a book that is being read from the journal, all of it durable; those that are
    /// not stored yet are stored first.
    ///
    /// # Errors
    /// [`IdsFailed`].
    pub(crate) async fn absorb(&self, book: &mut Book) -> Result<(), IdsFailed> {
        while let Some(full) = book.ids_to_store(u64::MAX) {
            let covered = self.covered();
            if full.until > covered {
                self.store(&full.ids, covered, full.until, None).await?;
            }
            book.release_ids();
        }
        Ok(())
    }

    /// Lets ids leave the memory of a book that follows the journal while another process leads, as far as that one has
    /// stored them.
    ///
    /// # Errors
    /// [`IdsFailed`].
    pub(crate) async fn follow(&self, book: &mut Book) -> Result<(), IdsFailed> {
        let mut looked = false;
        while let Some(full) = book.ids_to_store(u64::MAX) {
            if full.until <= self.covered() {
                book.release_ids();
            } else if looked {
                return Ok(());
            } else {
                self.look_again().await?;
                looked = true;
            }
        }
        Ok(())
    }

    /// Stores a generation that has all ids from one location up to before another, as far as older ones have them
    /// not, in the place of the generation `instead_of`.
    pub(super) async fn store(
        &self,
        ids: &IdGeneration,
        from: Location,
        until: Location,
        instead_of: Option<u32>,
    ) -> Result<(), IdsFailed> {
        let _alone = self.storing.lock().await;
        let outline = Outline {
            number: self.dice.number(),
            from,
            until,
            head_hash: self.hash_before(until).await?,
            minted: ids.minted(),
            ids: 0,
            base: Location::from_bits(0),
            location_bytes: 0,
            block_bits: 0,
            lines: 0,
        };
        let outline = outline.sized(ids.len(), ids.first(), ids.last());
        for first in (0..outline.blocks()).step_by(FILTER_BLOCKS as usize) {
            let (blocks, filter) = pieces(&outline, ids, first);
            tables::write(&self.db, blocks, vec![filter]).await?;
        }
        tables::finish(&self.db, &outline, instead_of.map(i64::from).into_iter().collect()).await?;
        let mut all = self.generations().all.clone();
        all.retain(|outline| Some(outline.number) != instead_of);
        all.push(Arc::new(outline));
        all.sort_by_key(|outline| (outline.from, outline.until));
        self.replace(all);
        Ok(())
    }

    /// Hash of the record before the one in which a generation ends: that one is durable. The row is checked, because
    /// what it says is compared with for ever.
    async fn hash_before(&self, until: Location) -> Result<Vec<u8>, IdsFailed> {
        let sequence = until.sequence().saturating_sub(1);
        let Some(before) = sequence.checked_sub(1) else { return Ok(Vec::new()) };
        let row = self.journal.read(before, 1).await?.into_iter().next();
        let row = row.ok_or(Fault { sequence, what: Wrong::Missing(0) })?;
        open_row(&row, sequence)?;
        Ok(row.hash)
    }

    /// The stored hash of a record, if there is that record.
    pub(super) async fn hash_of(&self, sequence: u64) -> Result<Option<Vec<u8>>, IdsFailed> {
        let Some(before) = sequence.checked_sub(1) else { return Ok(None) };
        let rows = self.journal.read(before, 1).await?;
        Ok(rows.into_iter().next().filter(|row| row.sequence == sequence).map(|row| row.hash))
    }
}

/// The blocks from `first` on that share a row of the filter, and that row.
fn pieces(outline: &Outline, ids: &IdGeneration, first: u32) -> (Vec<Written>, Written) {
    let until = outline.blocks().min(first + FILTER_BLOCKS);
    let line_bytes = outline.filter_bytes() / outline.blocks() as usize;
    let mut filter = vec![0; (until - first) as usize * line_bytes];
    let mut blocks = Vec::with_capacity((until - first) as usize);
    for block in first..until {
        let (from, last) = outline.hashes_of(block);
        let within = ids.within(from, last);
        within.iter().for_each(|(hash, _)| outline.add_to_filter(&mut filter, first, *hash));
        blocks.push((outline.row(block), outline.encode_block(&within)));
    }
    (blocks, (outline.row(first / FILTER_BLOCKS), filter))
}
