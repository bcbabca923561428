//! The journal in a PostgreSQL-wire database.

use async_trait::async_trait;
use sqlx::Row as _;
use sqlx::postgres::{PgPool, PgRow};

use super::{AppendFailed, Journal, Position, ReadFailed, Row};
use crate::record::Sealed;

const ROWS_READ_MAX: i64 = 512;

/// A journal in a PostgreSQL-wire database whose tables are up to date.
pub struct PostgresJournal {
    pool: PgPool,
}

impl PostgresJournal {
    /// On this pool, which is closed by its owner.
    #[must_use]
    pub const fn new(pool: PgPool) -> Self {
        Self { pool }
    }
}

fn row(row: &PgRow) -> Result<Row, ReadFailed> {
    let sequence: i64 = row.try_get(0)?;
    let damaged = |column: &str| {
        let what = format!("the column `{column}` does not hold what it should");
        ReadFailed::Damaged { sequence, what }
    };
    let epoch: i64 = row.try_get(1)?;
    Ok(Row {
        sequence: u64::try_from(sequence).map_err(|_| damaged("sequence"))?,
        epoch: u64::try_from(epoch).map_err(|_| damaged("epoch"))?,
        hash: row.try_get(2)?,
        record: row.try_get(3)?,
    })
}

#[async_trait]
impl Journal for PostgresJournal {
    fn store(&self) -> &'static str {
        "postgres"
    }

    async fn head(&self) -> Result<Position, ReadFailed> {
        let sql = "SELECT sequence, epoch, hash, ''::bytea FROM ledger_record ORDER BY sequence DESC LIMIT 1";
        let Some(last) = sqlx::query(sql).fetch_optional(&self.pool).await? else {
            return Ok(Position::default());
        };
        super::position(&row(&last)?)
    }

    async fn append(&self, after: Position, record: &Sealed) -> Result<(), AppendFailed> {
        // The row before must be the one we know; the primary key lets only one writer follow it.
        let sql = "INSERT INTO ledger_record (sequence, epoch, hash, record) SELECT $1, $2, $3, $4
            WHERE ($5 = 0 AND NOT EXISTS (SELECT 1 FROM ledger_record))
               OR EXISTS (SELECT 1 FROM ledger_record WHERE sequence = $5 AND epoch = $6 AND hash = $7)";
        let appended = sqlx::query(sql)
            .bind(super::signed(record.sequence))
            .bind(super::signed(record.epoch))
            .bind(record.hash.as_slice())
            .bind(record.bytes.as_slice())
            .bind(super::signed(after.sequence))
            .bind(super::signed(after.epoch))
            .bind(after.hash.as_slice())
            .execute(&self.pool)
            .await;
        super::appended(appended.map(|done| done.rows_affected()))
    }

    async fn read(&self, after: u64, bytes: usize) -> Result<Vec<Row>, ReadFailed> {
        let sizes = "SELECT sequence, octet_length(record)::bigint FROM ledger_record WHERE sequence > $1
            ORDER BY sequence LIMIT $2";
        let sizes =
            sqlx::query(sizes).bind(super::signed(after)).bind(ROWS_READ_MAX).fetch_all(&self.pool).await?;
        let sizes = sizes.iter().map(|row| (row.get_unchecked(0), row.get_unchecked(1)));
        let Some(last) = super::last_within(sizes, bytes) else { return Ok(Vec::new()) };
        let sql = "SELECT sequence, epoch, hash, record FROM ledger_record
            WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence";
        let rows = sqlx::query(sql).bind(super::signed(after)).bind(last).fetch_all(&self.pool).await?;
        rows.iter().map(row).collect()
    }

    async fn positions(&self, after: u64) -> Result<Vec<Position>, ReadFailed> {
        let sql = "SELECT sequence, epoch, hash, ''::bytea FROM ledger_record WHERE sequence > $1
            ORDER BY sequence LIMIT $2";
        let rows =
            sqlx::query(sql).bind(super::signed(after)).bind(ROWS_READ_MAX).fetch_all(&self.pool).await?;
        rows.iter().map(|found| super::position(&row(found)?)).collect()
    }

    async fn count(&self, until: u64) -> Result<u64, ReadFailed> {
        let sql = "SELECT count(*) FROM ledger_record WHERE sequence <= $1";
        let row = sqlx::query(sql).bind(super::signed(until)).fetch_one(&self.pool).await?;
        Ok(u64::try_from(row.try_get::<i64, _>(0)?).unwrap_or(0))
    }

    async fn close(&self) {}
}
