//! Reads everything that is stored and checks it: each record's hash, Merkle root and place in the chain; that
//! the recorded effects are those which the rules give; snapshots against the replayed state; conservation;
//! the history against the journal, row by row. Tells where the first fault is.
//!
//! It needs no running ledger and trusts none: the bytes it vouches for are the bytes it reads. Cost: one pass
//! over journal and history; memory as the book itself, and 16 bytes of temporary file for each older id.

mod projection;
mod unique;

use std::collections::BTreeMap;
use std::time::Instant;

use contracts::ledger::{Asset, Verification};
use db::Db;
use sea_orm::DbErr;

use crate::history;
use crate::journal::{Journal, Position, ReadFailed};
use crate::model::{Book, Entry, GENERATION_IDS, Location, Suspicion};
use crate::record::{Head, Opened};
use crate::replay::{Fault, Follower, READ_BYTES, Wrong};
use crate::snapshot::{self, Snapshot};
use crate::stored_ids::Checking;
use crate::witness::{Refused, Witness};

use self::projection::Expected;
use self::unique::Unique;

/// The store is not there to be verified.
#[derive(Debug, thiserror::Error)]
pub enum VerifyFailed {
    /// The journal cannot be read.
    #[error("the ledger could not be read")]
    Journal(#[from] ReadFailed),
    /// There is no room for a temporary file.
    #[error("the temporary file of the verification could not be used")]
    Temporary(#[from] std::io::Error),
}

/// What stops a verification: a fault, or that the store went away.
enum Stopped {
    Fault(String),
    Away(ReadFailed),
    Temporary(std::io::Error),
}

impl From<std::io::Error> for Stopped {
    fn from(error: std::io::Error) -> Self {
        Self::Temporary(error)
    }
}

impl From<ReadFailed> for Stopped {
    fn from(error: ReadFailed) -> Self {
        match error {
            ReadFailed::Damaged { .. } => Self::Fault(error.to_string()),
            // A database that reports damage of its own has found the fault for us.
            ReadFailed::Store(sqlx::Error::Database(error)) => {
                Self::Fault(format!("the journal's database cannot be read: {error}"))
            }
            ReadFailed::Store(_) | ReadFailed::Away => Self::Away(error),
        }
    }
}

/// Verifies a journal and, where given, the snapshots and the history derived from it.
///
/// # Errors
/// [`VerifyFailed`]: nothing could be found out. A fault in what is stored is not an error but an answer.
pub async fn verify(journal: &dyn Journal, derived: Option<&Db>) -> Result<Verification, VerifyFailed> {
    verify_with(journal, derived, GENERATION_IDS).await
}

/// Verifies with so many ids in memory, or twice as many.
async fn verify_with(
    journal: &dyn Journal,
    derived: Option<&Db>,
    ids: usize,
) -> Result<Verification, VerifyFailed> {
    let started = Instant::now();
    let mut check = Check::default();
    check.book.set_id_generation(ids);
    let fault = match check.run(journal, derived).await {
        Ok(()) => None,
        Err(Stopped::Fault(fault)) => Some(fault),
        Err(Stopped::Away(error)) => return Err(error.into()),
        Err(Stopped::Temporary(error)) => return Err(error.into()),
    };
    let algorithm = check.follower.algorithm.unwrap_or_default();
    Ok(Verification {
        verified: fault.is_none(),
        records: check.follower.position.sequence,
        commands: check.commands,
        head_hash: hex::encode(check.follower.position.hash),
        state_hash: hex::encode(check.book.state_hash(algorithm)),
        fault,
        elapsed_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    })
}

/// Verifies as [`verify`] does, and then against the witness: every statement that it holds.
///
/// # Errors
/// [`VerifyFailed`].
pub async fn verify_witnessed(
    journal: &dyn Journal,
    derived: Option<&Db>,
    witness: Option<&Witness>,
) -> Result<Verification, VerifyFailed> {
    let started = Instant::now();
    let mut found = verify(journal, derived).await?;
    let (Some(witness), None) = (witness, &found.fault) else { return Ok(found) };
    found.fault = match witness.verify(journal).await {
        Ok(_) => None,
        Err(Refused::Read(error @ (ReadFailed::Store(_) | ReadFailed::Away))) => return Err(error.into()),
        Err(refused) => Some(refused.to_string()),
    };
    found.verified = found.fault.is_none();
    found.elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(found)
}

#[derive(Default)]
struct Check {
    book: Book,
    follower: Follower,
    commands: u64,
    expected: Expected,
    unique: Unique,
}

/// Where the history is. That of an older program is not looked at: the next start throws it away.
async fn history_of(derived: Option<&Db>) -> Result<Option<&Db>, Stopped> {
    let Some(db) = derived else { return Ok(None) };
    let current = history::is_current(db.reader()).await;
    Ok(current.map_err(|error| unreadable("the history", &error))?.then_some(db))
}

impl Check {
    async fn run(&mut self, journal: &dyn Journal, derived: Option<&Db>) -> Result<(), Stopped> {
        let snapshots = match derived {
            None => Vec::new(),
            Some(db) => {
                snapshot::list(db.reader()).await.map_err(|error| unreadable("the snapshots", &error))?
            }
        };
        let history = history_of(derived).await?;
        let cursor = match history {
            None => Position::default(),
            Some(db) => history::cursor(db.reader())
                .await
                .map_err(|error| Stopped::Fault(format!("history: {error}")))?,
        };
        let mut ids = match derived {
            None => None,
            Some(db) => Some(Checking::open(db).await.map_err(|wrong| Stopped::Fault(wrong.to_string()))?),
        };
        // The head comes after what is derived from it, so that nothing derived can lie ahead of it.
        let head = journal.head().await?;
        self.read_journal(journal, derived, &snapshots, cursor, head.sequence).await?;
        let stored = journal.count(head.sequence).await?;
        if stored != self.follower.position.sequence {
            let found = self.follower.position.sequence;
            return Err(Stopped::Fault(format!(
                "the journal holds {stored} rows, but {found} records follow each other"
            )));
        }
        if let Some(snapshot) = snapshots.iter().find(|snapshot| snapshot.sequence > head.sequence) {
            return Err(behind(head.sequence, "a snapshot", snapshot.sequence));
        }
        if cursor.sequence > head.sequence {
            return Err(behind(head.sequence, "the history", cursor.sequence));
        }
        if let Some(ids) = ids.as_ref().filter(|ids| ids.sequence() > head.sequence) {
            return Err(behind(head.sequence, "the list of ids", ids.sequence()));
        }
        self.check_ids(journal, ids.as_mut()).await?;
        self.check_conservation()?;
        match history {
            Some(db) => self.expected.check(journal, db, cursor, &self.book).await.map_err(Stopped::Fault),
            None => Ok(()),
        }
    }

    async fn read_journal(
        &mut self,
        journal: &dyn Journal,
        derived: Option<&Db>,
        snapshots: &[Snapshot],
        cursor: Position,
        until: u64,
    ) -> Result<(), Stopped> {
        while self.follower.position.sequence < until {
            let rows = journal.read(self.follower.position.sequence, READ_BYTES).await.map_err(|error| {
                match Stopped::from(error) {
                    Stopped::Fault(fault) => {
                        Stopped::Fault(format!("after record {}: {fault}", self.follower.position.sequence))
                    }
                    away => away,
                }
            })?;
            if rows.is_empty() {
                let sequence = self.follower.position.sequence + 1;
                return Err(Stopped::Fault(format!("record {sequence}: it is missing")));
            }
            for row in rows.iter().filter(|row| row.sequence <= until || row.sequence == 0) {
                let (head, entries) =
                    self.follower.check(row).map_err(|fault| Stopped::Fault(fault.to_string()))?;
                let audited = self.book.audit(head.sequence, head.at, head.logic, &entries);
                let suspicions = audited.map_err(|contradiction| {
                    self.book.discard();
                    let fault = Fault { sequence: head.sequence, what: Wrong::Contradiction(contradiction) };
                    Stopped::Fault(fault.to_string())
                })?;
                for suspicion in suspicions {
                    let again = entries.get(suspicion.again.place() as usize);
                    self.settle(journal, suspicion, again).await?;
                }
                self.book.commit(head.last_at());
                self.commands += entries.len() as u64;
                self.follower.advance(&head, row);
                if head.sequence <= cursor.sequence {
                    self.expected.add(head.at, &entries);
                }
                if head.sequence == cursor.sequence && cursor.hash != self.follower.position.hash {
                    return Err(Stopped::Fault(format!(
                        "history: its cursor names another record {} than the journal holds",
                        cursor.sequence
                    )));
                }
                for snapshot in snapshots.iter().filter(|snapshot| snapshot.sequence == head.sequence) {
                    self.check_snapshot(derived, snapshot, &head).await?;
                }
            }
            self.unique.spill(&mut self.book)?;
            tokio::task::yield_now().await;
        }
        Ok(())
    }

    /// Each id of the whole journal must be new, and what is stored of ids must be those of the journal.
    async fn check_ids(
        &mut self,
        journal: &dyn Journal,
        mut stored: Option<&mut Checking>,
    ) -> Result<(), Stopped> {
        if let Some(stored) = &stored {
            stored.check_heads(journal).await?.map_err(|wrong| Stopped::Fault(wrong.to_string()))?;
        }
        let (alike, wrong) = self.unique.finish(&self.book, stored.as_deref_mut()).await?;
        for locations in alike {
            let mut seen = BTreeMap::new();
            for again in locations {
                // Under some keys it is found how a hold ended, be it by time: what has no id repeats none.
                let Some(Entry::Executed(executed)) = entry_at(journal, again).await? else { continue };
                if let Some(before) = seen.insert(executed.id, again) {
                    return Err(used_before(before, again));
                }
            }
        }
        match (wrong, stored) {
            (Some(wrong), Some(stored)) if stored.stands(&wrong).await => {
                Err(Stopped::Fault(wrong.to_string()))
            }
            _ => Ok(()),
        }
    }

    /// Two ids with the same key: they must be two.
    async fn settle(
        &self,
        journal: &dyn Journal,
        suspicion: Suspicion,
        entry: Option<&Entry>,
    ) -> Result<(), Stopped> {
        let Suspicion { before, again } = suspicion;
        match (entry_at(journal, before).await?, entry) {
            (Some(Entry::Executed(before)), Some(Entry::Executed(again))) if before.id != again.id => Ok(()),
            _ => Err(used_before(before, again)),
        }
    }

    /// A snapshot must be sealed, be of this record, and hold the very state that the replay has come to.
    async fn check_snapshot(
        &self,
        derived: Option<&Db>,
        snapshot: &Snapshot,
        head: &Head,
    ) -> Result<(), Stopped> {
        let fault =
            |what: String| Err(Stopped::Fault(format!("snapshot of record {}: {what}", snapshot.sequence)));
        let Some(db) = derived else { return Ok(()) };
        if snapshot.head_hash != self.follower.position.hash {
            return fault("it was made of another record".to_owned());
        }
        let state = self.book.state_hash(head.algorithm);
        if snapshot.state_hash != state {
            return fault(format!(
                "its state hash is not that of the replayed state, {}",
                hex::encode(state)
            ));
        }
        match snapshot::load(db.reader(), snapshot, head.algorithm).await {
            Ok(_) => Ok(()),
            // The writer may have replaced it meanwhile: then it is no longer there to be checked.
            Err(_) if self.replaced(db, snapshot).await => Ok(()),
            Err(error) => fault(error.to_string()),
        }
    }

    async fn replaced(&self, db: &Db, snapshot: &Snapshot) -> bool {
        snapshot::list(db.reader())
            .await
            .is_ok_and(|now| now.iter().all(|other| other.sequence != snapshot.sequence))
    }

    /// In each asset, what was debited equals what was credited, posted and held alike.
    fn check_conservation(&self) -> Result<(), Stopped> {
        let mut sums: BTreeMap<Asset, [u128; 4]> = BTreeMap::new();
        for account in self.book.accounts() {
            let Some(asset) = self.book.asset_of(account) else { continue };
            let sum = sums.entry(asset).or_default();
            let parts = [
                account.debits_posted,
                account.credits_posted,
                account.debits_pending.into(),
                account.credits_pending.into(),
            ];
            for (sum, part) in sum.iter_mut().zip(parts) {
                *sum = sum.saturating_add(part);
            }
        }
        for (asset, [debits, credits, debits_held, credits_held]) in sums {
            if debits != credits || debits_held != credits_held {
                return Err(Stopped::Fault(format!(
                    "asset {asset}: debits {debits} and credits {credits} posted, {debits_held} and {credits_held} held"
                )));
            }
        }
        Ok(())
    }
}

fn used_before(before: Location, again: Location) -> Stopped {
    let (record, place) = (again.sequence(), again.place());
    let before = before.sequence();
    Stopped::Fault(format!("record {record}: entry {place}: the id was used before, in record {before}"))
}

/// The entry that stands there, if one can be read.
async fn entry_at(journal: &dyn Journal, location: Location) -> Result<Option<Entry>, ReadFailed> {
    let rows = journal.read(location.sequence() - 1, 1).await?;
    let opened = rows.first().and_then(|row| Opened::try_new(&row.record).ok());
    Ok(opened.and_then(|opened| opened.entry(location.place()).ok().flatten()))
}

fn unreadable(what: &str, error: &DbErr) -> Stopped {
    Stopped::Fault(format!("{what} cannot be read: {error}"))
}

fn behind(head: u64, what: &str, sequence: u64) -> Stopped {
    Stopped::Fault(format!(
        "record {}: it is missing; the journal ends with record {head}, but {what} was made of record {sequence}",
        head + 1
    ))
}

#[cfg(test)]
mod tests;
