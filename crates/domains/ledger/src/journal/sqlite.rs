//! The journal in a SQLite file: WAL, `synchronous=FULL`, exclusive lock, one connection.

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteLockingMode, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, Row as _};
use tokio::sync::Mutex;

use super::{AppendFailed, Journal, Position, ReadFailed, Row};
use crate::record::Sealed;

/// How many rows are read in one question at most; a question is one turn on the only connection.
const ROWS_READ_MAX: i64 = 512;

/// A journal in a SQLite file.
pub struct SqliteJournal {
    connection: Mutex<Option<SqliteConnection>>,
}

impl SqliteJournal {
    /// Opens a file for reading and appending, once its tables are up to date. No other connection can read or
    /// write it meanwhile.
    ///
    /// # Errors
    /// The file cannot be opened or is in use.
    pub async fn open(file: &Path) -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .page_size(16_384)
            .locking_mode(SqliteLockingMode::Exclusive)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(1))
            .pragma("cache_size", "-8192")
            .pragma("journal_size_limit", "67108864")
            .disable_statement_logging();
        Self::connect(options).await
    }

    /// Opens a file for reading alone.
    ///
    /// # Errors
    /// The file cannot be opened or is in use.
    pub async fn open_read_only(file: &Path) -> Result<Self, sqlx::Error> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .read_only(true)
            .busy_timeout(Duration::from_secs(5))
            .disable_statement_logging();
        Self::connect(options).await
    }

    async fn connect(options: SqliteConnectOptions) -> Result<Self, sqlx::Error> {
        let mut connection = options.connect().await?;
        check_schema(&mut connection).await?;
        Ok(Self { connection: Mutex::new(Some(connection)) })
    }
}

/// The definitions of tables must be text: the driver's thread ends in a panic where a declared type is not, and
/// whoever asks it next may wait for ever.
async fn check_schema(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let sql = "SELECT CAST(sql AS BLOB) FROM sqlite_schema WHERE sql IS NOT NULL";
    let definitions: Vec<Vec<u8>> = sqlx::query_scalar(sql).fetch_all(&mut *connection).await?;
    if definitions.iter().all(|definition| std::str::from_utf8(definition).is_ok()) {
        return Ok(());
    }
    Err(sqlx::Error::Protocol("the definitions of its tables are damaged; restore the file".to_owned()))
}

fn row(row: &SqliteRow) -> Result<Row, ReadFailed> {
    let sequence: i64 = row.try_get(0)?;
    let damaged = |column: &str| {
        let what = format!("the column `{column}` does not hold what it should");
        ReadFailed::Damaged { sequence, what }
    };
    let epoch: i64 = row.try_get(1).map_err(|_| damaged("epoch"))?;
    Ok(Row {
        sequence: u64::try_from(sequence).map_err(|_| damaged("sequence"))?,
        epoch: u64::try_from(epoch).map_err(|_| damaged("epoch"))?,
        hash: row.try_get(2).map_err(|_| damaged("hash"))?,
        record: row.try_get(3).map_err(|_| damaged("record"))?,
    })
}

#[async_trait]
impl Journal for SqliteJournal {
    fn store(&self) -> &'static str {
        "sqlite"
    }

    /// The lock on the file is held for as long as it is open.
    fn is_shared(&self) -> bool {
        false
    }

    async fn head(&self) -> Result<Position, ReadFailed> {
        let mut guard = self.connection.lock().await;
        let connection = guard.as_mut().ok_or(ReadFailed::Away)?;
        let sql = "SELECT sequence, epoch, hash, x'' FROM ledger_record ORDER BY sequence DESC LIMIT 1";
        let Some(last) = sqlx::query(sql).fetch_optional(connection).await? else {
            return Ok(Position::default());
        };
        super::position(&row(&last)?)
    }

    async fn append(&self, after: Position, record: &Sealed) -> Result<(), AppendFailed> {
        let mut guard = self.connection.lock().await;
        let unclear = |error: ReadFailed| AppendFailed::Unclear(Box::new(error));
        let connection = guard.as_mut().ok_or_else(|| unclear(ReadFailed::Away))?;
        // One statement is one transaction: compare and append cannot come apart.
        let sql = "INSERT INTO ledger_record (sequence, epoch, hash, record) SELECT ?1, ?2, ?3, ?4
            WHERE coalesce((SELECT sequence FROM ledger_record ORDER BY sequence DESC LIMIT 1), 0) = ?5
              AND (?5 = 0 OR EXISTS (
                  SELECT 1 FROM ledger_record WHERE sequence = ?5 AND epoch = ?6 AND hash = ?7))";
        let appended = sqlx::query(sql)
            .bind(super::signed(record.sequence))
            .bind(super::signed(record.epoch))
            .bind(record.hash.as_slice())
            .bind(record.bytes.as_slice())
            .bind(super::signed(after.sequence))
            .bind(super::signed(after.epoch))
            .bind(after.hash.as_slice())
            .execute(connection)
            .await;
        super::appended(appended.map(|done| done.rows_affected()))
    }

    async fn read(&self, after: u64, bytes: usize) -> Result<Vec<Row>, ReadFailed> {
        let mut guard = self.connection.lock().await;
        let connection = guard.as_mut().ok_or(ReadFailed::Away)?;
        let sizes = "SELECT sequence, length(record) FROM ledger_record WHERE sequence > ?1
            ORDER BY sequence LIMIT ?2";
        let sizes = sqlx::query(sizes)
            .bind(super::signed(after))
            .bind(ROWS_READ_MAX)
            .fetch_all(&mut *connection)
            .await?;
        let sizes = sizes.iter().map(|row| (row.get_unchecked(0), row.get_unchecked(1)));
        let Some(last) = super::last_within(sizes, bytes) else { return Ok(Vec::new()) };
        let sql = "SELECT sequence, epoch, hash, record FROM ledger_record
            WHERE sequence > ?1 AND sequence <= ?2 ORDER BY sequence";
        let rows = sqlx::query(sql).bind(super::signed(after)).bind(last).fetch_all(connection).await?;
        rows.iter().map(row).collect()
    }

    async fn positions(&self, after: u64) -> Result<Vec<Position>, ReadFailed> {
        let mut guard = self.connection.lock().await;
        let connection = guard.as_mut().ok_or(ReadFailed::Away)?;
        let sql = "SELECT sequence, epoch, hash, x'' FROM ledger_record WHERE sequence > ?1
            ORDER BY sequence LIMIT ?2";
        let rows =
            sqlx::query(sql).bind(super::signed(after)).bind(ROWS_READ_MAX).fetch_all(connection).await?;
        rows.iter().map(|found| super::position(&row(found)?)).collect()
    }

    async fn count(&self, until: u64) -> Result<u64, ReadFailed> {
        let mut guard = self.connection.lock().await;
        let connection = guard.as_mut().ok_or(ReadFailed::Away)?;
        let sql = "SELECT count(*) FROM ledger_record WHERE sequence <= ?1";
        let row = sqlx::query(sql).bind(super::signed(until)).fetch_one(connection).await?;
        Ok(u64::try_from(row.try_get::<i64, _>(0)?).unwrap_or(0))
    }

    async fn close(&self) {
        if let Some(connection) = self.connection.lock().await.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the journal did not close cleanly");
        }
    }
}
