//! Packed bytes are not compressed once more, where the database can be told so.

use db::{Db, Kind};
use sea_orm::{ConnectionTrait, DbErr, Statement};

/// Columns that hold what is packed already: compressing it costs time and saves little.
const PACKED: [(&str, &str); 5] = [
    ("ledger_record", "record"),
    ("ledger_history_block", "bytes"),
    ("ledger_history_day", "bytes"),
    ("ledger_id_block", "bytes"),
    ("ledger_id_filter", "bytes"),
];

/// Tells PostgreSQL. Databases that speak its protocol and store otherwise do not know the statement, which is why it is
/// in no migration; there nothing is lost.
pub(crate) async fn keep_plain(db: &Db) {
    if db.kind() != Kind::Postgres {
        return;
    }
    for (table, column) in PACKED {
        if let Err(error) = keep_column_plain(db, table, column).await {
            tracing::debug!(table, column, %error, "the database is not told how to store what is packed");
        }
    }
}

async fn keep_column_plain(db: &Db, table: &'static str, column: &'static str) -> Result<(), DbErr> {
    let sql = "SELECT 1 FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
        WHERE c.relname = $1 AND a.attname = $2 AND a.attstorage = 'x'";
    let reader = db.reader();
    let values = [table.into(), column.into()];
    let statement = Statement::from_sql_and_values(reader.get_database_backend(), sql, values);
    if reader.query_one_raw(statement).await?.is_none() {
        return Ok(());
    }
    db.write(move |tx| {
        let sql = format!("ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTERNAL");
        Box::pin(async move { tx.execute_unprepared(&sql).await.map(|_| ()) })
    })
    .await
}
