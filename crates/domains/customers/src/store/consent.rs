//! What customers agreed and consented to, in the database.

use clock::Timestamp;
use contracts::customers::{Agreement, ConsentChanged, ConsentPurpose, Document};
use contracts::identity::Channel;
use db::Db;
use db::outbox::{Event, announce};
use ids::CustomerId;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A version that a customer agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Agreed {
    pub(crate) agreement: Agreement,
    pub(crate) at: Timestamp,
}

/// A consent that a customer gave, with its end where it was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Consent {
    pub(crate) purpose: ConsentPurpose,
    pub(crate) given_at: Timestamp,
    pub(crate) withdrawn_at: Option<Timestamp>,
}

/// Choices of the contract are stored by the word they have there.
pub(crate) fn word<T: Serialize>(choice: T) -> Result<String, DbErr> {
    match serde_json::to_value(choice) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(damaged("a choice")),
    }
}

fn of_word<T: DeserializeOwned>(row: &QueryResult, at: usize) -> Result<T, DbErr> {
    let word: String = row.try_get_by_index(at)?;
    serde_json::from_value(serde_json::Value::String(word)).map_err(|_| damaged("a choice"))
}

fn damaged(what: &str) -> DbErr {
    DbErr::Type(format!("{what} in the record of consents is not readable"))
}

fn instant(micros: i64) -> Result<Timestamp, DbErr> {
    Timestamp::from_microsecond(micros).map_err(|_| damaged("an instant"))
}

fn bytes(customer: CustomerId) -> Value {
    customer.to_bytes().to_vec().into()
}

/// Keeps versions that were agreed to; those known stay as they were.
pub(crate) async fn agree(
    db: &Db,
    customer: CustomerId,
    agreements: Vec<Agreement>,
    channel: Channel,
    at: Timestamp,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO customers_agreement (customer, document, version, channel, agreed_at) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (customer, document, version) DO NOTHING";
    db.write(move |tx| {
        let agreements = agreements.clone();
        Box::pin(async move {
            for Agreement { document, version } in agreements {
                let values: [Value; 5] = [
                    bytes(customer),
                    word(document)?.into(),
                    version.into(),
                    word(channel)?.into(),
                    at.as_microsecond().into(),
                ];
                tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values))
                    .await?;
            }
            Ok::<(), DbErr>(())
        })
    })
    .await
}

/// Every version that a customer agreed to, the latest first.
pub(crate) async fn agreed(db: &Db, customer: CustomerId) -> Result<Vec<Agreed>, DbErr> {
    let sql = "SELECT document, version, agreed_at FROM customers_agreement WHERE customer = $1 \
               ORDER BY agreed_at DESC, document";
    let read = |row: &QueryResult| {
        let document: Document = of_word(row, 0)?;
        let agreement = Agreement { document, version: row.try_get_by_index(1)? };
        Ok(Agreed { agreement, at: instant(row.try_get_by_index(2)?)? })
    };
    let reader = db.reader();
    let statement = Statement::from_sql_and_values(reader.get_database_backend(), sql, [bytes(customer)]);
    reader.query_all_raw(statement).await?.iter().map(read).collect()
}

/// Every consent that a customer gave, the latest first.
pub(crate) async fn of_customer(db: &Db, customer: CustomerId) -> Result<Vec<Consent>, DbErr> {
    let sql = "SELECT purpose, given_at, withdrawn_at FROM customers_consent WHERE customer = $1 \
               ORDER BY given_at DESC, purpose";
    let read = |row: &QueryResult| {
        let withdrawn: Option<i64> = row.try_get_by_index(2)?;
        Ok(Consent {
            purpose: of_word(row, 0)?,
            given_at: instant(row.try_get_by_index(1)?)?,
            withdrawn_at: withdrawn.map(instant).transpose()?,
        })
    };
    let reader = db.reader();
    let statement = Statement::from_sql_and_values(reader.get_database_backend(), sql, [bytes(customer)]);
    reader.query_all_raw(statement).await?.iter().map(read).collect()
}

/// Gives a consent or withdraws it, and announces it where that changes anything.
pub(crate) async fn change(
    db: &Db,
    news: ConsentChanged,
    channel: Channel,
    at: Timestamp,
) -> Result<(), DbErr> {
    let give = "INSERT INTO customers_consent (customer, purpose, channel, given_at) VALUES ($1, $2, $3, $4) \
                ON CONFLICT DO NOTHING";
    let withdraw = "UPDATE customers_consent SET withdrawn_channel = $3, withdrawn_at = $4 \
                    WHERE customer = $1 AND purpose = $2 AND withdrawn_at IS NULL";
    let event = Event::try_new(&news.customer.to_string(), &news, at)?;
    db.write(move |tx| {
        let (event, news) = (event.clone(), news.clone());
        Box::pin(async move {
            let values: [Value; 4] = [
                bytes(news.customer),
                word(news.purpose)?.into(),
                word(channel)?.into(),
                at.as_microsecond().into(),
            ];
            let sql = if news.given { give } else { withdraw };
            let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
            if tx.execute_raw(statement).await?.rows_affected() > 0 {
                announce(tx, &event).await?;
            }
            Ok::<(), DbErr>(())
        })
    })
    .await
}
