//! All SQL of the record.

mod append;
mod search;
mod tree;

use proofs::Hash;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};

pub(crate) use append::{End, append};
pub(crate) use search::{Query, page, unmasked_count};
pub(crate) use tree::{head, root_over, tiles};

/// A record as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) number: u64,
    pub(crate) id: Vec<u8>,
    pub(crate) actor: Vec<u8>,
    pub(crate) action: String,
    pub(crate) record: Vec<u8>,
}

pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(row: &QueryResult, at: usize) -> Result<u64, DbErr> {
    let number: i64 = row.try_get_by_index(at)?;
    u64::try_from(number).map_err(|_| DbErr::Type(format!("column {at} is negative")))
}

fn hashes(bytes: &[u8]) -> Option<Vec<Hash>> {
    let (hashes, rest) = bytes.as_chunks::<32>();
    rest.is_empty().then(|| hashes.to_vec())
}

async fn rows(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<QueryResult>, DbErr> {
    let backend = connection.get_database_backend();
    connection.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await
}

/// Gives how many rows were changed.
async fn execute(connection: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Result<u64, DbErr> {
    let backend = connection.get_database_backend();
    let done = connection.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(done.rows_affected())
}

fn read(row: &QueryResult) -> Result<Row, DbErr> {
    Ok(Row {
        number: unsigned(row, 0)?,
        id: row.try_get_by_index(1)?,
        actor: row.try_get_by_index(2)?,
        action: row.try_get_by_index(3)?,
        record: row.try_get_by_index(4)?,
    })
}

/// The records from `first` on, in order, at most `limit`.
pub(crate) async fn from(
    connection: &impl ConnectionTrait,
    first: u64,
    limit: u64,
) -> Result<Vec<Row>, DbErr> {
    let sql = "SELECT number, id, actor, action, record FROM audit_record \
               WHERE number >= $1 ORDER BY number LIMIT $2";
    let found = rows(connection, sql, vec![signed(first).into(), signed(limit).into()]).await?;
    found.iter().map(read).collect()
}

/// Who is noted as named in a block, sorted.
pub(crate) async fn named(connection: &impl ConnectionTrait, block: u64) -> Result<Vec<Vec<u8>>, DbErr> {
    let sql = "SELECT key FROM audit_named WHERE block = $1 ORDER BY key";
    let found = rows(connection, sql, vec![signed(block).into()]).await?;
    found.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// The last block of which it is noted who is named in it.
pub(crate) async fn last_named(connection: &impl ConnectionTrait) -> Result<Option<u64>, DbErr> {
    let found = rows(connection, "SELECT block FROM audit_named ORDER BY block DESC LIMIT 1", vec![]).await?;
    found.first().map(|row| unsigned(row, 0)).transpose()
}

/// Keeps a checkpoint of `count` records; the first of a count stands.
pub(crate) async fn keep_checkpoint(
    connection: &impl ConnectionTrait,
    count: u64,
    line: &str,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO audit_checkpoint (count, line) VALUES ($1, $2) ON CONFLICT (count) DO NOTHING";
    execute(connection, sql, vec![signed(count).into(), line.into()]).await.map(|_| ())
}

/// The checkpoints from `first` records on, in order, at most `limit`: of how many records, and the line.
pub(crate) async fn checkpoints(
    connection: &impl ConnectionTrait,
    first: u64,
    limit: u64,
) -> Result<Vec<(u64, String)>, DbErr> {
    let sql = "SELECT count, line FROM audit_checkpoint WHERE count >= $1 ORDER BY count LIMIT $2";
    let found = rows(connection, sql, vec![signed(first).into(), signed(limit).into()]).await?;
    found.iter().map(|row| Ok((unsigned(row, 0)?, row.try_get_by_index(1)?))).collect()
}

/// The newest checkpoint.
pub(crate) async fn last_checkpoint(
    connection: &impl ConnectionTrait,
) -> Result<Option<(u64, String)>, DbErr> {
    let sql = "SELECT count, line FROM audit_checkpoint ORDER BY count DESC LIMIT 1";
    let found = rows(connection, sql, vec![]).await?;
    found.first().map(|row| Ok((unsigned(row, 0)?, row.try_get_by_index(1)?))).transpose()
}
