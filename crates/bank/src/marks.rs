//! What is to be known of the books as a whole. It lies with them, so that every process that serves them knows it.

use db::{Db, Migrations};
use sea_orm::{ConnectionTrait, DbErr, Statement};

pub(crate) const MIGRATIONS: Migrations = db::migrations!("bank", "0001_mark");

/// The books were generated: the pages say so.
const DEMONSTRATION: &str = "demonstration";

pub(crate) async fn mark_as_demonstration(db: &Db) -> Result<(), DbErr> {
    db.write(|tx| {
        Box::pin(async move {
            let sql = "INSERT INTO bank_mark (name) VALUES ($1) ON CONFLICT DO NOTHING";
            let backend = tx.get_database_backend();
            tx.execute_raw(Statement::from_sql_and_values(backend, sql, [DEMONSTRATION.into()]))
                .await
                .map(|_| ())
        })
    })
    .await
}

pub(crate) async fn is_demonstration(db: &Db) -> Result<bool, DbErr> {
    let reader = db.reader();
    let sql = "SELECT 1 FROM bank_mark WHERE name = $1";
    let backend = reader.get_database_backend();
    let found = reader.query_one_raw(Statement::from_sql_and_values(backend, sql, [DEMONSTRATION.into()]));
    Ok(found.await?.is_some())
}
