//! A journal in memory, with faults on request: for tests and simulations.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::{AppendFailed, Journal, Position, ReadFailed, Row};
use crate::record::Sealed;

/// What goes wrong at an append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// The record is not appended, and the caller is not told so.
    Lost,
    /// The record is appended, and the caller is not told so.
    Ambiguous,
}

#[derive(Debug, Default)]
struct Shared {
    rows: Vec<Row>,
    faults: VecDeque<Fault>,
    away: u32,
}

/// A journal in memory. Clones share the rows, as two processes share a database.
#[derive(Debug, Clone, Default)]
pub struct MemoryJournal(Arc<Mutex<Shared>>);

impl MemoryJournal {
    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next appends meet these faults, one each.
    pub fn inject(&self, faults: impl IntoIterator<Item = Fault>) {
        self.shared().faults.extend(faults);
    }

    /// No more faults.
    pub fn heal(&self) {
        self.shared().faults.clear();
    }

    /// The next `times` questions for the head fail.
    pub fn go_away(&self, times: u32) {
        self.shared().away = times;
    }

    /// All rows, for tests that look at or damage them.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        self.shared().rows.clone()
    }

    /// From now on these are the rows.
    pub fn replace(&self, rows: Vec<Row>) {
        self.shared().rows = rows;
    }

    /// A journal of these rows.
    #[must_use]
    pub fn of(rows: Vec<Row>) -> Self {
        Self(Arc::new(Mutex::new(Shared { rows, ..Shared::default() })))
    }
}

#[async_trait]
impl Journal for MemoryJournal {
    fn store(&self) -> &'static str {
        "memory"
    }

    async fn head(&self) -> Result<Position, ReadFailed> {
        let mut shared = self.shared();
        if shared.away > 0 {
            shared.away -= 1;
            return Err(ReadFailed::Away);
        }
        Ok(shared.rows.last().map_or_else(Position::default, |row| Position {
            sequence: row.sequence,
            epoch: row.epoch,
            hash: row.hash.as_slice().try_into().unwrap_or_default(),
        }))
    }

    async fn append(&self, after: Position, record: &Sealed) -> Result<(), AppendFailed> {
        let mut shared = self.shared();
        let fault = shared.faults.pop_front().unwrap_or(Fault::None);
        if fault == Fault::Lost {
            return Err(AppendFailed::Unclear(Box::new(ReadFailed::Away)));
        }
        let ends_at =
            shared.rows.last().map_or((0, Vec::from([0; 32])), |row| (row.sequence, row.hash.clone()));
        if ends_at != (after.sequence, after.hash.to_vec()) {
            return Err(AppendFailed::Superseded);
        }
        shared.rows.push(Row {
            sequence: record.sequence,
            epoch: record.epoch,
            hash: record.hash.to_vec(),
            record: record.bytes.clone(),
        });
        match fault {
            Fault::Ambiguous => Err(AppendFailed::Unclear(Box::new(ReadFailed::Away))),
            _ => Ok(()),
        }
    }

    async fn read(&self, after: u64, bytes: usize) -> Result<Vec<Row>, ReadFailed> {
        let shared = self.shared();
        let mut taken = 0;
        let rows = shared.rows.iter().filter(|row| row.sequence > after).take_while(|row| {
            let first = taken == 0;
            taken += row.record.len();
            first || taken <= bytes
        });
        Ok(rows.cloned().collect())
    }

    async fn count(&self, until: u64) -> Result<u64, ReadFailed> {
        Ok(self.shared().rows.iter().filter(|row| row.sequence <= until).count() as u64)
    }

    async fn close(&self) {}
}
