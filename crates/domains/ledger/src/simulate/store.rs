//! The simulated database under the journal: rows that several instances share, and what goes wrong with them.
//!
//! An append is atomic, as it is in any database that the ledger runs on: a commit that tears leaves nothing, so
//! tearing is seen as losing. Simulated are: an append that is lost; one that takes place and is reported as
//! failed; one that is reported as failed and takes place later, after reads and other appends; a database that
//! is away for some questions; and rows whose bytes are read otherwise than they were written, until restored.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::random::Random;
use crate::journal::{AppendFailed, Journal, Position, ReadFailed, Row};
use crate::record::Sealed;

/// How often something goes wrong: one in so many; 0 for never.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rates {
    pub(super) lost: u64,
    pub(super) ambiguous: u64,
    pub(super) late: u64,
    pub(super) unread: u64,
    pub(super) away: u64,
}

/// Rows that are read otherwise than they were written.
#[derive(Debug, Clone, Copy)]
struct Damage {
    from: u64,
    until: u64,
    /// Which byte of the record and the column of the hash, in 65,536ths of them; `None` where the rows are gone.
    at: Option<u64>,
    mask: u8,
}

#[derive(Debug)]
struct Shared {
    /// Whether several processes may have it open.
    several: bool,
    rows: Vec<Row>,
    rates: Rates,
    random: Random,
    /// Appends that were reported as failed and are still on their way.
    late: Vec<(Position, Row)>,
    damage: Option<Damage>,
    /// So many questions more are not answered.
    away: u64,
    faults: u64,
}

/// The database. Clones share it, as instances do.
#[derive(Debug, Clone)]
pub(super) struct Store(Arc<Mutex<Shared>>);

/// Whether it happens this time.
fn happens(random: &mut Random, one_in: u64) -> bool {
    one_in > 0 && random.one_in(one_in)
}

impl Shared {
    fn head(&self) -> Position {
        self.rows.last().map_or_else(Position::default, |row| Position {
            sequence: row.sequence,
            epoch: row.epoch,
            hash: row.hash.as_slice().try_into().unwrap_or_default(),
        })
    }

    fn append(&mut self, after: Position, row: Row) -> Result<(), AppendFailed> {
        if self.head() != after {
            return Err(AppendFailed::Superseded);
        }
        self.rows.push(row);
        Ok(())
    }

    /// Before or after a question, something that was on its way may arrive.
    fn arrive(&mut self) {
        while !self.late.is_empty() && self.random.one_in(3) {
            let (after, row) = self.late.remove(0);
            // Where the journal has gone on meanwhile, the database refuses it.
            let _ = self.append(after, row);
        }
    }

    fn is_away(&mut self) -> bool {
        if self.away == 0 && happens(&mut self.random, self.rates.away) {
            self.away = 1 + self.random.below(12);
        }
        self.away = self.away.saturating_sub(1);
        let away = self.away > 0;
        self.faults += u64::from(away);
        away
    }

    fn read(&self, row: &Row) -> Option<Row> {
        let mut row = row.clone();
        let Some(damage) = self.damage.filter(|it| (it.from..=it.until).contains(&row.sequence)) else {
            return Some(row);
        };
        let size = row.record.len() + row.hash.len();
        let at = usize::try_from((damage.at? * size as u64) >> 16).unwrap_or(0);
        let byte = match at.checked_sub(row.record.len()) {
            None => row.record.get_mut(at),
            Some(at) => row.hash.get_mut(at),
        };
        byte.into_iter().for_each(|byte| *byte ^= damage.mask);
        Some(row)
    }
}

impl Store {
    /// `several` processes may have it open, or one at a time.
    pub(super) fn new(random: Random, rates: Rates, several: bool) -> Self {
        let shared = Shared {
            several,
            rows: Vec::new(),
            rates,
            random,
            late: Vec::new(),
            damage: None,
            away: 0,
            faults: 0,
        };
        Self(Arc::new(Mutex::new(shared)))
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The rows as they were written, from this place on.
    pub(super) fn written(&self, from: usize) -> Vec<Row> {
        self.shared().rows.get(from..).unwrap_or_default().to_vec()
    }

    /// How many records there are.
    pub(super) fn len(&self) -> u64 {
        self.shared().rows.len() as u64
    }

    /// A number by chance.
    pub(super) fn draw(&self) -> u64 {
        self.shared().random.next()
    }

    /// How many times something went wrong.
    pub(super) fn faults(&self) -> u64 {
        self.shared().faults
    }

    /// Nothing goes wrong any more; what is on its way arrives now or never.
    pub(super) fn heal(&self) {
        let mut shared = self.shared();
        (shared.rates, shared.away, shared.damage) = (Rates::default(), 0, None);
        shared.arrive();
        shared.late.clear();
    }

    /// From now on a row, or each of many, is read wrongly or is gone; says whether any is.
    pub(super) fn damage(&self) -> bool {
        let mut shared = self.shared();
        let rows = shared.rows.len() as u64;
        if rows == 0 {
            return false;
        }
        let from = 1 + shared.random.below(rows);
        let until = if shared.random.one_in(2) { rows } else { from };
        let at = shared.random.below(1 << 16);
        let at = (!shared.random.one_in(4)).then_some(at);
        let mask = 1 << shared.random.below(8);
        shared.damage = Some(Damage { from, until, at, mask });
        shared.faults += 1;
        true
    }

    /// The damaged row is brought back.
    pub(super) fn restore(&self) {
        self.shared().damage = None;
    }
}

fn unclear() -> AppendFailed {
    AppendFailed::Unclear(Box::new(ReadFailed::Away))
}

#[async_trait]
impl Journal for Store {
    fn store(&self) -> &'static str {
        "simulated"
    }

    async fn head(&self) -> Result<Position, ReadFailed> {
        let mut shared = self.shared();
        shared.arrive();
        if shared.is_away() {
            return Err(ReadFailed::Away);
        }
        let head = shared.head();
        shared.arrive();
        Ok(head)
    }

    async fn append(&self, after: Position, record: &Sealed) -> Result<(), AppendFailed> {
        let mut shared = self.shared();
        shared.arrive();
        if shared.is_away() {
            return Err(unclear());
        }
        let row = Row {
            sequence: record.sequence,
            epoch: record.epoch,
            hash: record.hash.to_vec(),
            record: record.bytes.clone(),
        };
        let Rates { lost, ambiguous, late, .. } = shared.rates;
        let faults = [lost, late, ambiguous].map(|one_in| happens(&mut shared.random, one_in));
        shared.faults += u64::from(faults.contains(&true));
        match faults {
            [true, ..] => Err(unclear()),
            [_, true, _] => {
                shared.late.push((after, row));
                Err(unclear())
            }
            [.., true] => {
                let _ = shared.append(after, row);
                Err(unclear())
            }
            _ => shared.append(after, row),
        }
    }

    async fn read(&self, after: u64, bytes: usize) -> Result<Vec<Row>, ReadFailed> {
        let mut shared = self.shared();
        shared.arrive();
        let unread = shared.rates.unread;
        if shared.is_away() || happens(&mut shared.random, unread) {
            shared.faults += 1;
            return Err(ReadFailed::Away);
        }
        let mut taken = 0;
        let rows = shared.rows.iter().filter(|row| row.sequence > after).take_while(|row| {
            let first = taken == 0;
            taken += row.record.len();
            first || taken <= bytes
        });
        Ok(rows.filter_map(|row| shared.read(row)).collect())
    }

    async fn count(&self, until: u64) -> Result<u64, ReadFailed> {
        Ok(self.shared().rows.iter().filter(|row| row.sequence <= until).count() as u64)
    }

    fn is_shared(&self) -> bool {
        self.shared().several
    }

    async fn close(&self) {}
}
