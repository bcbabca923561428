//! Dead letters: news that a reaction kept refusing, set aside so that what follows goes on; seen, and relayed again.

use clock::Timestamp;
use ids::{EventId, StaffId};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, QueryResult, Statement, Value};

use super::{of_domains, topics};
use crate::{Db, Places};

/// What makes an event a dead letter, as the index `outbox_event_dead` has it.
pub(crate) const IS_DEAD: &str = "relayed_at IS NOT NULL AND failure IS NOT NULL";

/// News that was set aside. Without its payload, which may hold personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Of the event.
    pub id: EventId,
    /// `domain.past_participle`.
    pub topic: String,
    /// What it is about: an id.
    pub key: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When it was set aside.
    pub set_aside_at: Timestamp,
    /// How often it was refused since it was announced or replayed.
    pub attempts: i64,
    /// Who refused it the last time, and why.
    pub failure: String,
    /// Oldest first; empty where it was never replayed.
    pub replays: Vec<Replay>,
}

/// That a dead letter was relayed again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// When that was asked for.
    pub at: Timestamp,
    /// By whom.
    pub staff: StaffId,
}

/// What became of the wish to replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replayed {
    /// It waits to be relayed, as if it had never been refused.
    Waits,
    /// It is not a dead letter: it waits already, or was heard.
    NotDead,
    /// These domains announced no such event.
    Unknown,
}

/// Dead letters of `domains`, newest first; at most `limit`, older than `before` where it is given.
///
/// # Errors
/// A statement failed.
pub async fn dead_letters(
    db: &Db,
    domains: &[&str],
    before: Option<EventId>,
    limit: u32,
) -> Result<Vec<DeadLetter>, DbErr> {
    let reader = db.reader();
    let mut places = Places::on(reader);
    let mine = of_domains(&mut places, domains);
    let older = before.map_or_else(String::new, |_| format!("AND id < {}", places.one()));
    let sql = format!(
        "SELECT id, topic, key, occurred_at, relayed_at, attempts, failure FROM outbox_event \
         WHERE {IS_DEAD} AND {mine} {older} ORDER BY id DESC LIMIT {}",
        places.one()
    );
    let before = before.map(|id| Value::from(id.to_bytes().to_vec()));
    let values = topics(domains).chain(before).chain([i64::from(limit).into()]);
    let statement = Statement::from_sql_and_values(reader.get_database_backend(), sql, values);
    let rows = reader.query_all_raw(statement).await?;
    let mut letters: Vec<DeadLetter> = rows.iter().map(read).collect::<Result<_, _>>()?;
    let ids: Vec<EventId> = letters.iter().map(|letter| letter.id).collect();
    for (event, replay) in replays(db, &ids).await? {
        let letter = letters.iter_mut().find(|letter| letter.id == event);
        letter.into_iter().for_each(|letter| letter.replays.push(replay.clone()));
    }
    Ok(letters)
}

/// Has a dead letter of `domains` relayed again, and keeps who asked for it. Reactions do nothing with news that they
/// have heard, so that only those hear it that refused it.
///
/// # Errors
/// The statement failed; nothing was done, or it is unknown and asking again is safe.
pub async fn replay(
    db: &Db,
    domains: &[&str],
    id: EventId,
    staff: StaffId,
    at: Timestamp,
) -> Result<Replayed, DbErr> {
    let domains: Vec<String> = domains.iter().map(|&domain| domain.to_owned()).collect();
    db.write(move |tx| {
        let domains = domains.clone();
        Box::pin(async move {
            let domains: Vec<&str> = domains.iter().map(String::as_str).collect();
            let found = failure_of(tx, &domains, id).await?;
            let failure = match found {
                None => return Ok(Replayed::Unknown),
                Some(None) => return Ok(Replayed::NotDead),
                Some(Some(failure)) => failure,
            };
            note(tx, id, staff, at, failure).await?;
            let mut places = Places::on(tx);
            let sql = format!(
                "UPDATE outbox_event SET relayed_at = NULL, failure = NULL, attempts = 0 WHERE id = {}",
                places.one()
            );
            let values = [id.to_bytes().to_vec().into()];
            tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
            Ok::<_, DbErr>(Replayed::Waits)
        })
    })
    .await
}

/// What an event was set aside for; `Some(None)` where it is no dead letter, `None` where it is not there.
async fn failure_of(
    tx: &DatabaseTransaction,
    domains: &[&str],
    id: EventId,
) -> Result<Option<Option<String>>, DbErr> {
    let mut places = Places::on(tx);
    let mine = of_domains(&mut places, domains);
    let sql = format!(
        "SELECT CASE WHEN {IS_DEAD} THEN failure END FROM outbox_event WHERE {mine} AND id = {}",
        places.one()
    );
    let values = topics(domains).chain([id.to_bytes().to_vec().into()]);
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
    tx.query_one_raw(statement).await?.map(|row| row.try_get_by_index(0)).transpose()
}

async fn note(
    tx: &DatabaseTransaction,
    id: EventId,
    staff: StaffId,
    at: Timestamp,
    failure: String,
) -> Result<(), DbErr> {
    let values: [Value; 4] = [
        id.to_bytes().to_vec().into(),
        at.as_microsecond().into(),
        staff.to_bytes().to_vec().into(),
        failure.into(),
    ];
    let row = Places::on(tx).list(values.len());
    let sql = format!("INSERT INTO outbox_replay (event, replayed_at, staff, failure) VALUES {row}");
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Replays of these events, oldest first.
async fn replays(db: &Db, ids: &[EventId]) -> Result<Vec<(EventId, Replay)>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let reader = db.reader();
    let sql = format!(
        "SELECT event, replayed_at, staff FROM outbox_replay WHERE event IN {} ORDER BY replayed_at",
        Places::on(reader).list(ids.len())
    );
    let values = ids.iter().map(|id| Value::from(id.to_bytes().to_vec()));
    let statement = Statement::from_sql_and_values(reader.get_database_backend(), sql, values);
    let read = |row: &QueryResult| {
        let staff: Vec<u8> = row.try_get_by_index(2)?;
        let staff = StaffId::try_from_bytes(&staff).map_err(|error| DbErr::Type(error.to_string()))?;
        Ok((event_id(row)?, Replay { at: instant(row, 1)?, staff }))
    };
    reader.query_all_raw(statement).await?.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<DeadLetter, DbErr> {
    Ok(DeadLetter {
        id: event_id(row)?,
        topic: row.try_get_by_index(1)?,
        key: row.try_get_by_index(2)?,
        occurred_at: instant(row, 3)?,
        set_aside_at: instant(row, 4)?,
        attempts: row.try_get_by_index(5)?,
        failure: row.try_get_by_index(6)?,
        replays: Vec::new(),
    })
}

fn event_id(row: &QueryResult) -> Result<EventId, DbErr> {
    let id: Vec<u8> = row.try_get_by_index(0)?;
    EventId::try_from_bytes(&id).map_err(|error| DbErr::Type(error.to_string()))
}

fn instant(row: &QueryResult, at: usize) -> Result<Timestamp, DbErr> {
    Timestamp::from_microsecond(row.try_get_by_index(at)?).map_err(|error| DbErr::Type(error.to_string()))
}
