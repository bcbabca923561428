//! Making statements.

use clock::Timestamp;
use proofs::Tree;

use super::Refused;
use super::key::WitnessKey;
use super::look::Walk;
use super::statement::{Signed, Statement};
use crate::hash::Hash;
use crate::journal::{Journal, Position, ReadFailed};
use crate::model::nanoseconds;
use crate::record::Opened;

/// Makes a statement of `head` with this number that follows a statement of this hash. `tree` may have some of the
/// records in it already.
pub(super) async fn make(
    key: &WitnessKey,
    journal: &dyn Journal,
    head: Position,
    now: Timestamp,
    (number, previous): (u64, Hash),
    tree: Option<Tree>,
) -> Result<Signed, Refused> {
    let damaged = |what: &str| {
        let sequence = i64::try_from(head.sequence).unwrap_or(i64::MAX);
        Refused::Read(ReadFailed::Damaged { sequence, what: what.to_owned() })
    };
    let rows = journal.read(head.sequence.saturating_sub(1), 1).await?;
    let row = rows.first().filter(|row| row.sequence == head.sequence);
    let row = row.ok_or_else(|| damaged("it is missing"))?;
    let record = Opened::try_new(&row.record).map_err(|error| Refused::Record(head.sequence, error))?;
    if (record.hash, record.head.epoch) != (head.hash, head.epoch) {
        return Err(damaged("it is not the one that is to be witnessed"));
    }
    let algorithm = record.head.algorithm;
    let mut walk = Walk::from(tree.unwrap_or(Tree::new(algorithm)));
    if walk.to(journal, head.sequence).await?.is_some_and(|reached| reached != head) {
        return Err(damaged("its columns say otherwise than the record"));
    }
    let statement = Statement {
        algorithm,
        number,
        previous,
        sequence: head.sequence,
        epoch: head.epoch,
        hash: head.hash,
        tree: walk.tree.root(),
        date: record.head.date,
        at: nanoseconds(now),
    };
    Signed::sign(statement, walk.tree, key).ok_or(Refused::Unsigned)
}

/// A statement of the last record that belongs to no chain and goes to no witness: for a proof where the bank has
/// none.
///
/// # Errors
/// [`Refused`].
pub async fn by_itself(key: &WitnessKey, journal: &dyn Journal, now: Timestamp) -> Result<Signed, Refused> {
    let head = journal.head().await?;
    make(key, journal, head, now, (0, [0; 32]), None).await
}
