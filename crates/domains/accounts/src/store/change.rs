//! Changes of state in the store: recorded as pending, settled together with the account's new state.

use clock::Timestamp;
use contracts::accounts::State;
use db::Db;
use db::outbox::{Event, announce};
use ids::{AccountId, StaffId, TransferId};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Value};

use super::{bytes, malformed, statement};
use crate::model::state;

/// A change of state. Its id is also the id of the ledger's command.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) id: TransferId,
    pub(crate) account: AccountId,
    pub(crate) requested_at: Timestamp,
    pub(crate) staff: Option<StaffId>,
    pub(crate) from: State,
    pub(crate) to: State,
    pub(crate) reason_sealed: Vec<u8>,
}

const COLUMNS: &str = "id, account, requested_at, staff, from_state, to_state, reason_sealed";

fn read(row: &QueryResult) -> Result<Row, DbErr> {
    let blob = |at: usize| row.try_get_by_index::<Vec<u8>>(at);
    let read_state = |at: usize| -> Result<State, DbErr> {
        state::parse(&row.try_get_by_index::<String>(at)?).ok_or_else(|| malformed("state"))
    };
    let staff: Option<Vec<u8>> = row.try_get_by_index(3)?;
    Ok(Row {
        id: TransferId::try_from_bytes(&blob(0)?).map_err(malformed)?,
        account: AccountId::try_from_bytes(&blob(1)?).map_err(malformed)?,
        requested_at: Timestamp::from_microsecond(row.try_get_by_index(2)?).map_err(malformed)?,
        staff: staff.map(|id| StaffId::try_from_bytes(&id)).transpose().map_err(malformed)?,
        from: read_state(4)?,
        to: read_state(5)?,
        reason_sealed: blob(6)?,
    })
}

/// Records a change that the ledger is about to be told.
pub(crate) async fn record(db: &Db, change: Row) -> Result<(), DbErr> {
    db.write(move |tx| {
        let values: [Value; 7] = [
            bytes(change.id.to_bytes()),
            bytes(change.account.to_bytes()),
            change.requested_at.as_microsecond().into(),
            change.staff.map(|staff| staff.to_bytes().to_vec()).into(),
            state::word(change.from).into(),
            state::word(change.to).into(),
            change.reason_sealed.clone().into(),
        ];
        let sql = format!(
            "INSERT INTO accounts_state_change ({COLUMNS}, outcome) VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending')"
        );
        Box::pin(async move { tx.execute_raw(statement(tx, &sql, values)).await.map(|_| ()) })
    })
    .await
}

/// The ledger took the change: the account is in its new state and the news is out. Whether that was so only now.
pub(crate) async fn settle(db: &Db, change: Row, event: Event) -> Result<bool, DbErr> {
    db.write(move |tx| {
        let (change, event) = (change.clone(), event.clone());
        Box::pin(async move {
            let sql =
                "UPDATE accounts_state_change SET outcome = 'done' WHERE id = $1 AND outcome = 'pending'";
            let settled = tx.execute_raw(statement(tx, sql, [bytes(change.id.to_bytes())])).await?;
            if settled.rows_affected() == 0 {
                return Ok(false);
            }
            let sql = "UPDATE accounts_account SET state = $1 WHERE id = $2";
            let values: [Value; 2] = [state::word(change.to).into(), bytes(change.account.to_bytes())];
            tx.execute_raw(statement(tx, sql, values)).await?;
            announce(tx, &event).await?;
            Ok::<bool, DbErr>(true)
        })
    })
    .await
}

/// The ledger refused the change: nothing changes.
pub(crate) async fn refuse(db: &Db, id: TransferId) -> Result<(), DbErr> {
    db.write(move |tx| {
        let sql =
            "UPDATE accounts_state_change SET outcome = 'refused' WHERE id = $1 AND outcome = 'pending'";
        let values = [bytes(id.to_bytes())];
        Box::pin(async move { tx.execute_raw(statement(tx, sql, values)).await.map(|_| ()) })
    })
    .await
}

/// Changes recorded before `before` whose outcome is not settled, oldest first.
pub(crate) async fn pending(db: &Db, before: Timestamp) -> Result<Vec<Row>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS} FROM accounts_state_change WHERE outcome = 'pending' AND requested_at < $1 \
         ORDER BY id LIMIT 100"
    );
    let values: [Value; 1] = [before.as_microsecond().into()];
    db.reader().query_all_raw(statement(db.reader(), &sql, values)).await?.iter().map(read).collect()
}

/// Changes of one account that took effect, newest first.
pub(crate) async fn of_account(db: &Db, account: AccountId) -> Result<Vec<Row>, DbErr> {
    let sql = format!(
        "SELECT {COLUMNS} FROM accounts_state_change WHERE account = $1 AND outcome = 'done' \
         ORDER BY id DESC LIMIT 200"
    );
    let values = [bytes(account.to_bytes())];
    db.reader().query_all_raw(statement(db.reader(), &sql, values)).await?.iter().map(read).collect()
}
