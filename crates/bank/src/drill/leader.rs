//! Who writes the ledger's book now.

use std::path::Path;

use super::Failed;
use super::cluster;
use super::site::Machine;

/// The machine whose process has the lease of the ledger.
pub(super) async fn of_ledger() -> Result<Machine, Failed> {
    let holder = cluster::sql("bank", "SELECT holder FROM lease WHERE name = 'ledger'").await?;
    machine_of(&holder).ok_or_else(|| format!("nobody of ours leads the ledger, but `{holder}`").into())
}

/// The machine in what a process calls itself: `host:/folder/a1-ledger#number`.
pub(super) fn machine_of(holder: &str) -> Option<Machine> {
    let (place, _) = holder.rsplit_once('#')?;
    let folder = Path::new(place).file_name()?.to_str()?;
    Machine::named(folder.split('-').next()?)
}
