//! Making a batch durable, and finding out what happened when that is unclear.

use std::time::{Duration, Instant};

use super::{State, Writer};
use crate::journal::{AppendFailed, Position};
use crate::model::Batch;
use crate::record::{self, Sealed};

/// Rest between two questions for the head while the store is away.
const PAUSE: Duration = Duration::from_millis(100);

/// How often the head is asked for once the ledger is to stop; then what is unclear stays so until the next start.
const TRIES_WHILE_STOPPING: u32 = 10;

/// Why a writer cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// Another writer has appended to the journal.
    Superseded,
    /// The store is away and the ledger is to stop.
    GivenUp,
}

/// What became of an append.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    /// The record is in the journal.
    Kept,
    /// It is not, and nothing else is in its place.
    Absent,
}

impl Writer {
    /// Appends the batch. `true`: it is durable and shown to readers. `false`: it is not in the journal, and the
    /// book is as before it.
    pub(super) async fn commit(&mut self, batch: &Batch) -> Result<bool, Ended> {
        let sequence = self.position.sequence + 1;
        let record =
            record::seal(self.algorithm, self.epoch, sequence, self.position.hash, batch.at, &batch.entries);
        let started = Instant::now();
        let found = self.append(&record).await;
        metrics::histogram!("ledger_commit_seconds").record(started.elapsed());
        match found {
            Ok(Found::Kept) => {
                self.book.commit(Batch::instant_of(batch.at, batch.entries.len().saturating_sub(1)));
                self.position = Position::of(&record);
                self.entries_since += batch.entries.len() as u64;
                self.published.show(&self.book, self.position, &batch.entries);
                metrics::counter!("ledger_batches").increment(1);
                metrics::counter!("ledger_commands").increment(batch.entries.len() as u64);
                Ok(true)
            }
            Ok(Found::Absent) => {
                self.book.discard();
                metrics::counter!("ledger_batches_discarded").increment(1);
                Ok(false)
            }
            Err(ended) => {
                // Said before anybody is answered: from here on nothing is served.
                self.state.send_replace(match ended {
                    Ended::Superseded => State::Superseded,
                    Ended::GivenUp => State::Stopped,
                });
                self.book.discard();
                Err(ended)
            }
        }
    }

    async fn append(&self, record: &Sealed) -> Result<Found, Ended> {
        match self.journal.append(self.position, record).await {
            Ok(()) => return Ok(Found::Kept),
            Err(AppendFailed::Superseded) => return Err(Ended::Superseded),
            Err(AppendFailed::Unclear(error)) => {
                tracing::warn!(
                    error,
                    sequence = record.sequence,
                    "a commit is unclear; the head is read again"
                );
            }
        }
        self.state.send_replace(State::Unclear);
        let mut found = self.look(record).await?;
        if found == Found::Absent {
            // The same record again: should the first attempt still be on its way, only one of them can land.
            found = match self.journal.append(self.position, record).await {
                Ok(()) => Found::Kept,
                Err(_) => self.look(record).await?,
            };
        }
        self.state.send_replace(State::Serving);
        tracing::info!(sequence = record.sequence, ?found, "the unclear commit is settled");
        Ok(found)
    }

    /// Reads the head until it can be read, or until the ledger is to stop and the store is still away.
    async fn look(&self, record: &Sealed) -> Result<Found, Ended> {
        let mut tries_left = TRIES_WHILE_STOPPING;
        loop {
            match self.journal.head().await {
                Ok(head) if head == Position::of(record) => return Ok(Found::Kept),
                Ok(head) if head == self.position => return Ok(Found::Absent),
                Ok(_) => return Err(Ended::Superseded),
                Err(error) => {
                    tracing::warn!(%error, "the head cannot be read; nothing is written until it can")
                }
            }
            if *self.stopping.borrow() {
                tries_left = tries_left.checked_sub(1).ok_or(Ended::GivenUp)?;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}
