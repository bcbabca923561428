//! Reading the history.

use contracts::ledger::HistoryQuery;
use money::Side;
use sea_orm::{ConnectionTrait, DbErr, Statement, Value};

use super::{Moved, day_number};

/// The most movements of one answer.
const PAGE_MAX: u32 = 1_000;

/// Movements of the account of this number that `query` asks for, newest first.
///
/// # Errors
/// The store's.
pub async fn page(
    connection: &impl ConnectionTrait,
    account: u32,
    query: &HistoryQuery,
) -> Result<Vec<Moved>, DbErr> {
    let mut sql = format!("SELECT {} FROM ledger_movement WHERE account = $1", Moved::COLUMNS);
    let mut values: Vec<Value> = vec![i64::from(account).into()];
    let amount = |amount: Option<u64>| amount.map(|amount| i64::try_from(amount).unwrap_or(i64::MAX));
    let before = query.before.map(|before| i64::try_from(before).unwrap_or(i64::MAX));
    let conditions = [
        ("number <", before),
        ("side =", query.side.map(|side| i64::from(side == Side::Credit))),
        ("amount >=", amount(query.amount_min)),
        ("amount <=", amount(query.amount_max)),
        ("booked_on >=", day_number(query.from)),
        ("booked_on <=", day_number(query.until)),
    ];
    for (condition, value) in conditions {
        if let Some(value) = value {
            values.push(value.into());
            sql.push_str(&format!(" AND {condition} ${}", values.len()));
        }
    }
    sql.push_str(&format!(" ORDER BY number DESC LIMIT {}", query.limit.clamp(1, PAGE_MAX)));
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    connection.query_all_raw(statement).await?.iter().map(Moved::read).collect()
}

/// One movement by its key.
///
/// # Errors
/// The store's.
pub async fn movement(
    connection: &impl ConnectionTrait,
    account: u32,
    number: u32,
) -> Result<Option<Moved>, DbErr> {
    let sql = format!("SELECT {} FROM ledger_movement WHERE account = $1 AND number = $2", Moved::COLUMNS);
    let values = [i64::from(account).into(), i64::from(number).into()];
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    connection.query_one_raw(statement).await?.as_ref().map(Moved::read).transpose()
}

/// Movements in the order of (account, number) after that key, at most `limit`.
pub(crate) async fn scan(
    connection: &impl ConnectionTrait,
    after: (i64, i64),
    limit: u32,
) -> Result<Vec<Moved>, DbErr> {
    let sql = format!(
        "SELECT {} FROM ledger_movement WHERE (account, number) > ($1, $2) ORDER BY account, number LIMIT {limit}",
        Moved::COLUMNS
    );
    let values = [after.0.into(), after.1.into()];
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    connection.query_all_raw(statement).await?.iter().map(Moved::read).collect()
}
