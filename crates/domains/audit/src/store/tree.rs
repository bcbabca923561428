//! The tree as stored: its end, its tiles, and the leaves between.

use std::ops::Range;

use proofs::{Hash, Tree};
use sea_orm::{ConnectionTrait, DbErr};

use super::{hashes, rows, signed, unsigned};
use crate::error::Failed;
use crate::model::head::{ALGORITHM, Head, TILE};

/// The end of the tree.
pub(crate) async fn head(connection: &impl ConnectionTrait) -> Result<Tree, Failed> {
    let found = rows(connection, "SELECT count, peaks FROM audit_head WHERE log = 1", vec![]).await?;
    let Some(row) = found.first() else { return Ok(Tree::new(ALGORITHM)) };
    let (count, peaks): (u64, Vec<u8>) = (unsigned(row, 0)?, row.try_get_by_index(1).map_err(Failed::from)?);
    let tree = hashes(&peaks).and_then(|peaks| Tree::of_peaks(ALGORITHM, count, &peaks));
    tree.ok_or_else(|| Failed::damaged("its end is not that of a tree"))
}

/// Hashes of the leaves in `range`, made of the records.
pub(crate) async fn leaves(
    connection: &impl ConnectionTrait,
    range: Range<u64>,
) -> Result<Vec<Hash>, Failed> {
    let wanted = range.end - range.start;
    let found = super::from(connection, range.start, wanted).await?;
    let places = found.iter().map(|row| row.number);
    if !places.eq(range.clone()) {
        return Err(Failed::damaged(format!("a record of {} to {} is missing", range.start, range.end)));
    }
    Ok(found.iter().map(|row| ALGORITHM.leaf(&row.record)).collect())
}

/// Roots of the full tiles in `places`, in order.
pub(crate) async fn tiles(
    connection: &impl ConnectionTrait,
    places: Range<u64>,
) -> Result<Vec<Hash>, Failed> {
    let sql = "SELECT place, root FROM audit_tile WHERE place >= $1 AND place < $2 ORDER BY place";
    let values = vec![signed(places.start).into(), signed(places.end).into()];
    let found = rows(connection, sql, values).await?;
    let mut roots = Vec::with_capacity(found.len());
    for (row, place) in found.iter().zip(places.clone()) {
        let root: Vec<u8> = row.try_get_by_index(1).map_err(Failed::from)?;
        match (unsigned(row, 0)? == place, root.try_into()) {
            (true, Ok(root)) => roots.push(root),
            _ => return Err(Failed::damaged(format!("tile {place} is missing or malformed"))),
        }
    }
    if roots.len() as u64 == places.end - places.start {
        Ok(roots)
    } else {
        Err(Failed::damaged(format!("a tile of {} to {} is missing", places.start, places.end)))
    }
}

/// Root over the leaves of `range`, which begins where a subtree of its size does.
pub(crate) async fn root_over(connection: &impl ConnectionTrait, range: Range<u64>) -> Result<Hash, Failed> {
    if range.end - range.start < TILE || !range.start.is_multiple_of(TILE) {
        return Ok(ALGORITHM.root_over(leaves(connection, range).await?));
    }
    let full = range.start / TILE..range.end / TILE;
    let rest = full.end * TILE..range.end;
    let mut roots = tiles(connection, full).await?;
    if !rest.is_empty() {
        roots.push(ALGORITHM.root_over(leaves(connection, rest).await?));
    }
    Ok(ALGORITHM.root_over(roots))
}

/// Where the next record goes.
pub(super) async fn whole_head(connection: &impl ConnectionTrait, tree: Tree) -> Result<Head, Failed> {
    let count = tree.count();
    let leaves = leaves(connection, count / TILE * TILE..count).await?;
    Ok(Head { tree, leaves })
}

pub(super) fn unreadable(failed: Failed) -> DbErr {
    match failed {
        Failed::Store(error) => error,
        other => DbErr::Custom(other.to_string()),
    }
}
