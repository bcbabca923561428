//! The generations that have been in use, and what depends on them.

use clock::Timestamp;
use db::Db;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};

use super::{number_of, subject_of};
use crate::Subject;

/// A generation that has been in use here.
pub(crate) struct Known {
    pub(crate) number: u32,
    pub(crate) fingerprint: [u8; 16],
    pub(crate) created_at: i64,
    pub(crate) retired_at: Option<i64>,
}

/// What came of an attempt to retire a generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retired {
    /// It is retired, now or since before.
    Done,
    /// It was never in use here.
    Unknown,
    /// It is the one that wraps what is new.
    Newest,
    /// It still wraps something.
    Used,
}

/// The newest generation in use: the one that wraps what is new.
pub(super) async fn newest(reader: &impl ConnectionTrait) -> Result<Option<u32>, DbErr> {
    let sql = "SELECT number FROM keys_generation ORDER BY number DESC LIMIT 1";
    let row = reader.query_one_raw(Statement::from_string(reader.get_database_backend(), sql)).await?;
    row.map(|row| number_of(&row, 0)).transpose()
}

/// All of them, by number.
pub(crate) async fn all(db: &Db) -> Result<Vec<Known>, DbErr> {
    all_from(db.reader()).await
}

async fn all_from(reader: &impl ConnectionTrait) -> Result<Vec<Known>, DbErr> {
    let sql = "SELECT fingerprint, number, created_at, retired_at FROM keys_generation ORDER BY number";
    let rows = reader.query_all_raw(Statement::from_string(reader.get_database_backend(), sql)).await?;
    let known = |row: &QueryResult| {
        let Subject(fingerprint) = subject_of(row)?;
        let (created_at, retired_at) = (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
        Ok(Known { number: number_of(row, 1)?, fingerprint, created_at, retired_at })
    };
    rows.iter().map(known).collect()
}

/// Remembers the generation with which a bank begins, unless one is remembered already; gives those that hold now.
pub(crate) async fn begin(
    db: &Db,
    number: u32,
    fingerprint: [u8; 16],
    at: Timestamp,
) -> Result<Vec<Known>, DbErr> {
    db.write(move |tx| {
        Box::pin(async move {
            if newest(tx).await?.is_none() {
                insert(tx, number, fingerprint, at).await?;
            }
            all_from(tx).await
        })
    })
    .await
}

/// Takes a generation into use: from now on it wraps what is new. Whether it is newer than all before.
pub(crate) async fn add(db: &Db, number: u32, fingerprint: [u8; 16], at: Timestamp) -> Result<bool, DbErr> {
    db.write(move |tx| {
        Box::pin(async move {
            let newer = newest(tx).await?.is_none_or(|newest| newest < number);
            if newer {
                insert(tx, number, fingerprint, at).await?;
            }
            Ok::<bool, DbErr>(newer)
        })
    })
    .await
}

async fn insert(
    tx: &impl ConnectionTrait,
    number: u32,
    fingerprint: [u8; 16],
    at: Timestamp,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO keys_generation (number, fingerprint, created_at) VALUES ($1, $2, $3)";
    let values: [Value; 3] =
        [i64::from(number).into(), fingerprint.to_vec().into(), at.as_microsecond().into()];
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Retires a generation that wraps nothing any more.
pub(crate) async fn retire(db: &Db, number: u32, at: Timestamp) -> Result<Retired, DbErr> {
    db.write(move |tx| {
        Box::pin(async move {
            let known = all_from(tx).await?;
            if !known.iter().any(|known| known.number == number) {
                return Ok::<Retired, DbErr>(Retired::Unknown);
            }
            if known.last().is_some_and(|newest| newest.number == number) {
                return Ok(Retired::Newest);
            }
            let backend = tx.get_database_backend();
            let number = i64::from(number);
            let used = "SELECT 1 FROM keys_data_key WHERE generation = $1 AND wrapped IS NOT NULL LIMIT 1";
            let used = Statement::from_sql_and_values(backend, used, [number.into()]);
            if tx.query_one_raw(used).await?.is_some() {
                return Ok(Retired::Used);
            }
            let sql = "UPDATE keys_generation SET retired_at = $1 WHERE number = $2 AND retired_at IS NULL";
            let values: [Value; 2] = [at.as_microsecond().into(), number.into()];
            tx.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
            Ok(Retired::Done)
        })
    })
    .await
}

/// How many data keys each generation wraps, and how many are destroyed.
pub(crate) async fn counts(db: &Db) -> Result<(Vec<(u32, u64)>, u64), DbErr> {
    let reader = db.reader();
    let ask = |sql: &str| Statement::from_string(reader.get_database_backend(), sql);
    let count = |row: &QueryResult, index: usize| {
        let count: i64 = row.try_get_by_index(index)?;
        u64::try_from(count).map_err(|_| DbErr::Type("a count is negative".to_owned()))
    };
    let wrapped =
        "SELECT generation, COUNT(*) FROM keys_data_key WHERE wrapped IS NOT NULL GROUP BY generation";
    let rows = reader.query_all_raw(ask(wrapped)).await?;
    let wrapped = rows.iter().map(|row| Ok((number_of(row, 0)?, count(row, 1)?)));
    let wrapped = wrapped.collect::<Result<Vec<_>, DbErr>>()?;
    let destroyed = "SELECT COUNT(*) FROM keys_data_key WHERE wrapped IS NULL";
    let destroyed = reader.query_one_raw(ask(destroyed)).await?;
    let destroyed = destroyed.map(|row| count(&row, 0)).transpose()?.unwrap_or_default();
    Ok((wrapped, destroyed))
}
