//! The store of snapshots and history under simulation: the real one, on SQLite, which is made to fail and to
//! lose what it may lose.
//!
//! Everything that is asked of it is answered before the simulation goes on, so its own threads do not show.
//! What a crash may do to it: nothing; lose the newest snapshot, a part or everything; damage a snapshot.

use db::Db;
use sea_orm::{ConnectionTrait, DbErr};

use super::random::Random;
use crate::snapshot;

/// Refuses writes where a row of `simulated_fault` says so.
const FAULTS: &str = "
    CREATE TABLE IF NOT EXISTS simulated_fault (what TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;
    CREATE TRIGGER IF NOT EXISTS simulated_no_snapshot BEFORE INSERT ON ledger_snapshot
        WHEN EXISTS (SELECT 1 FROM simulated_fault WHERE what = 'snapshot')
        BEGIN SELECT RAISE(ABORT, 'simulated'); END;
    CREATE TRIGGER IF NOT EXISTS simulated_no_history BEFORE INSERT ON ledger_history_block
        WHEN EXISTS (SELECT 1 FROM simulated_fault WHERE what = 'history')
        BEGIN SELECT RAISE(ABORT, 'simulated'); END;
    CREATE TRIGGER IF NOT EXISTS simulated_no_ids BEFORE INSERT ON ledger_id_generation
        WHEN EXISTS (SELECT 1 FROM simulated_fault WHERE what = 'ids')
        BEGIN SELECT RAISE(ABORT, 'simulated'); END;";

const EVERYTHING: &str = "
    DELETE FROM ledger_history_block; DELETE FROM ledger_history_day; DELETE FROM ledger_history_run;
    DELETE FROM ledger_history_cursor WHERE history = 1;
    DELETE FROM ledger_snapshot; DELETE FROM ledger_snapshot_part;
    DELETE FROM ledger_id_generation; DELETE FROM ledger_id_block; DELETE FROM ledger_id_filter;";

async fn execute(db: &Db, sql: String) -> Result<(), DbErr> {
    db.write(move |tx| {
        let sql = sql.clone();
        Box::pin(async move { tx.execute_unprepared(&sql).await.map(|_| ()) })
    })
    .await
}

/// An empty store in which nothing fails.
pub(super) async fn begin(db: &Db) -> Result<(), DbErr> {
    execute(db, format!("{FAULTS} {EVERYTHING} DELETE FROM simulated_fault;")).await
}

/// From now on snapshots or movements cannot be written.
pub(super) async fn fail(db: &Db, random: &mut Random) -> Result<(), DbErr> {
    let what = ["snapshot", "history", "ids"];
    let what = what.get(random.place(what.len())).copied().unwrap_or("ids");
    execute(db, format!("INSERT OR IGNORE INTO simulated_fault VALUES ('{what}')")).await
}

/// Whether a failure is one that was made.
pub(super) fn made(error: &DbErr) -> bool {
    error.to_string().contains("simulated")
}

/// Everything can be written again.
pub(super) async fn heal(db: &Db) -> Result<(), DbErr> {
    execute(db, "DELETE FROM simulated_fault".to_owned()).await
}

/// Lets go of the snapshots up to this one, which may be damaged.
pub(super) async fn forget(db: &Db, until: u64) -> Result<(), DbErr> {
    execute(db, format!("DELETE FROM ledger_snapshot WHERE sequence <= {until}")).await
}

/// What a crash does to it; gives the last snapshot that may be damaged by it, 0 for none.
pub(super) async fn crash(db: &Db, random: &mut Random) -> Result<u64, DbErr> {
    let sql = match random.below(12) {
        0 => EVERYTHING.to_owned(),
        1 => "DELETE FROM ledger_snapshot".to_owned(),
        2 => "DELETE FROM ledger_snapshot WHERE sequence = (SELECT max(sequence) FROM ledger_snapshot)"
            .to_owned(),
        3 => "DELETE FROM ledger_snapshot_part WHERE hash = (SELECT min(hash) FROM ledger_snapshot_part)"
            .to_owned(),
        4 => damaged("ledger_snapshot_part", "bytes", random),
        5 => {
            let columns = ["seal", "parts", "state_hash", "head_hash"];
            let column = columns.get(random.place(columns.len())).copied().unwrap_or("seal");
            damaged("ledger_snapshot", column, random)
        }
        6 => "DELETE FROM ledger_id_generation WHERE until_location =
            (SELECT max(until_location) FROM ledger_id_generation)"
            .to_owned(),
        7 => "DELETE FROM ledger_id_generation WHERE from_location =
            (SELECT min(from_location) FROM ledger_id_generation)"
            .to_owned(),
        8 => damaged("ledger_id_generation", "outline", random),
        _ => return Ok(0),
    };
    let newest = snapshot::list(db.reader()).await?.first().map_or(0, |newest| newest.sequence);
    execute(db, sql).await.map(|()| newest)
}

/// Another byte in one place of a column, in every row.
fn damaged(table: &str, column: &str, random: &mut Random) -> String {
    let (place, byte) = (1 + random.below(20), random.below(256));
    format!(
        "UPDATE {table} SET {column} =
            CAST(substr({column}, 1, {place} - 1) || x'{byte:02x}' || substr({column}, {place} + 1) AS BLOB)"
    )
}
