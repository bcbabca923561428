//! Where records are kept: an existing database, one row per record, appended by compare-and-append.
//!
//! A journal is asked to append a record after the head that the writer knows; where another writer has
//! appended meanwhile, the append is refused, whatever any lease said. There are no advisory locks, no
//! notifications and no sequences, so that it runs unchanged on any PostgreSQL-wire database.

pub mod memory;
pub mod postgres;
pub mod sqlite;

use async_trait::async_trait;

use crate::hash::Hash;
use crate::record::Sealed;

/// The tables of the journal.
pub const MIGRATIONS: db::Migrations = db::migrations!("ledger", "0001_journal");

/// How much is read at once to learn positions where the store has no shorter way.
const POSITIONS_BYTES: usize = 1 << 20;

/// Where the journal ends. Sequence 0 and zeros for an empty one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// Number of the last record.
    pub sequence: u64,
    /// Epoch of the writer that wrote it.
    pub epoch: u64,
    /// Its hash.
    pub hash: Hash,
}

impl Position {
    /// Where the journal ends once `record` is appended.
    #[must_use]
    pub const fn of(record: &Sealed) -> Self {
        Self { sequence: record.sequence, epoch: record.epoch, hash: record.hash }
    }
}

/// One row as it is stored. Nothing of it has been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Number of the record.
    pub sequence: u64,
    /// Epoch, as the column says.
    pub epoch: u64,
    /// Hash, as the column says: 32 bytes if undamaged.
    pub hash: Vec<u8>,
    /// The record's bytes.
    pub record: Vec<u8>,
}

/// The store could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadFailed {
    /// The database failed.
    #[error("the journal could not be read")]
    Store(#[from] sqlx::Error),
    /// A column holds what it never can.
    #[error("row {sequence} of the journal is damaged: {what}")]
    Damaged {
        /// Which row, as far as it can be told.
        sequence: i64,
        /// What is wrong.
        what: String,
    },
    /// A failure injected by a test.
    #[error("the journal is away")]
    Away,
}

/// Why an append did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum AppendFailed {
    /// The journal ends elsewhere: another writer has appended. This writer must stop.
    #[error("another writer has appended to the journal")]
    Superseded,
    /// It is unknown whether the record was appended: read the head.
    #[error("it is unknown whether the record was appended")]
    Unclear(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A journal of records.
#[async_trait]
pub trait Journal: Send + Sync {
    /// `memory`, `sqlite` or `postgres`.
    fn store(&self) -> &'static str;

    /// Whether another process could append while this one has it open. Then a writer that appends nothing must read
    /// the head to know that it is still the one.
    fn is_shared(&self) -> bool {
        true
    }

    /// Where the journal ends.
    ///
    /// # Errors
    /// [`ReadFailed`].
    async fn head(&self) -> Result<Position, ReadFailed>;

    /// Appends `record` if the journal still ends at `after`; durable when it returns.
    ///
    /// # Errors
    /// [`AppendFailed`].
    async fn append(&self, after: Position, record: &Sealed) -> Result<(), AppendFailed>;

    /// Rows with a sequence above `after`, in order: at least one where there is any, and no more than about
    /// `bytes` of them together.
    ///
    /// # Errors
    /// [`ReadFailed`].
    async fn read(&self, after: u64, bytes: usize) -> Result<Vec<Row>, ReadFailed>;

    /// Numbers, epochs and hashes, as the columns say, of at most a few hundred rows with a sequence above `after`,
    /// in order: at least one where there is any.
    ///
    /// # Errors
    /// [`ReadFailed`].
    async fn positions(&self, after: u64) -> Result<Vec<Position>, ReadFailed> {
        self.read(after, POSITIONS_BYTES).await?.iter().map(position).collect()
    }

    /// How many rows are stored, those of no possible sequence included and those above `until` not.
    ///
    /// # Errors
    /// [`ReadFailed`].
    async fn count(&self, until: u64) -> Result<u64, ReadFailed>;

    /// Lets go of the store.
    async fn close(&self);
}

/// Sequences and epochs as the databases keep them. Both count up from 1 and never come near the end of `i64`.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn position(row: &Row) -> Result<Position, ReadFailed> {
    let hash = row.hash.as_slice().try_into().map_err(|_| ReadFailed::Damaged {
        sequence: signed(row.sequence),
        what: "its hash has not 32 bytes".to_owned(),
    })?;
    Ok(Position { sequence: row.sequence, epoch: row.epoch, hash })
}

/// What the answer to a conditional insert means. SQLSTATE 23505 and SQLite's 1555 say that the sequence is taken.
fn appended(rows: Result<u64, sqlx::Error>) -> Result<(), AppendFailed> {
    match rows {
        Ok(1) => Ok(()),
        Ok(_) => Err(AppendFailed::Superseded),
        Err(sqlx::Error::Database(error)) if matches!(error.code().as_deref(), Some("23505" | "1555")) => {
            Err(AppendFailed::Superseded)
        }
        Err(error) => Err(AppendFailed::Unclear(Box::new(error))),
    }
}

/// The last of `sizes` (sequence, bytes) up to which they add up to no more than `bytes`, or else the first.
fn last_within(sizes: impl Iterator<Item = (i64, i64)>, bytes: usize) -> Option<i64> {
    let mut total = 0_usize;
    let mut last = None;
    for (sequence, size) in sizes {
        total = total.saturating_add(usize::try_from(size).unwrap_or(0));
        if last.is_some() && total > bytes {
            break;
        }
        last = Some(sequence);
    }
    last
}

#[cfg(test)]
mod tests;
