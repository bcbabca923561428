//! Snapshots: states of the book from which a start needs to replay only the rest of the journal.
//!
//! Two are kept. Each names the record it was made after (sequence and hash), the hash of the state, the logic
//! version, and its parts; a seal covers all of it. A snapshot that does not hold is passed over, because the
//! journal is the truth; one that lies ahead of the journal says that records are missing.

mod building;

use std::sync::Arc;

use db::{Db, Places};
use sea_orm::{ConnectionTrait, DbErr, Statement};

use crate::hash::{Algorithm, Hash};
use crate::journal::Position;
use crate::model::{ACCOUNTS_PART, Book, Copying, LOGIC_VERSION, Part, PartHash, StateDamaged, state_hash};

use self::building::{Building, Helping};

/// The tables of snapshots and history.
pub const MIGRATIONS: db::Migrations =
    db::migrations!("ledger_derived", "0002_derived", "0003_history_runs", "0004_ids", "0005_history_days");

/// Parts that are read in one question: some ten megabytes.
const PARTS_READ: usize = 16;

/// How many are kept.
const KEPT: u64 = 2;

const TAG_SEAL: &[u8] = b"yuanhang.ledger.snapshot.1";

/// A snapshot without its parts' bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The record after which it was made.
    pub sequence: u64,
    /// Rules by which the state is understood.
    pub logic: u16,
    /// Hash of that record.
    pub head_hash: Vec<u8>,
    /// Hash of the state.
    pub state_hash: Vec<u8>,
    /// Hashes of the parts, in order.
    pub parts: Vec<u8>,
    /// Hash over all of the above.
    pub seal: Vec<u8>,
}

/// Why a snapshot does not hold.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotDamaged {
    /// Its columns are not those that were sealed.
    #[error("its columns do not hash to its seal")]
    Seal,
    /// Of other rules.
    #[error("it is of logic version {0}, which this program does not know")]
    Logic(u16),
    /// A part is missing or has other bytes.
    #[error("its part {0} is missing or damaged")]
    Part(usize),
    /// Its parts hash to another state.
    #[error("its parts do not hash to its state hash")]
    State,
    /// Its parts make no state.
    #[error("its parts make no state")]
    Meaning(#[from] StateDamaged),
    /// It cannot be read.
    #[error("it cannot be read")]
    Store(#[from] DbErr),
    /// A thread could not be started, or ended badly.
    #[error("a thread that reads it failed")]
    Thread,
}

impl Snapshot {
    fn sealed(position: Position, algorithm: Algorithm, parts: &[Part]) -> Self {
        let mut snapshot = Self {
            sequence: position.sequence,
            logic: LOGIC_VERSION,
            head_hash: position.hash.to_vec(),
            state_hash: state_hash(algorithm, parts.iter().map(|part| part.hash)).to_vec(),
            parts: parts.iter().flat_map(|part| part.hash).collect(),
            seal: Vec::new(),
        };
        snapshot.seal = snapshot.expected_seal(algorithm).to_vec();
        snapshot
    }

    fn expected_seal(&self, algorithm: Algorithm) -> Hash {
        let (sequence, logic) = (self.sequence.to_be_bytes(), self.logic.to_be_bytes());
        // Both hashes have 32 bytes where the seal was made; the list of parts is last, so nothing can shift.
        algorithm.hash(&[TAG_SEAL, &sequence, &logic, &self.head_hash, &self.state_hash, &self.parts])
    }

    fn part_hashes(&self) -> impl Iterator<Item = PartHash> + '_ {
        self.parts.chunks_exact(32).filter_map(|hash| hash.try_into().ok())
    }
}

/// What is to be stored of a state.
#[derive(Debug)]
pub struct Taken {
    snapshot: Snapshot,
    parts: Vec<Part>,
}

/// Makes a snapshot of a complete copy of the state after the record at `position`.
#[must_use]
pub fn take(copy: Copying, position: Position, algorithm: Algorithm) -> Taken {
    let parts = copy.parts(algorithm);
    Taken { snapshot: Snapshot::sealed(position, algorithm, &parts), parts }
}

/// Stores what was taken and lets go of all but the newest two.
///
/// # Errors
/// The store's; nothing is stored then.
pub async fn store(db: &Db, taken: Taken) -> Result<(), DbErr> {
    let taken = Arc::new(taken);
    db.write(move |tx| {
        let taken = Arc::clone(&taken);
        Box::pin(async move {
            let backend = tx.get_database_backend();
            for part in &taken.parts {
                // A part that is there already is left alone, unless it is damaged.
                let sql = "INSERT INTO ledger_snapshot_part (hash, bytes) VALUES ($1, $2)
                    ON CONFLICT (hash) DO UPDATE SET bytes = excluded.bytes
                    WHERE ledger_snapshot_part.bytes <> excluded.bytes";
                let values = [part.hash.to_vec().into(), part.bytes.clone().into()];
                tx.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
            }
            let snapshot = &taken.snapshot;
            let sql = "INSERT INTO ledger_snapshot (sequence, logic, head_hash, state_hash, parts, seal)
                VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
            let values = [
                i64::try_from(snapshot.sequence).unwrap_or(i64::MAX).into(),
                i64::from(snapshot.logic).into(),
                snapshot.head_hash.clone().into(),
                snapshot.state_hash.clone().into(),
                snapshot.parts.clone().into(),
                snapshot.seal.clone().into(),
            ];
            tx.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
            forget_old(tx).await
        })
    })
    .await
}

/// Deletes all but the newest snapshots, and the parts that no kept one names.
async fn forget_old(tx: &impl ConnectionTrait) -> Result<(), DbErr> {
    let backend = tx.get_database_backend();
    let kept: Vec<Snapshot> = list(tx).await?.into_iter().take(KEPT as usize).collect();
    let Some(oldest) = kept.last() else { return Ok(()) };
    let sql = "DELETE FROM ledger_snapshot WHERE sequence < $1";
    let oldest = i64::try_from(oldest.sequence).unwrap_or(i64::MAX);
    tx.execute_raw(Statement::from_sql_and_values(backend, sql, [oldest.into()])).await?;
    let named: std::collections::HashSet<PartHash> = kept.iter().flat_map(Snapshot::part_hashes).collect();
    let stored =
        tx.query_all_raw(Statement::from_string(backend, "SELECT hash FROM ledger_snapshot_part")).await?;
    for row in stored {
        let hash: Vec<u8> = row.try_get_by_index(0)?;
        if PartHash::try_from(hash.as_slice()).is_ok_and(|hash| named.contains(&hash)) {
            continue;
        }
        let sql = "DELETE FROM ledger_snapshot_part WHERE hash = $1";
        tx.execute_raw(Statement::from_sql_and_values(backend, sql, [hash.into()])).await?;
    }
    Ok(())
}

/// All stored snapshots, newest first.
///
/// # Errors
/// The store's.
pub async fn list(connection: &impl ConnectionTrait) -> Result<Vec<Snapshot>, DbErr> {
    let sql = "SELECT sequence, logic, head_hash, state_hash, parts, seal FROM ledger_snapshot
        ORDER BY sequence DESC";
    let rows =
        connection.query_all_raw(Statement::from_string(connection.get_database_backend(), sql)).await?;
    rows.iter()
        .map(|row| {
            Ok(Snapshot {
                sequence: u64::try_from(row.try_get_by_index::<i64>(0)?).unwrap_or(0),
                logic: u16::try_from(row.try_get_by_index::<i64>(1)?).unwrap_or(0),
                head_hash: row.try_get_by_index(2)?,
                state_hash: row.try_get_by_index(3)?,
                parts: row.try_get_by_index(4)?,
                seal: row.try_get_by_index(5)?,
            })
        })
        .collect()
}

/// The book of a snapshot, with everything checked that the snapshot says of itself.
///
/// # Errors
/// [`SnapshotDamaged`].
pub async fn load(
    connection: &impl ConnectionTrait,
    snapshot: &Snapshot,
    algorithm: Algorithm,
) -> Result<Book, SnapshotDamaged> {
    if snapshot.seal != snapshot.expected_seal(algorithm) || !snapshot.parts.len().is_multiple_of(32) {
        return Err(SnapshotDamaged::Seal);
    }
    if snapshot.logic != LOGIC_VERSION {
        return Err(SnapshotDamaged::Logic(snapshot.logic));
    }
    if state_hash(algorithm, snapshot.part_hashes()).as_slice() != snapshot.state_hash {
        return Err(SnapshotDamaged::State);
    }
    let hashes: Vec<PartHash> = snapshot.part_hashes().collect();
    let mut book = Book::default();
    // All parts but the first hold accounts, so that tables grow once.
    book.reserve_accounts(hashes.len().saturating_sub(1) * ACCOUNTS_PART);
    let mut building = Building::begin(book);
    for (hashes, first) in hashes.chunks(PARTS_READ).zip((0..).step_by(PARTS_READ)) {
        let parts = read_parts(connection, first, hashes).await?;
        building = building.add(first, parts, algorithm).await?;
    }
    building.finish().await
}

/// Reads the parts of these hashes, in this order; `first` is the place of the first of them.
async fn read_parts(
    connection: &impl ConnectionTrait,
    first: usize,
    hashes: &[PartHash],
) -> Result<Helping, SnapshotDamaged> {
    let places = Places::on(connection).list(hashes.len());
    let sql = format!("SELECT hash, bytes FROM ledger_snapshot_part WHERE hash IN {places}");
    let values: Vec<sea_orm::Value> = hashes.iter().map(|hash| hash.to_vec().into()).collect();
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    let mut found = rustc_hash::FxHashMap::default();
    for row in connection.query_all_raw(statement).await? {
        let (hash, bytes): (Vec<u8>, Vec<u8>) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        found.insert(hash, bytes);
    }
    let part = |(at, hash): (usize, &PartHash)| {
        let bytes = found.get(hash.as_slice()).cloned().ok_or(SnapshotDamaged::Part(first + at))?;
        Ok((*hash, bytes))
    };
    hashes.iter().enumerate().map(part).collect()
}
