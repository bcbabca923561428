//! Erasing customers in the database: first they are found and shown no more, then nothing of them is left.

use clock::Timestamp;
use contracts::customers::Erased;
use db::Db;
use db::outbox::{Event, announce};
use ids::CustomerId;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, Statement, Value};

/// Nobody finds or is shown the customer of `news` any more, which is announced. What is sealed stays until
/// `kept_until`. Whether there was anybody.
pub(crate) async fn hide(db: &Db, news: Erased, kept_until: Timestamp, at: Timestamp) -> Result<bool, DbErr> {
    let sql = "UPDATE customers_customer SET name_hash = NULL, number_hash = NULL, phone_hash = NULL, \
               foreign_hash = NULL, content_hash = NULL, erased_at = $1, kept_until = $2 \
               WHERE id = $3 AND erased_at IS NULL";
    let id = news.customer;
    let news = Event::try_new(&id.to_string(), &news, at)?;
    db.write(move |tx| {
        let news = news.clone();
        Box::pin(async move {
            let values: [Value; 3] = [
                at.as_microsecond().into(),
                kept_until.as_microsecond().into(),
                id.to_bytes().to_vec().into(),
            ];
            let hidden = change(tx, sql, values).await? > 0;
            if hidden {
                announce(tx, &news).await?;
            }
            Ok::<bool, DbErr>(hidden)
        })
    })
    .await
}

/// Removes what is left of an erased customer whose key is destroyed. That is announced where something was kept after
/// the erasure.
pub(crate) async fn finish(db: &Db, id: CustomerId, at: Timestamp) -> Result<(), DbErr> {
    let news = Erased { customer: id, kept_until: None, recipient: None };
    let news = Event::try_new(&id.to_string(), &news, at)?;
    db.write(move |tx| {
        let news = news.clone();
        Box::pin(async move {
            let customer = || [Value::from(id.to_bytes().to_vec())];
            let kept = "SELECT 1 FROM customers_customer WHERE id = $1 AND kept_until > erased_at";
            let kept = Statement::from_sql_and_values(tx.get_database_backend(), kept, customer());
            let kept = tx.query_one_raw(kept).await?.is_some();
            for sql in [
                "UPDATE customers_customer SET name = NULL, number = NULL, phone = NULL, details = NULL, \
                 kept_until = NULL WHERE id = $1 AND erased_at IS NOT NULL",
                "DELETE FROM customers_agreement WHERE customer = $1",
                "DELETE FROM customers_consent WHERE customer = $1",
            ] {
                change(tx, sql, customer()).await?;
            }
            if kept {
                announce(tx, &news).await?;
            }
            Ok::<(), DbErr>(())
        })
    })
    .await
}

/// Erased customers of whom nothing is to be kept any longer, at most `limit`.
pub(crate) async fn due(db: &Db, now: Timestamp, limit: u32) -> Result<Vec<CustomerId>, DbErr> {
    let sql = "SELECT id FROM customers_customer WHERE kept_until <= $1 ORDER BY kept_until LIMIT $2";
    let values: [Value; 2] = [now.as_microsecond().into(), i64::from(limit).into()];
    let reader = db.reader();
    let statement = Statement::from_sql_and_values(reader.get_database_backend(), sql, values);
    reader.query_all_raw(statement).await?.iter().map(super::id_of).collect()
}

async fn change(
    tx: &DatabaseTransaction,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64, DbErr> {
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
    Ok(tx.execute_raw(statement).await?.rows_affected())
}
