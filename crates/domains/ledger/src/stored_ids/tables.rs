//! The tables of stored ids.

use std::sync::Arc;

use db::{Db, Kind, Places};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, Statement, Value};

use super::layout::{Outline, digest};
use crate::model::{Location, Minted};

/// Rows of one statement.
const ROWS_MAX: usize = 64;

/// Which rows of a generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rows {
    Blocks,
    Filter,
}

impl Rows {
    const fn table(self) -> &'static str {
        match self {
            Self::Blocks => "ledger_id_block",
            Self::Filter => "ledger_id_filter",
        }
    }
}

/// A row that is to be written: number and bytes.
pub(super) type Written = (i64, Vec<u8>);

fn check_of(rows: Rows, number: i64, bytes: &[u8]) -> [u8; 16] {
    digest(&[rows.table().as_bytes(), &number.to_be_bytes(), bytes])
}

/// Every generation that has a row, in the order of their numbers; `Err` for one whose row is damaged.
pub(super) async fn generations(db: &impl ConnectionTrait) -> Result<Vec<Result<Outline, i64>>, DbErr> {
    let sql = "SELECT generation, from_location, until_location, head_hash, outline, digest
        FROM ledger_id_generation ORDER BY generation";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    rows.iter()
        .map(|row| {
            let number: i64 = row.try_get_by_index(0)?;
            let location =
                |at: usize| row.try_get_by_index(at).map(|bits: i64| Location::from_bits(bits as u64));
            let mut outline = Outline {
                number: u32::try_from(number).unwrap_or(0),
                from: location(1)?,
                until: location(2)?,
                head_hash: row.try_get_by_index(3)?,
                ids: 0,
                minted: Minted::default(),
                base: Location::from_bits(0),
                location_bytes: 0,
                block_bits: 0,
                lines: 0,
            };
            let (bytes, check): (Vec<u8>, Vec<u8>) = (row.try_get_by_index(4)?, row.try_get_by_index(5)?);
            let sound = number > 0 && outline.decode(&bytes).is_ok() && outline.digest().as_slice() == check;
            Ok(if sound { Ok(outline) } else { Err(number) })
        })
        .collect()
}

/// Whether the tables are there: an older program's data may be looked at that has them not.
pub(super) async fn exist(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let sql = "SELECT 1 FROM schema_step WHERE domain = 'ledger_derived' AND name = '0004_ids'";
    let statement = Statement::from_string(db.get_database_backend(), sql);
    Ok(db.query_one_raw(statement).await.is_ok_and(|row| row.is_some()))
}

/// Reads rows by their numbers; what is missing or fails its check is left out.
pub(super) async fn read(
    db: &impl ConnectionTrait,
    rows: Rows,
    numbers: &[i64],
) -> Result<Vec<Written>, DbErr> {
    let backend = db.get_database_backend();
    let places = Places::on(db).list(numbers.len());
    let sql = format!("SELECT number, bytes, digest FROM {} WHERE number IN {places}", rows.table());
    let values: Vec<Value> = numbers.iter().map(|number| (*number).into()).collect();
    let found = db.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    let mut sound = Vec::with_capacity(found.len());
    for row in &found {
        let number: i64 = row.try_get_by_index(0)?;
        let (bytes, check): (Vec<u8>, Vec<u8>) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
        if check_of(rows, number, &bytes).as_slice() == check {
            sound.push((number, bytes));
        }
    }
    Ok(sound)
}

/// Writes rows of a generation in one transaction.
pub(super) async fn write(db: &Db, blocks: Vec<Written>, filter: Vec<Written>) -> Result<(), DbErr> {
    let kind = db.kind();
    let rows = Arc::new([(Rows::Blocks, blocks), (Rows::Filter, filter)]);
    db.write(move |tx| {
        let rows = Arc::clone(&rows);
        Box::pin(async move {
            hurry(tx, kind).await?;
            for (table, rows) in rows.iter() {
                for rows in rows.chunks(ROWS_MAX) {
                    insert(tx, *table, rows).await?;
                }
            }
            Ok::<(), DbErr>(())
        })
    })
    .await
}

/// Writes the row that makes a generation exist, and lets go of those that it takes the place of.
pub(super) async fn finish(db: &Db, outline: &Outline, instead_of: Vec<i64>) -> Result<(), DbErr> {
    let (kind, outline, instead_of) = (db.kind(), Arc::new(outline.clone()), Arc::new(instead_of));
    db.write(move |tx| {
        let (outline, instead_of) = (Arc::clone(&outline), Arc::clone(&instead_of));
        Box::pin(async move {
            hurry(tx, kind).await?;
            all_written(tx, &outline).await?;
            forget_in(tx, &instead_of).await?;
            let sql = "INSERT INTO ledger_id_generation
                (generation, from_location, until_location, head_hash, outline, digest)
                VALUES ($1, $2, $3, $4, $5, $6)";
            let location = |location: Location| i64::try_from(location.to_bits()).unwrap_or(i64::MAX);
            let values = [
                i64::from(outline.number).into(),
                location(outline.from).into(),
                location(outline.until).into(),
                outline.head_hash.clone().into(),
                outline.encode().into(),
                outline.digest().to_vec().into(),
            ];
            let backend = tx.get_database_backend();
            tx.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await.map(|_| ())
        })
    })
    .await
}

/// Another process that opened the book meanwhile may have taken what was written for the half of a generation.
async fn all_written(tx: &DatabaseTransaction, outline: &Outline) -> Result<(), DbErr> {
    let sql = "SELECT count(*) FROM ledger_id_block WHERE number >= $1 AND number < $2";
    let (from, until) = (outline.row(0), outline.row(0) + (1 << 32));
    let backend = tx.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, [from.into(), until.into()]);
    let found: i64 = match tx.query_one_raw(statement).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => 0,
    };
    if found == i64::from(outline.blocks()) {
        Ok(())
    } else {
        Err(DbErr::Custom("another process has opened the book and removed what was written".to_owned()))
    }
}

/// Lets go of generations.
pub(super) async fn forget(db: &Db, numbers: Vec<i64>) -> Result<(), DbErr> {
    let numbers = Arc::new(numbers);
    db.write(move |tx| {
        let numbers = Arc::clone(&numbers);
        Box::pin(async move { forget_in(tx, &numbers).await })
    })
    .await
}

/// Lets go of rows that belong to none of these generations: whoever wrote them did not come to an end.
pub(super) async fn forget_halves(db: &Db, generations: &[i64]) -> Result<(), DbErr> {
    for rows in [Rows::Blocks, Rows::Filter] {
        let mut from = 0_i64;
        loop {
            let sql =
                format!("SELECT number FROM {} WHERE number >= $1 ORDER BY number LIMIT 1", rows.table());
            let backend = db.reader().get_database_backend();
            let first = Statement::from_sql_and_values(backend, sql, [from.into()]);
            let Some(row) = db.reader().query_one_raw(first).await? else { break };
            let generation = row.try_get_by_index::<i64>(0)? >> 32;
            if !generations.contains(&generation) {
                forget(db, vec![generation]).await?;
            }
            from = (generation + 1) << 32;
        }
    }
    Ok(())
}

async fn forget_in(tx: &DatabaseTransaction, numbers: &[i64]) -> Result<(), DbErr> {
    for number in numbers {
        let sql = "DELETE FROM ledger_id_generation WHERE generation = $1";
        let backend = tx.get_database_backend();
        tx.execute_raw(Statement::from_sql_and_values(backend, sql, [(*number).into()])).await?;
        delete_rows(tx, u32::try_from(*number).unwrap_or(0)).await?;
    }
    Ok(())
}

async fn delete_rows(tx: &DatabaseTransaction, number: u32) -> Result<(), DbErr> {
    let (from, until) = (i64::from(number) << 32, (i64::from(number) + 1) << 32);
    for rows in [Rows::Blocks, Rows::Filter] {
        let sql = format!("DELETE FROM {} WHERE number >= $1 AND number < $2", rows.table());
        let backend = tx.get_database_backend();
        tx.execute_raw(Statement::from_sql_and_values(backend, sql, [from.into(), until.into()])).await?;
    }
    Ok(())
}

/// What can be made anew need not wait for the disk.
async fn hurry(tx: &DatabaseTransaction, kind: Kind) -> Result<(), DbErr> {
    if kind == Kind::Postgres {
        tx.execute_unprepared("SET LOCAL synchronous_commit TO OFF").await?;
    }
    Ok(())
}

async fn insert(tx: &DatabaseTransaction, table: Rows, rows: &[Written]) -> Result<(), DbErr> {
    let backend = tx.get_database_backend();
    let places = Places::on(tx).rows(rows.len(), 3);
    let sql = format!("INSERT INTO {} (number, bytes, digest) VALUES {places}", table.table());
    let mut values: Vec<Value> = Vec::with_capacity(rows.len() * 3);
    for (number, bytes) in rows {
        let check = check_of(table, *number, bytes).to_vec();
        values.extend([(*number).into(), bytes.clone().into(), check.into()]);
    }
    tx.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await.map(|_| ())
}
