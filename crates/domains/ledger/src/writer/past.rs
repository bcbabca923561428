//! What commands may repeat: looked up before they are executed, in memory, among the stored ids, in the journal.

use contracts::ledger::Command;

use super::Writer;
use crate::model::{Batch, Location, Past, Remembered};
use crate::record::{Opened, Unreadable};
use crate::replay::{ReplayFailed, look_up};
use crate::stored_ids::IdsFailed;

/// What was executed before cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum PastUnreadable {
    #[error(transparent)]
    Journal(#[from] ReplayFailed),
    #[error(transparent)]
    Record(#[from] Unreadable),
    #[error(transparent)]
    Ids(#[from] IdsFailed),
    #[error("record {0} has not the entry under which an id was used before")]
    Missing(u64),
}

impl Writer {
    /// Looks up what the commands may repeat and what is no longer in memory.
    pub(super) fn past_of(&self, commands: &[Command], batch: &Batch) -> Result<Past, PastUnreadable> {
        let mut past = Past::default();
        let mut wanted: Vec<_> = self.book.wanted(commands, batch).collect();
        let ids = &self.shelving.ids;
        let asked = ids.asked(commands.iter().flat_map(|command| self.book.keys(command)));
        if !asked.is_empty() {
            for (hash, location) in self.runtime.block_on(ids.find(&asked))? {
                past.stored.entry(hash).or_default().push(location);
                if !self.book.is_at_hand(location, batch) {
                    wanted.push(location);
                }
            }
        }
        wanted.sort_unstable();
        wanted.dedup();
        for of_record in wanted.chunk_by(|a, b| a.sequence() == b.sequence()) {
            self.read_past(of_record, &mut past)?;
        }
        Ok(past)
    }

    /// Reads entries of one record.
    fn read_past(&self, locations: &[Location], past: &mut Past) -> Result<(), PastUnreadable> {
        let Some(sequence) = locations.first().map(|location| location.sequence()) else { return Ok(()) };
        let row = self.runtime.block_on(look_up(&*self.journal, sequence))?;
        let opened = Opened::try_new(&row.record)?;
        for location in locations {
            let entry = opened.entry(location.place())?.ok_or(PastUnreadable::Missing(sequence))?;
            let at = Batch::instant_of(opened.head.at, location.place());
            past.entries.insert(*location, Remembered { entry, at });
        }
        Ok(())
    }
}
