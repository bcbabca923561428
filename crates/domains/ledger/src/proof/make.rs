//! Making proofs from a journal.
//!
//! Cost: one pass over the journal up to the transfer, another up to the opening of its accounts, and one over
//! the hashes of all records; memory for one batch of rows.

use std::ops::Range;

use ids::TransferId;
use proofs::Tree;

use super::{Leaf, Proof, told};
use crate::hash::{Algorithm, Hash, siblings};
use crate::journal::{Journal, ReadFailed};
use crate::model::{CHUNK_ENTRIES, Did, Effect, Entry, Executed};
use crate::record::{Opened, Unreadable};
use crate::replay::READ_BYTES;
use crate::witness::statement::{Signed, Statement};
use contracts::ledger::Act;

/// Why a transfer cannot be proved.
#[derive(Debug, thiserror::Error)]
pub enum Unprovable {
    /// No record up to the statement's holds the id.
    #[error("no transfer with this id stands in the records up to {0}, of which the statement is")]
    Unknown(u64),
    /// The journal lacks the opening of an account.
    #[error("the journal does not say how account number {0} was opened")]
    Account(u32),
    /// A record cannot be read.
    #[error("record {0} cannot be read")]
    Record(u64, #[source] Unreadable),
    /// The journal is not the one of the statement.
    #[error("the records do not hash to the tree that was signed; `yuanhang ledger verify` tells more")]
    OtherJournal,
    /// The journal cannot be read.
    #[error(transparent)]
    Read(#[from] ReadFailed),
}

/// An entry that was found, with the record that it stands in.
struct Found {
    sequence: u64,
    leaf: Leaf,
    executed: Executed,
}

/// Proves that `transfer` is in the journal of which `signed` was stated.
///
/// # Errors
/// [`Unprovable`].
pub async fn prove(
    journal: &dyn Journal,
    transfer: TransferId,
    signed: &Signed,
) -> Result<Proof, Unprovable> {
    let statement = &signed.statement;
    let mut is_it = |executed: &Executed| executed.id == transfer;
    let found = find(journal, statement.sequence, 1, &mut is_it).await?.pop();
    let found = found.ok_or(Unprovable::Unknown(statement.sequence))?;
    let mut leaves = vec![(found.sequence, found.leaf)];
    if let (_, Some(numbers), _) = told(&found.executed) {
        let mut opened_one =
            |executed: &Executed| opened(executed).is_some_and(|number| numbers.contains(&number));
        let openings = find(journal, found.sequence, 2, &mut opened_one).await?;
        for number in numbers {
            let opening = openings.iter().find(|opening| opened(&opening.executed) == Some(number));
            let opening = opening.ok_or(Unprovable::Account(number))?;
            leaves.push((opening.sequence, opening.leaf.clone()));
        }
    }
    let sequences: Vec<u64> = leaves.iter().map(|(sequence, _)| *sequence).collect();
    let paths = paths(journal, statement, &sequences).await?;
    let mut proved = leaves.into_iter().zip(paths);
    let mut next = || proved.next().map(|((_, leaf), record_path)| Leaf { record_path, ..leaf });
    let entry = next().ok_or(Unprovable::OtherJournal)?;
    let accounts = std::iter::from_fn(next).collect();
    Ok(Proof { transfer, statement: statement.clone(), signature: signed.signature, entry, accounts })
}

/// The number of the account that this opened.
const fn opened(executed: &Executed) -> Option<u32> {
    match &executed.did {
        Did::Other { act: Act::OpenAccount(_), effect: Effect::AccountOpened(number) } => Some(*number),
        _ => None,
    }
}

/// The first `most` entries up to record `until` that are wanted.
async fn find(
    journal: &dyn Journal,
    until: u64,
    most: usize,
    wanted: &mut (dyn FnMut(&Executed) -> bool + Send),
) -> Result<Vec<Found>, Unprovable> {
    let (mut found, mut after) = (Vec::new(), 0);
    while after < until && found.len() < most {
        let rows = journal.read(after, READ_BYTES).await?;
        let Some(last) = rows.last() else { break };
        after = last.sequence;
        for row in rows.iter().filter(|row| row.sequence <= until) {
            let damaged = |error| Unprovable::Record(row.sequence, error);
            let record = Opened::try_new(&row.record).map_err(damaged)?;
            for (place, entry) in (0_u32..).zip(record.entries().map_err(damaged)?) {
                let Entry::Executed(executed) = entry else { continue };
                if found.len() < most && wanted(&executed) {
                    let leaf = leaf(&record, place).map_err(damaged)?;
                    found.push(Found { sequence: record.head.sequence, leaf, executed });
                }
            }
        }
        tokio::task::yield_now().await;
    }
    Ok(found)
}

fn leaf(record: &Opened<'_>, place: u32) -> Result<Leaf, Unreadable> {
    let leaves = record.leaves()?;
    let index = if record.head.format == 1 { place } else { place / CHUNK_ENTRIES };
    let chunk = leaves.get(index as usize).ok_or(Unreadable::Length)?;
    let path = record.head.algorithm.audit_path(&leaves, index.into()).ok_or(Unreadable::Length)?;
    Ok(Leaf {
        head: record.head_bytes.to_vec(),
        place,
        chunk: chunk.to_vec(),
        chunk_path: path,
        record_path: Vec::new(),
    })
}

/// The audit paths of these records in the tree that was signed, in one pass over the hashes of all records.
async fn paths(
    journal: &dyn Journal,
    statement: &Statement,
    sequences: &[u64],
) -> Result<Vec<Vec<Hash>>, Unprovable> {
    let mut paths = Vec::with_capacity(sequences.len());
    for sequence in sequences {
        let path = Path::try_new(statement, *sequence).ok_or(Unprovable::OtherJournal)?;
        paths.push(path);
    }
    let mut whole = Tree::new(statement.algorithm);
    while whole.count() < statement.sequence {
        let positions = journal.positions(whole.count()).await?;
        if positions.is_empty() {
            return Err(Unprovable::OtherJournal);
        }
        for position in positions.iter().take_while(|position| position.sequence <= statement.sequence) {
            let index = whole.count();
            if position.sequence != index + 1 {
                return Err(Unprovable::OtherJournal);
            }
            whole.push(&position.hash);
            paths.iter_mut().for_each(|path| path.push(index, &position.hash));
        }
        tokio::task::yield_now().await;
    }
    if whole.root() != statement.tree {
        return Err(Unprovable::OtherJournal);
    }
    Ok(paths.into_iter().map(Path::hashes).collect())
}

/// An audit path on its way: the subtree of each sibling.
struct Path(Vec<(Range<u64>, Tree)>);

impl Path {
    fn try_new(statement: &Statement, sequence: u64) -> Option<Self> {
        let algorithm: Algorithm = statement.algorithm;
        let ranges = siblings(sequence.checked_sub(1)?, statement.sequence)?;
        Some(Self(ranges.into_iter().map(|range| (range, Tree::new(algorithm))).collect()))
    }

    fn push(&mut self, index: u64, hash: &Hash) {
        if let Some((_, tree)) = self.0.iter_mut().find(|(range, _)| range.contains(&index)) {
            tree.push(hash);
        }
    }

    fn hashes(self) -> Vec<Hash> {
        self.0.into_iter().map(|(_, tree)| tree.root()).collect()
    }
}
