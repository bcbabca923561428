//! All SQL of payments: rows as they lie in the store, sealed fields still sealed.

pub(crate) mod payee;
pub(crate) mod standing_order;

use clock::{BusinessDate, Timestamp};
use contracts::payments::TransferPosted;
use db::Db;
use db::outbox::{Event, announce_many};
use ids::{AccountId, CustomerId, PaymentId, TransferId};
use money::{Currency, Money};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, QueryResult, Statement, Value};

use crate::refusals;

/// What became of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Intended; the ledger's answer is not written here yet.
    Accepted,
    /// Posted in the ledger.
    Posted {
        /// The writer's instant.
        at: Timestamp,
        /// Booking day.
        booked_on: BusinessDate,
    },
    /// Refused for good; the word of `refusals`.
    Refused(&'static str),
}

/// A transfer that a customer ordered.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) id: PaymentId,
    pub(crate) customer: CustomerId,
    pub(crate) key: [u8; 16],
    pub(crate) digest: [u8; 32],
    pub(crate) transfer: TransferId,
    pub(crate) from: AccountId,
    pub(crate) to: AccountId,
    pub(crate) payer: CustomerId,
    pub(crate) payee: CustomerId,
    pub(crate) amount: Money,
    pub(crate) own: bool,
    pub(crate) words_sealed: Vec<u8>,
    /// The year and the most in it, minor units, where the class of the account has a yearly limit.
    pub(crate) limited: Option<(i16, i64)>,
    pub(crate) fate: Fate,
    pub(crate) accepted_at: Timestamp,
}

/// What came of writing an intent.
#[derive(Debug)]
pub(crate) enum Accepted {
    /// It is durable now.
    Fresh,
    /// The key was used before, for this.
    Known(Box<Row>),
    /// Above the yearly limit: limit and used, minor units.
    YearlyLimit(i64, i64),
}

const COLUMNS: &str = "id, customer, idempotency_key, digest, transfer, from_account, to_account, payer, payee, \
                       amount_minor, currency, own, words_sealed, limited_year, state, refusal, accepted_at, \
                       posted_at, booked_on";

pub(crate) fn statement<C: ConnectionTrait>(
    connection: &C,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    Statement::from_sql_and_values(connection.get_database_backend(), sql, values)
}

pub(crate) fn malformed(what: impl std::fmt::Display) -> DbErr {
    DbErr::Type(format!("a stored value is malformed: {what}"))
}

pub(crate) fn bytes(id: [u8; 16]) -> Value {
    id.to_vec().into()
}

fn read(row: &QueryResult) -> Result<Row, DbErr> {
    let blob = |at: usize| row.try_get_by_index::<Vec<u8>>(at);
    let account = |at: usize| AccountId::try_from_bytes(&blob(at)?).map_err(malformed);
    let customer = |at: usize| CustomerId::try_from_bytes(&blob(at)?).map_err(malformed);
    let currency: Currency = row.try_get_by_index::<String>(10)?.parse().map_err(malformed)?;
    let limited_year: Option<i64> = row.try_get_by_index(13)?;
    Ok(Row {
        id: PaymentId::try_from_bytes(&blob(0)?).map_err(malformed)?,
        customer: customer(1)?,
        key: blob(2)?.try_into().map_err(|_| malformed("idempotency_key"))?,
        digest: blob(3)?.try_into().map_err(|_| malformed("digest"))?,
        transfer: TransferId::try_from_bytes(&blob(4)?).map_err(malformed)?,
        from: account(5)?,
        to: account(6)?,
        payer: customer(7)?,
        payee: customer(8)?,
        amount: Money::new(row.try_get_by_index(9)?, currency),
        own: row.try_get_by_index::<i64>(11)? != 0,
        words_sealed: blob(12)?,
        limited: limited_year.and_then(|year| i16::try_from(year).ok()).map(|year| (year, i64::MAX)),
        fate: fate(row)?,
        accepted_at: Timestamp::from_microsecond(row.try_get_by_index(16)?).map_err(malformed)?,
    })
}

fn fate(row: &QueryResult) -> Result<Fate, DbErr> {
    let state: String = row.try_get_by_index(14)?;
    match state.as_str() {
        "accepted" => Ok(Fate::Accepted),
        "refused" => {
            let word: Option<String> = row.try_get_by_index(15)?;
            Ok(Fate::Refused(refusals::known(&word.unwrap_or_default())))
        }
        "posted" => {
            let booked_on: Option<String> = row.try_get_by_index(18)?;
            let at: Option<i64> = row.try_get_by_index(17)?;
            Ok(Fate::Posted {
                at: Timestamp::from_microsecond(at.unwrap_or_default()).map_err(malformed)?,
                booked_on: booked_on.unwrap_or_default().parse().map_err(malformed)?,
            })
        }
        other => Err(malformed(other)),
    }
}

async fn one<C: ConnectionTrait>(
    connection: &C,
    rest: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<Row>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM payments_transfer WHERE {rest}");
    connection.query_one_raw(statement(connection, &sql, values)).await?.as_ref().map(read).transpose()
}

/// What a customer ordered under a key.
pub(crate) async fn by_key<C: ConnectionTrait>(
    connection: &C,
    customer: CustomerId,
    key: [u8; 16],
) -> Result<Option<Row>, DbErr> {
    let values = [bytes(customer.to_bytes()), bytes(key)];
    one(connection, "customer = $1 AND idempotency_key = $2", values).await
}

/// A transfer by its id.
pub(crate) async fn by_id(db: &Db, id: PaymentId) -> Result<Option<Row>, DbErr> {
    one(db.reader(), "id = $1", [bytes(id.to_bytes())]).await
}

/// Transfers accepted before `before` whose fate is not written yet, oldest first.
pub(crate) async fn accepted(db: &Db, before: Timestamp) -> Result<Vec<Row>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS} FROM payments_transfer WHERE state = 'accepted' AND accepted_at < $1 \
         ORDER BY accepted_at LIMIT 500"
    );
    let values: [Value; 1] = [before.as_microsecond().into()];
    db.reader().query_all_raw(statement(db.reader(), &sql, values)).await?.iter().map(read).collect()
}

/// Makes the intent durable, unless its key is known or the yearly limit of its account is hit.
pub(crate) async fn accept(db: &Db, row: Row) -> Result<Accepted, DbErr> {
    db.write(move |tx| {
        let row = row.clone();
        Box::pin(async move {
            if let Some((year, most)) = row.limited {
                // A repeated key is answered as before, also where the year is used up by now.
                if let Some(known) = by_key(tx, row.customer, row.key).await? {
                    return Ok(Accepted::Known(Box::new(known)));
                }
                let used = used_in_year(tx, row.from, year).await?;
                if used.saturating_add(row.amount.minor()) > most {
                    return Ok(Accepted::YearlyLimit(most, used));
                }
            }
            if insert(tx, &row).await? {
                return Ok(Accepted::Fresh);
            }
            let known = by_key(tx, row.customer, row.key).await?;
            known
                .map(|known| Accepted::Known(Box::new(known)))
                .ok_or_else(|| malformed("a key without a row"))
        })
    })
    .await
}

async fn used_in_year(tx: &DatabaseTransaction, from: AccountId, year: i16) -> Result<i64, DbErr> {
    let sql = "SELECT CAST(COALESCE(SUM(amount_minor), 0) AS BIGINT) FROM payments_transfer \
               WHERE from_account = $1 AND limited_year = $2 AND state <> 'refused'";
    let values: [Value; 2] = [bytes(from.to_bytes()), i64::from(year).into()];
    let row = tx.query_one_raw(statement(tx, sql, values)).await?;
    row.map_or(Ok(0), |row| row.try_get_by_index(0))
}

/// Whether the row is new.
async fn insert(tx: &DatabaseTransaction, row: &Row) -> Result<bool, DbErr> {
    let sql = "INSERT INTO payments_transfer (id, customer, idempotency_key, digest, transfer, from_account, \
               to_account, payer, payee, amount_minor, currency, own, words_sealed, limited_year, state, \
               accepted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'accepted', $15) \
               ON CONFLICT (customer, idempotency_key) DO NOTHING";
    let values: [Value; 15] = [
        bytes(row.id.to_bytes()),
        bytes(row.customer.to_bytes()),
        bytes(row.key),
        row.digest.to_vec().into(),
        bytes(row.transfer.to_bytes()),
        bytes(row.from.to_bytes()),
        bytes(row.to.to_bytes()),
        bytes(row.payer.to_bytes()),
        bytes(row.payee.to_bytes()),
        row.amount.minor().into(),
        row.amount.currency().code().into(),
        i64::from(row.own).into(),
        row.words_sealed.clone().into(),
        row.limited.map(|(year, _)| i64::from(year)).into(),
        row.accepted_at.as_microsecond().into(),
    ];
    Ok(tx.execute_raw(statement(tx, sql, values)).await?.rows_affected() > 0)
}

/// Writes what the ledger answered; each only once, and with it the news of what was posted.
pub(crate) async fn settle(db: &Db, settled: Vec<(Row, Fate)>, now: Timestamp) -> Result<(), DbErr> {
    db.write(move |tx| {
        let settled = settled.clone();
        Box::pin(async move {
            let mut news = Vec::with_capacity(settled.len());
            for (row, fate) in &settled {
                news.extend(settle_one(tx, row, *fate, now).await?);
            }
            announce_many(tx, &news).await
        })
    })
    .await
}

/// Writes a fate that is not written yet, and returns the news of it.
async fn settle_one(
    tx: &DatabaseTransaction,
    row: &Row,
    fate: Fate,
    now: Timestamp,
) -> Result<Option<Event>, DbErr> {
    let (state, refusal, posted) = match fate {
        Fate::Accepted => return Ok(None),
        Fate::Posted { at, booked_on } => ("posted", None, Some((at, booked_on))),
        Fate::Refused(word) => ("refused", Some(word), None),
    };
    let sql = "UPDATE payments_transfer SET state = $1, refusal = $2, posted_at = $3, booked_on = $4 \
               WHERE id = $5 AND state = 'accepted'";
    let values: [Value; 5] = [
        state.into(),
        refusal.map(str::to_owned).into(),
        posted.map(|(at, _)| at.as_microsecond()).into(),
        posted.map(|(_, day)| day.to_string()).into(),
        bytes(row.id.to_bytes()),
    ];
    let written = tx.execute_raw(statement(tx, sql, values)).await?;
    if written.rows_affected() == 0 || posted.is_none() {
        return Ok(None);
    }
    let news = TransferPosted {
        transfer: row.transfer,
        debit: row.from,
        credit: row.to,
        amount_minor: row.amount.minor(),
        currency: row.amount.currency(),
        payer: row.payer,
        payee: row.payee,
    };
    let at = posted.map_or(now, |(at, _)| at);
    Event::try_new(&row.from.to_string(), &news, at).map(Some)
}
