//! Saved payees in the store.

use clock::Timestamp;
use db::Db;
use ids::{CustomerId, PayeeId};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};

use super::{bytes, malformed, statement};

/// A saved payee, sealed.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) id: PayeeId,
    pub(crate) customer: CustomerId,
    pub(crate) target_index: [u8; 32],
    pub(crate) sealed: Vec<u8>,
    pub(crate) last_used_at: Option<Timestamp>,
}

const COLUMNS: &str = "id, customer, target_index, sealed, last_used_at";

fn read(row: &QueryResult) -> Result<Row, DbErr> {
    let blob = |at: usize| row.try_get_by_index::<Vec<u8>>(at);
    let used: Option<i64> = row.try_get_by_index(4)?;
    Ok(Row {
        id: PayeeId::try_from_bytes(&blob(0)?).map_err(malformed)?,
        customer: CustomerId::try_from_bytes(&blob(1)?).map_err(malformed)?,
        target_index: blob(2)?.try_into().map_err(|_| malformed("target_index"))?,
        sealed: blob(3)?,
        last_used_at: used.map(Timestamp::from_microsecond).transpose().map_err(malformed)?,
    })
}

/// A customer's payees, the one used last first.
pub(crate) async fn of_customer(db: &Db, customer: CustomerId) -> Result<Vec<Row>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS} FROM payments_payee WHERE customer = $1 ORDER BY COALESCE(last_used_at, created_at) DESC, id"
    );
    let values = [bytes(customer.to_bytes())];
    db.reader().query_all_raw(statement(db.reader(), &sql, values)).await?.iter().map(read).collect()
}

/// One payee of a customer.
pub(crate) async fn find(db: &Db, customer: CustomerId, id: PayeeId) -> Result<Option<Row>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM payments_payee WHERE customer = $1 AND id = $2");
    let values = [bytes(customer.to_bytes()), bytes(id.to_bytes())];
    db.reader().query_one_raw(statement(db.reader(), &sql, values)).await?.as_ref().map(read).transpose()
}

/// Saves a payee; the one with the same target is replaced and keeps its id. `None` where there are `most` already.
pub(crate) async fn save(db: &Db, row: Row, most: u32, now: Timestamp) -> Result<Option<PayeeId>, DbErr> {
    db.write(move |tx| {
        let row = row.clone();
        Box::pin(async move {
            let sql = "SELECT COUNT(*) FROM payments_payee WHERE customer = $1 AND target_index <> $2";
            let values: [Value; 2] = [bytes(row.customer.to_bytes()), row.target_index.to_vec().into()];
            let counted = tx.query_one_raw(statement(tx, sql, values)).await?;
            let count: i64 = counted.map_or(Ok(0), |counted| counted.try_get_by_index(0))?;
            if count >= i64::from(most) {
                return Ok(None);
            }
            let sql = "INSERT INTO payments_payee (id, customer, target_index, sealed, created_at) \
                       VALUES ($1, $2, $3, $4, $5) ON CONFLICT (customer, target_index) \
                       DO UPDATE SET sealed = excluded.sealed RETURNING id";
            let values: [Value; 5] = [
                bytes(row.id.to_bytes()),
                bytes(row.customer.to_bytes()),
                row.target_index.to_vec().into(),
                row.sealed.clone().into(),
                now.as_microsecond().into(),
            ];
            let saved = tx.query_one_raw(statement(tx, sql, values)).await?;
            let id: Option<Vec<u8>> = saved.map(|saved| saved.try_get_by_index(0)).transpose()?;
            id.map(|id| PayeeId::try_from_bytes(&id).map_err(malformed)).transpose()
        })
    })
    .await
}

/// Removes a payee of a customer; whether there was one.
pub(crate) async fn remove(db: &Db, customer: CustomerId, id: PayeeId) -> Result<bool, DbErr> {
    db.write(move |tx| {
        let values = [bytes(customer.to_bytes()), bytes(id.to_bytes())];
        let sql = "DELETE FROM payments_payee WHERE customer = $1 AND id = $2";
        Box::pin(async move {
            tx.execute_raw(statement(tx, sql, values)).await.map(|done| done.rows_affected() > 0)
        })
    })
    .await
}

/// Notes that a payee was just paid.
pub(crate) async fn used(db: &Db, customer: CustomerId, id: PayeeId, now: Timestamp) -> Result<(), DbErr> {
    db.write(move |tx| {
        let values: [Value; 3] =
            [now.as_microsecond().into(), bytes(customer.to_bytes()), bytes(id.to_bytes())];
        let sql = "UPDATE payments_payee SET last_used_at = $1 WHERE customer = $2 AND id = $3";
        Box::pin(async move { tx.execute_raw(statement(tx, sql, values)).await.map(|_| ()) })
    })
    .await
}

/// Removes every payee that a customer saved; how many.
pub(crate) async fn remove_all(db: &Db, customer: CustomerId) -> Result<u64, DbErr> {
    db.write(move |tx| {
        let sql = "DELETE FROM payments_payee WHERE customer = $1";
        Box::pin(async move {
            let done = tx.execute_raw(statement(tx, sql, [bytes(customer.to_bytes())])).await?;
            Ok::<u64, DbErr>(done.rows_affected())
        })
    })
    .await
}
