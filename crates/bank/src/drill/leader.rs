//! Who writes the ledger's book now.

use super::Failed;
use super::site::Machine;
use super::world::World;

/// The machine whose process writes the book.
pub(super) async fn of_ledger(world: &World) -> Result<Machine, Failed> {
    match world.banks.as_slice() {
        [only] => Ok(*only),
        _ => Err("nobody says who leads the ledger".into()),
    }
}
