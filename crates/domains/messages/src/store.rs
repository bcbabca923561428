//! The outbox table.

use clock::Timestamp;
use db::{Db, Places};
use ids::MessageId;
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};

/// Rows per statement.
const ROWS_MAX: usize = 500;

/// A message as stored.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) id: MessageId,
    pub(crate) kind: String,
    pub(crate) state: String,
    pub(crate) sealed_in: String,
    pub(crate) recipient: Vec<u8>,
    pub(crate) body: Vec<u8>,
    pub(crate) created_at: Timestamp,
}

/// Keeps messages; those whose id is there already stay as they are. All or none.
pub(crate) async fn insert(db: &Db, rows: Vec<(Row, [u8; 32])>) -> Result<(), DbErr> {
    const COLUMNS: usize = 8;
    db.write(move |tx| {
        let rows = rows.clone();
        Box::pin(async move {
            for part in rows.chunks(ROWS_MAX) {
                let sql = format!(
                    "INSERT INTO messages_outbox (id, kind, state, sealed_in, recipient, to_hash, body, created_at) \
                     VALUES {} ON CONFLICT (id) DO NOTHING",
                    Places::on(tx).rows(part.len(), COLUMNS)
                );
                let values = part.iter().flat_map(|(row, to_hash)| -> [Value; COLUMNS] {
                    [
                        row.id.to_bytes().to_vec().into(),
                        row.kind.clone().into(),
                        row.state.clone().into(),
                        row.sealed_in.clone().into(),
                        row.recipient.clone().into(),
                        to_hash.to_vec().into(),
                        row.body.clone().into(),
                        row.created_at.as_microsecond().into(),
                    ]
                });
                tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
            }
            Ok::<(), DbErr>(())
        })
    })
    .await
}

/// Messages older than `before` (by id), newest first, at most `limit`; of one recipient where given.
pub(crate) async fn page(
    db: &Db,
    before: Option<MessageId>,
    to_hash: Option<[u8; 32]>,
    limit: u32,
) -> Result<Vec<Row>, DbErr> {
    let mut values: Vec<Value> = vec![i64::from(limit).into()];
    let mut conditions = vec!["1 = 1".to_owned()];
    if let Some(before) = before {
        values.push(before.to_bytes().to_vec().into());
        conditions.push(format!("id < ${}", values.len()));
    }
    if let Some(to_hash) = to_hash {
        values.push(to_hash.to_vec().into());
        conditions.push(format!("to_hash = ${}", values.len()));
    }
    let sql = format!(
        "SELECT id, kind, state, sealed_in, recipient, body, created_at FROM messages_outbox \
         WHERE {} ORDER BY id DESC LIMIT $1",
        conditions.join(" AND ")
    );
    let reader = db.reader();
    let statement = Statement::from_sql_and_values(reader.get_database_backend(), sql, values);
    reader.query_all_raw(statement).await?.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<Row, DbErr> {
    let id: Vec<u8> = row.try_get_by_index(0)?;
    Ok(Row {
        id: MessageId::try_from_bytes(&id).map_err(|error| DbErr::Type(error.to_string()))?,
        kind: row.try_get_by_index(1)?,
        state: row.try_get_by_index(2)?,
        sealed_in: row.try_get_by_index(3)?,
        recipient: row.try_get_by_index(4)?,
        body: row.try_get_by_index(5)?,
        created_at: Timestamp::from_microsecond(row.try_get_by_index(6)?)
            .map_err(|error| DbErr::Type(error.to_string()))?,
    })
}

/// Removes at most `limit` messages from before `until`; how many it removed.
pub(crate) async fn prune(db: &Db, until: Timestamp, limit: u32) -> Result<u64, DbErr> {
    let sql = "DELETE FROM messages_outbox WHERE id IN \
               (SELECT id FROM messages_outbox WHERE created_at < $1 ORDER BY created_at LIMIT $2)";
    db.write(move |tx| {
        Box::pin(async move {
            let values: [Value; 2] = [until.as_microsecond().into(), i64::from(limit).into()];
            let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
            Ok::<u64, DbErr>(tx.execute_raw(statement).await?.rows_affected())
        })
    })
    .await
}

/// Removes whatever was sent to the recipients of these keyed hashes; how many messages.
pub(crate) async fn forget(db: &Db, to: Vec<[u8; 32]>) -> Result<u64, DbErr> {
    db.write(move |tx| {
        let to = to.clone();
        Box::pin(async move {
            let mut removed = 0;
            for hash in to {
                let sql = "DELETE FROM messages_outbox WHERE to_hash = $1";
                let values: [Value; 1] = [hash.to_vec().into()];
                let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
                removed += tx.execute_raw(statement).await?.rows_affected();
            }
            Ok::<u64, DbErr>(removed)
        })
    })
    .await
}
