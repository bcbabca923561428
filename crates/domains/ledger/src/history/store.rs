//! The tables of the history: cursor, runs and blocks.

use db::{Db, Kind, Places};
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, IsolationLevel,
    QueryResult, Statement, TransactionTrait, Value,
};

use super::block::Block;
use super::{Damaged, HistoryFailed};
use crate::hash::Algorithm;
use crate::journal::Position;

const TAG: &[u8] = b"yuanhang.ledger.history.run";
const SEAL_BYTES: usize = 16;

/// Which blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Movements,
    Days,
}

impl Table {
    const fn name(self) -> &'static str {
        match self {
            Self::Movements => "ledger_history_block",
            Self::Days => "ledger_history_day",
        }
    }
}

/// A run that is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) run: i64,
    pub(super) level: u32,
    pub(super) first_record: u64,
    pub(super) last_record: u64,
    pub(super) movements: u64,
    pub(super) blocks: u64,
    pub(super) day_blocks: u64,
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl Run {
    fn columns(&self) -> [i64; 7] {
        [
            self.run,
            self.level.into(),
            signed(self.first_record),
            signed(self.last_record),
            signed(self.movements),
            signed(self.blocks),
            signed(self.day_blocks),
        ]
    }

    fn seal(&self) -> Vec<u8> {
        let columns: Vec<u8> = self.columns().iter().flat_map(|column| column.to_be_bytes()).collect();
        Algorithm::Sha256.hash(&[TAG, &columns]).into_iter().take(SEAL_BYTES).collect()
    }

    fn read(row: &QueryResult) -> Result<Self, HistoryFailed> {
        let number: i64 = row.try_get_by_index(0)?;
        let run = Self::columns_of(row).filter(|(run, seal)| run.seal() == *seal);
        run.map(|(run, _)| run).ok_or_else(|| Damaged::Run(number).into())
    }

    fn columns_of(row: &QueryResult) -> Option<(Self, Vec<u8>)> {
        let number = |at: usize| row.try_get_by_index::<i64>(at).ok();
        let count = |at: usize| u64::try_from(number(at)?).ok();
        let run = Self {
            run: number(0)?,
            level: number(1)?.try_into().ok()?,
            first_record: count(2)?,
            last_record: count(3)?,
            movements: count(4)?,
            blocks: count(5)?,
            day_blocks: count(6)?,
        };
        Some((run, row.try_get_by_index(7).ok()?))
    }
}

fn statement(connection: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(connection.get_database_backend(), sql, values)
}

async fn execute(tx: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<ExecResult, DbErr> {
    tx.execute_raw(statement(tx, sql, values)).await
}

/// Everything as it is now, whatever is written meanwhile.
pub(super) async fn snapshot(db: &Db) -> Result<DatabaseTransaction, DbErr> {
    match db.kind() {
        // A transaction of the write-ahead log sees what was there at its first statement.
        Kind::Sqlite => db.reader().begin().await,
        Kind::Postgres => {
            let reading = Some(AccessMode::ReadOnly);
            db.reader().begin_with_config(Some(IsolationLevel::RepeatableRead), reading).await
        }
    }
}

/// The history is disposable: a transaction that is lost is followed again, so nobody waits for the disk.
pub(super) async fn at_ease(tx: &impl ConnectionTrait) -> Result<(), DbErr> {
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared("SET LOCAL synchronous_commit TO OFF").await?;
    }
    Ok(())
}

/// Whether the tables are those of this program: older data may be looked at without bringing them up to date.
pub(crate) async fn is_current(connection: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let sql = "SELECT 1 FROM schema_step WHERE domain = 'ledger_derived' AND name = '0005_history_days'";
    Ok(connection.query_one_raw(statement(connection, sql, vec![])).await?.is_some())
}

/// Where the history stored in a database has come to. The epoch is not kept.
///
/// # Errors
/// The store's, or [`Damaged::Cursor`].
pub(crate) async fn cursor(connection: &impl ConnectionTrait) -> Result<Position, HistoryFailed> {
    let sql = "SELECT sequence, hash FROM ledger_history_cursor WHERE history = 1";
    let Some(row) = connection.query_one_raw(statement(connection, sql, vec![])).await? else {
        return Ok(Position::default());
    };
    let position = || {
        let sequence: i64 = row.try_get_by_index(0).ok()?;
        let hash: Vec<u8> = row.try_get_by_index(1).ok()?;
        Some(Position { sequence: u64::try_from(sequence).ok()?, epoch: 0, hash: hash.try_into().ok()? })
    };
    position().ok_or_else(|| Damaged::Cursor.into())
}

/// All runs that are listed, the oldest first. They must hold the records 1 to `until`, each once.
///
/// # Errors
/// The store's, [`Damaged::Run`] and [`Damaged::Runs`].
pub(super) async fn runs(connection: &impl ConnectionTrait, until: u64) -> Result<Vec<Run>, HistoryFailed> {
    let sql = "SELECT run, level, first_record, last_record, movements, blocks, day_blocks, seal
        FROM ledger_history_run ORDER BY first_record";
    let rows = connection.query_all_raw(statement(connection, sql, vec![])).await?;
    let runs = rows.iter().map(Run::read).collect::<Result<Vec<_>, _>>()?;
    let mut next = 1;
    for run in &runs {
        if run.first_record != next || run.last_record < next {
            return Err(Damaged::Runs(next).into());
        }
        next = run.last_record + 1;
    }
    if next == until + 1 { Ok(runs) } else { Err(Damaged::Runs(next).into()) }
}

/// Moves the cursor, if it still stands where this history left it.
pub(super) async fn move_cursor(
    tx: &impl ConnectionTrait,
    from: u64,
    to: Position,
) -> Result<(), HistoryFailed> {
    let sql = "INSERT INTO ledger_history_cursor (history, sequence, hash) VALUES (1, $1, $2)
        ON CONFLICT (history) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash
        WHERE ledger_history_cursor.sequence = $3";
    let values = vec![signed(to.sequence).into(), to.hash.to_vec().into(), signed(from).into()];
    let moved = execute(tx, sql, values).await?;
    if moved.rows_affected() == 1 { Ok(()) } else { Err(HistoryFailed::Elsewhere) }
}

/// Lists a run whose blocks are all there; another process that found them unlisted may have deleted them.
pub(super) async fn list(tx: &impl ConnectionTrait, run: &Run) -> Result<(), HistoryFailed> {
    for (table, blocks) in [(Table::Movements, run.blocks), (Table::Days, run.day_blocks)] {
        let sql = format!("SELECT count(*) FROM {} WHERE run = $1", table.name());
        let counted = tx.query_one_raw(statement(tx, &sql, vec![run.run.into()])).await?;
        let counted: i64 = counted.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0);
        if counted != signed(blocks) {
            return Err(HistoryFailed::Elsewhere);
        }
    }
    let sql = "INSERT INTO ledger_history_run
        (run, level, first_record, last_record, movements, blocks, day_blocks, seal)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let mut values: Vec<Value> = run.columns().map(Value::from).to_vec();
    values.push(run.seal().into());
    execute(tx, sql, values).await?;
    Ok(())
}

/// The next run's number, at least `least`: one more than any process has taken.
pub(super) async fn take_number(tx: &impl ConnectionTrait, least: i64) -> Result<i64, DbErr> {
    let sql = "INSERT INTO ledger_history_cursor (history, sequence, hash) VALUES (2, $1, $2)
        ON CONFLICT (history) DO UPDATE SET sequence =
            CASE WHEN ledger_history_cursor.sequence < $1 THEN $1 ELSE ledger_history_cursor.sequence + 1 END
        RETURNING sequence";
    let row = tx.query_one_raw(statement(tx, sql, vec![least.into(), Vec::<u8>::new().into()])).await?;
    row.map(|row| row.try_get_by_index(0)).transpose()?.ok_or(DbErr::RecordNotInserted)
}

/// Whether a run is listed.
pub(super) async fn is_listed(tx: &impl ConnectionTrait, run: i64) -> Result<bool, DbErr> {
    let sql = "SELECT 1 FROM ledger_history_run WHERE run = $1";
    Ok(tx.query_one_raw(statement(tx, sql, vec![run.into()])).await?.is_some())
}

/// Strikes a run off the list; its blocks stay.
pub(super) async fn strike_off(tx: &impl ConnectionTrait, run: i64) -> Result<(), HistoryFailed> {
    let sql = "DELETE FROM ledger_history_run WHERE run = $1";
    let gone = execute(tx, sql, vec![run.into()]).await?;
    if gone.rows_affected() == 1 { Ok(()) } else { Err(HistoryFailed::Elsewhere) }
}

/// Forgets everything.
pub(super) async fn clear(tx: &impl ConnectionTrait) -> Result<(), DbErr> {
    // The last number of a run stays: no process may use one again.
    let tables = [Table::Movements.name(), Table::Days.name()];
    for what in tables.into_iter().chain(["ledger_history_run", "ledger_history_cursor WHERE history = 1"]) {
        tx.execute_unprepared(&format!("DELETE FROM {what}")).await?;
    }
    Ok(())
}

/// Blocks of one statement: as many as make its own cost small.
const ROWS_MAX: usize = 16;

/// Writes blocks.
pub(super) async fn insert_blocks(
    tx: &impl ConnectionTrait,
    table: Table,
    blocks: &[Block],
) -> Result<(), DbErr> {
    for blocks in blocks.chunks(ROWS_MAX) {
        let rows = Places::on(tx).rows(blocks.len(), 4);
        let sql = format!("INSERT INTO {} (run, account, number, bytes) VALUES {rows}", table.name());
        let mut values: Vec<Value> = Vec::with_capacity(blocks.len() * 4);
        for block in blocks {
            let key = [block.run, block.account, block.number];
            values.extend(key.map(Value::from));
            values.push(block.bytes.clone().into());
        }
        execute(tx, &sql, values).await?;
    }
    Ok(())
}

fn block(row: &QueryResult) -> Result<Block, HistoryFailed> {
    let number = |at: usize| row.try_get_by_index::<i64>(at);
    let (run, account, number) = (number(0)?, number(1)?, number(2)?);
    let bytes = row.try_get_by_index(3).map_err(|_| Damaged::Block { run, account, number })?;
    Ok(Block { run, account, number, bytes })
}

const NEWEST: &str = "SELECT run, account, number, bytes FROM $TABLE
    WHERE run = $RUN AND (account, number) <= ($1, $2) ORDER BY account DESC, number DESC LIMIT $LIMIT";

/// Of each of `runs` the block that would hold this movement or day: the last that begins with it or before it.
pub(super) async fn blocks_of(
    connection: &impl ConnectionTrait,
    table: Table,
    runs: impl Iterator<Item = i64>,
    account: u32,
    number: u32,
) -> Result<Vec<Block>, HistoryFailed> {
    let mut values: Vec<Value> = vec![i64::from(account).into(), i64::from(number).into()];
    let mut sql = String::new();
    let newest = NEWEST.replace("$TABLE", table.name()).replace("$LIMIT", "1");
    for run in runs {
        values.push(run.into());
        let one = newest.replace("$RUN", &format!("${}", values.len()));
        let union = if sql.is_empty() { "" } else { " UNION ALL " };
        sql.push_str(&format!("{union}SELECT * FROM ({one}) AS of_{}", values.len()));
    }
    let rows = connection.query_all_raw(statement(connection, &sql, values)).await?;
    rows.iter().map(block).collect()
}

/// The last `limit` blocks of a run that begin with this movement or day or before it, the last first.
pub(super) async fn blocks_until(
    connection: &impl ConnectionTrait,
    table: Table,
    run: i64,
    (account, number): (i64, i64),
    limit: u32,
) -> Result<Vec<Block>, HistoryFailed> {
    let sql =
        NEWEST.replace("$TABLE", table.name()).replace("$RUN", "$3").replace("$LIMIT", &limit.to_string());
    let values = vec![account.into(), number.into(), run.into()];
    let rows = connection.query_all_raw(statement(connection, &sql, values)).await?;
    rows.iter().map(block).collect()
}

/// The first `limit` blocks of a run that begin after this movement or day.
pub(super) async fn blocks_after(
    connection: &impl ConnectionTrait,
    table: Table,
    run: i64,
    (account, number): (i64, i64),
    limit: usize,
) -> Result<Vec<Block>, HistoryFailed> {
    let sql = format!(
        "SELECT run, account, number, bytes FROM {}
            WHERE run = $1 AND (account, number) > ($2, $3) ORDER BY account, number LIMIT {limit}",
        table.name()
    );
    let values = vec![run.into(), account.into(), number.into()];
    let rows = connection.query_all_raw(statement(connection, &sql, values)).await?;
    rows.iter().map(block).collect()
}

/// Deletes about `limit` blocks of a run, its days first; tells whether any are left.
pub(super) async fn delete_blocks(tx: &impl ConnectionTrait, run: i64, limit: usize) -> Result<bool, DbErr> {
    for table in [Table::Days, Table::Movements] {
        let table = table.name();
        let sql = format!(
            "SELECT account, number FROM {table} WHERE run = $1 ORDER BY account, number LIMIT 1 OFFSET {limit}"
        );
        if let Some(row) = tx.query_one_raw(statement(tx, &sql, vec![run.into()])).await? {
            let (account, number): (i64, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            let sql = format!("DELETE FROM {table} WHERE run = $1 AND (account, number) < ($2, $3)");
            execute(tx, &sql, vec![run.into(), account.into(), number.into()]).await?;
            return Ok(true);
        }
        execute(tx, &format!("DELETE FROM {table} WHERE run = $1"), vec![run.into()]).await?;
    }
    Ok(false)
}

/// All runs that have blocks, listed or not. One seek per run.
pub(super) async fn runs_of_blocks(connection: &impl ConnectionTrait) -> Result<Vec<i64>, DbErr> {
    let mut runs: Vec<i64> = Vec::new();
    loop {
        let sql = "SELECT run FROM ledger_history_block WHERE run > $1 ORDER BY run LIMIT 1";
        let after = runs.last().copied().unwrap_or(i64::MIN);
        let Some(row) = connection.query_one_raw(statement(connection, sql, vec![after.into()])).await?
        else {
            return Ok(runs);
        };
        runs.push(row.try_get_by_index(0)?);
    }
}

/// Bytes of all blocks.
#[cfg(test)]
pub(super) async fn bytes(connection: &impl ConnectionTrait) -> Result<u64, DbErr> {
    let sql = "SELECT CAST(sum(length(bytes)) AS BIGINT) FROM ledger_history_block";
    let row = connection.query_one_raw(statement(connection, sql, vec![])).await?;
    let bytes: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0);
    Ok(u64::try_from(bytes).unwrap_or(0))
}
