//! Data keys that an older generation wraps, and their exchange.

use db::{Db, Places};
use sea_orm::{ConnectionTrait, DbErr, Statement, Value};

use super::{ROWS_MAX, Stored, stored_of};
use crate::Subject;

/// The next of the data keys that a generation before `newest` wraps, by generation and subject, behind `after`; at most
/// as many as one statement takes.
pub(crate) async fn older(db: &Db, newest: u32, after: Option<(u32, Subject)>) -> Result<Vec<Stored>, DbErr> {
    let (generation, subject) = after.unwrap_or((0, Subject([0; 16])));
    let sql = format!(
        "SELECT subject, generation, wrapped FROM keys_data_key \
         WHERE wrapped IS NOT NULL AND generation < $1 AND (generation, subject) > ($2, $3) \
         ORDER BY generation, subject LIMIT {ROWS_MAX}"
    );
    let values: [Value; 3] =
        [i64::from(newest).into(), i64::from(generation).into(), subject.bytes().to_vec().into()];
    let reader = db.reader();
    let statement = Statement::from_sql_and_values(reader.get_database_backend(), sql, values);
    reader.query_all_raw(statement).await?.iter().map(stored_of).collect()
}

/// One data key under its old and its new wrapping.
#[derive(Clone)]
pub(crate) struct Exchange {
    pub(crate) subject: Subject,
    pub(crate) old: Vec<u8>,
    pub(crate) new: Vec<u8>,
}

/// Exchanges wrappings, all in one transaction; how many were. One that was destroyed or exchanged meanwhile stays as it
/// is: only what is still wrapped as it was read is changed. `None`, and nothing is changed, where `newest` is retired.
pub(crate) async fn exchange(db: &Db, exchanges: Vec<Exchange>, newest: u32) -> Result<Option<u64>, DbErr> {
    if exchanges.is_empty() {
        return Ok(Some(0));
    }
    db.write_by_statement(move |tx| {
        let exchanges = exchanges.clone();
        Box::pin(async move {
            let backend = tx.get_database_backend();
            // The row is changed, not only read: so this and its retirement wait for each other, and what comes second
            // sees what the first one did.
            let held =
                "UPDATE keys_generation SET created_at = created_at WHERE number = $1 AND retired_at IS NULL";
            let held = Statement::from_sql_and_values(backend, held, [i64::from(newest).into()]);
            if tx.execute_raw(held).await?.rows_affected() == 0 {
                return Ok::<_, DbErr>(None);
            }
            let mut places = Places::on(tx);
            let generation = places.one();
            // Both databases call the columns of VALUES so.
            let sql = format!(
                "UPDATE keys_data_key SET wrapped = exchange.column3, generation = {generation} \
                 FROM (VALUES {}) AS exchange \
                 WHERE subject = exchange.column1 AND wrapped = exchange.column2",
                places.rows(exchanges.len(), 3)
            );
            let mut values: Vec<Value> = vec![i64::from(newest).into()];
            for Exchange { subject, old, new } in exchanges {
                values.extend([subject.bytes().to_vec().into(), old.into(), new.into()]);
            }
            let statement = Statement::from_sql_and_values(backend, sql, values);
            Ok(Some(tx.execute_raw(statement).await?.rows_affected()))
        })
    })
    .await
}
