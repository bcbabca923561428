//! All SQL of accounts: rows as they lie in the store, sealed fields still sealed.

pub(crate) mod change;
pub(crate) mod narrative;

use clock::{BusinessDate, Timestamp};
use contracts::accounts::{Class, Right, State};
use db::outbox::{Event, announce};
use db::{Db, Fault, Places};
use ids::{AccountId, CustomerId};
use money::Currency;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, QueryResult, Statement, Value};

use crate::model::{class, state};

/// Rows of one statement, at most: stays below the bound parameters of either database.
pub(crate) const CHUNK: usize = 500;

/// An account as it lies in the store.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) id: AccountId,
    pub(crate) customer: CustomerId,
    pub(crate) number_sealed: Vec<u8>,
    pub(crate) number_index: [u8; 32],
    pub(crate) currency: Currency,
    pub(crate) class: Class,
    pub(crate) state: State,
    pub(crate) nickname_sealed: Vec<u8>,
    pub(crate) opened_on: BusinessDate,
    pub(crate) overdraft_minor: i64,
    /// Whether the ledger has confirmed it.
    pub(crate) confirmed: bool,
}

/// Why rows were not written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InsertFailed {
    /// Too many open accounts of this class and currency.
    #[error("too many accounts of this class")]
    TooMany,
    /// The number belongs to another account; the place among the rows given.
    #[error("the number is taken")]
    NumberTaken(usize),
    /// The id belongs to an account of another customer; the place among the rows given.
    #[error("the id is taken")]
    IdTaken(usize),
    /// A statement failed.
    #[error("a statement failed")]
    Statement(#[from] DbErr),
}

const COLUMNS: &str = "id, customer, number_sealed, number_index, currency, class, state, nickname_sealed, \
                       opened_on, overdraft_minor, confirmed_at";

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
    let text = |at: usize| row.try_get_by_index::<String>(at);
    let blob = |at: usize| row.try_get_by_index::<Vec<u8>>(at);
    Ok(Row {
        id: AccountId::try_from_bytes(&blob(0)?).map_err(malformed)?,
        customer: CustomerId::try_from_bytes(&blob(1)?).map_err(malformed)?,
        number_sealed: blob(2)?,
        number_index: blob(3)?.try_into().map_err(|_| malformed("number_index"))?,
        currency: text(4)?.parse().map_err(malformed)?,
        class: class::parse(&text(5)?).ok_or_else(|| malformed("class"))?,
        state: state::parse(&text(6)?).ok_or_else(|| malformed("state"))?,
        nickname_sealed: blob(7)?,
        opened_on: text(8)?.parse().map_err(malformed)?,
        overdraft_minor: row.try_get_by_index(9)?,
        confirmed: row.try_get_by_index::<Option<i64>>(10)?.is_some(),
    })
}

async fn rows<C: ConnectionTrait>(
    connection: &C,
    rest: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<Row>, DbErr> {
    let sql = format!("SELECT {COLUMNS} FROM accounts_account {rest}");
    connection.query_all_raw(statement(connection, &sql, values)).await?.iter().map(read).collect()
}

/// Accounts of these ids, in no order, unconfirmed ones included.
pub(crate) async fn by_ids<C: ConnectionTrait>(connection: &C, ids: &[AccountId]) -> Result<Vec<Row>, DbErr> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let rest = format!("WHERE id IN {}", Places::on(connection).list(chunk.len()));
        found.extend(rows(connection, &rest, chunk.iter().map(|id| bytes(id.to_bytes()))).await?);
    }
    Ok(found)
}

/// The confirmed account under this keyed hash of its number.
pub(crate) async fn by_number<C: ConnectionTrait>(
    connection: &C,
    index: [u8; 32],
) -> Result<Option<Row>, DbErr> {
    let rest = "WHERE number_index = $1 AND confirmed_at IS NOT NULL";
    Ok(rows(connection, rest, [index.to_vec().into()]).await?.pop())
}

/// Confirmed accounts that a customer owns, oldest first.
pub(crate) async fn owned_by<C: ConnectionTrait>(
    connection: &C,
    customer: CustomerId,
) -> Result<Vec<Row>, DbErr> {
    let rest = "WHERE customer = $1 AND confirmed_at IS NOT NULL ORDER BY id";
    rows(connection, rest, [bytes(customer.to_bytes())]).await
}

/// Accounts whose opening the ledger has not confirmed, written before `before`.
pub(crate) async fn unconfirmed(db: &Db, before: Timestamp) -> Result<Vec<Row>, DbErr> {
    let rest = "WHERE confirmed_at IS NULL AND created_at < $1 ORDER BY created_at LIMIT 500";
    rows(db.reader(), rest, [before.as_microsecond().into()]).await
}

/// Writes accounts that the ledger does not know yet; those already there stay as they are. With `counted`, refuses
/// more of one class and currency than a customer may hold.
pub(crate) async fn insert(
    db: &Db,
    rows: Vec<Row>,
    counted: bool,
    at: Timestamp,
) -> Result<(), InsertFailed> {
    db.write(move |tx| {
        let rows = rows.clone();
        Box::pin(async move {
            for (chunk_at, chunk) in rows.chunks(CHUNK).enumerate() {
                insert_chunk(tx, chunk, chunk_at * CHUNK, counted, at).await?;
            }
            Ok(())
        })
    })
    .await
}

async fn insert_chunk(
    tx: &DatabaseTransaction,
    chunk: &[Row],
    offset: usize,
    counted: bool,
    at: Timestamp,
) -> Result<(), InsertFailed> {
    let known = by_ids(tx, &chunk.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    let place = |id: AccountId| offset + chunk.iter().position(|row| row.id == id).unwrap_or(0);
    for old in &known {
        if chunk.iter().any(|row| row.id == old.id && row.customer != old.customer) {
            return Err(InsertFailed::IdTaken(place(old.id)));
        }
    }
    let fresh: Vec<&Row> = chunk.iter().filter(|row| !known.iter().any(|old| old.id == row.id)).collect();
    if fresh.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "SELECT number_index FROM accounts_account WHERE number_index IN {}",
        Places::on(tx).list(fresh.len())
    );
    let taken = tx
        .query_one_raw(statement(tx, &sql, fresh.iter().map(|row| row.number_index.to_vec().into())))
        .await?;
    if let Some(taken) = taken {
        let index: Vec<u8> = taken.try_get_by_index(0)?;
        let row = fresh.iter().find(|row| row.number_index[..] == index);
        return Err(InsertFailed::NumberTaken(row.map_or(offset, |row| place(row.id))));
    }
    if counted {
        for row in &fresh {
            refuse_too_many(tx, row).await?;
        }
    }
    let sql = format!(
        "INSERT INTO accounts_account (id, customer, number_sealed, number_index, currency, class, state, \
         nickname_sealed, opened_on, overdraft_minor, created_at) VALUES {}",
        Places::on(tx).rows(fresh.len(), 11)
    );
    let values = fresh.iter().flat_map(|row| inserted(row, at));
    match tx.execute_raw(statement(tx, &sql, values)).await {
        // A number twice among the rows given.
        Err(error) if db::fault(&error) == Fault::Unique => Err(InsertFailed::NumberTaken(offset)),
        Err(error) => Err(error.into()),
        Ok(_) => Ok(()),
    }
}

fn inserted(row: &Row, at: Timestamp) -> [Value; 11] {
    [
        bytes(row.id.to_bytes()),
        bytes(row.customer.to_bytes()),
        row.number_sealed.clone().into(),
        row.number_index.to_vec().into(),
        row.currency.code().into(),
        class::word(row.class).into(),
        state::word(row.state).into(),
        row.nickname_sealed.clone().into(),
        row.opened_on.to_string().into(),
        row.overdraft_minor.into(),
        at.as_microsecond().into(),
    ]
}

async fn refuse_too_many(tx: &DatabaseTransaction, row: &Row) -> Result<(), InsertFailed> {
    let sql = "SELECT COUNT(*) FROM accounts_account \
               WHERE customer = $1 AND class = $2 AND currency = $3 AND state <> 'closed'";
    let values: [Value; 3] =
        [bytes(row.customer.to_bytes()), class::word(row.class).into(), row.currency.code().into()];
    let counted = tx.query_one_raw(statement(tx, sql, values)).await?;
    let held: i64 = counted.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    if held >= class::held_max(row.class) { Err(InsertFailed::TooMany) } else { Ok(()) }
}

/// The ledger has confirmed these; `events` become true with it.
pub(crate) async fn confirm(
    db: &Db,
    ids: Vec<AccountId>,
    events: Vec<Event>,
    at: Timestamp,
) -> Result<(), DbErr> {
    db.write(move |tx| {
        let (ids, events) = (ids.clone(), events.clone());
        Box::pin(async move {
            for chunk in ids.chunks(CHUNK) {
                let sql = format!(
                    "UPDATE accounts_account SET confirmed_at = {} WHERE confirmed_at IS NULL AND id IN {}",
                    at.as_microsecond(),
                    Places::on(tx).list(chunk.len())
                );
                tx.execute_raw(statement(tx, &sql, chunk.iter().map(|id| bytes(id.to_bytes())))).await?;
            }
            for event in &events {
                announce(tx, event).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Gives an account another nickname.
pub(crate) async fn rename(db: &Db, id: AccountId, nickname_sealed: Vec<u8>) -> Result<(), DbErr> {
    db.write(move |tx| {
        let values: [Value; 2] = [nickname_sealed.clone().into(), bytes(id.to_bytes())];
        let sql = "UPDATE accounts_account SET nickname_sealed = $1 WHERE id = $2";
        Box::pin(async move { tx.execute_raw(statement(tx, sql, values)).await.map(|_| ()) })
    })
    .await
}

/// A right granted to a person who is not the owner.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grant {
    pub(crate) account: AccountId,
    pub(crate) customer: CustomerId,
    pub(crate) right: Right,
    pub(crate) granted_at: Timestamp,
}

async fn grants(db: &Db, rest: &str, id: [u8; 16]) -> Result<Vec<Grant>, DbErr> {
    let sql = format!("SELECT account, customer, granted, granted_at FROM accounts_grant WHERE {rest}");
    let read = |row: &QueryResult| {
        let blob = |at: usize| row.try_get_by_index::<Vec<u8>>(at);
        Ok(Grant {
            account: AccountId::try_from_bytes(&blob(0)?).map_err(malformed)?,
            customer: CustomerId::try_from_bytes(&blob(1)?).map_err(malformed)?,
            right: class::parse_right(&row.try_get_by_index::<String>(2)?)
                .ok_or_else(|| malformed("granted"))?,
            granted_at: Timestamp::from_microsecond(row.try_get_by_index(3)?).map_err(malformed)?,
        })
    };
    db.reader().query_all_raw(statement(db.reader(), &sql, [bytes(id)])).await?.iter().map(read).collect()
}

/// What a customer was granted, in order of accounts.
pub(crate) async fn granted_to(db: &Db, customer: CustomerId) -> Result<Vec<Grant>, DbErr> {
    grants(db, "customer = $1 ORDER BY account", customer.to_bytes()).await
}

/// Who was granted rights to an account, in order of granting.
pub(crate) async fn granted_on(db: &Db, account: AccountId) -> Result<Vec<Grant>, DbErr> {
    grants(db, "account = $1 ORDER BY granted_at, customer", account.to_bytes()).await
}

/// Grants rights, replacing earlier grants to the same person.
pub(crate) async fn grant(db: &Db, grants: Vec<Grant>) -> Result<(), DbErr> {
    db.write(move |tx| {
        let grants = grants.clone();
        Box::pin(async move {
            for chunk in grants.chunks(CHUNK) {
                let sql = format!(
                    "INSERT INTO accounts_grant (account, customer, granted, granted_at) VALUES {} \
                     ON CONFLICT (account, customer) \
                     DO UPDATE SET granted = excluded.granted, granted_at = excluded.granted_at",
                    Places::on(tx).rows(chunk.len(), 4)
                );
                let values = chunk.iter().flat_map(|grant| -> [Value; 4] {
                    [
                        bytes(grant.account.to_bytes()),
                        bytes(grant.customer.to_bytes()),
                        class::right_word(grant.right).into(),
                        grant.granted_at.as_microsecond().into(),
                    ]
                });
                tx.execute_raw(statement(tx, &sql, values)).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Withdraws a grant; whether there was one.
pub(crate) async fn withdraw(db: &Db, account: AccountId, customer: CustomerId) -> Result<bool, DbErr> {
    db.write(move |tx| {
        let values = [bytes(account.to_bytes()), bytes(customer.to_bytes())];
        let sql = "DELETE FROM accounts_grant WHERE account = $1 AND customer = $2";
        Box::pin(async move {
            tx.execute_raw(statement(tx, sql, values)).await.map(|done| done.rows_affected() > 0)
        })
    })
    .await
}

/// Withdraws every right that was granted to a person; on which accounts.
pub(crate) async fn withdraw_all(db: &Db, customer: CustomerId) -> Result<Vec<AccountId>, DbErr> {
    let granted: Vec<AccountId> =
        granted_to(db, customer).await?.into_iter().map(|grant| grant.account).collect();
    for account in &granted {
        withdraw(db, *account, customer).await?;
    }
    Ok(granted)
}
