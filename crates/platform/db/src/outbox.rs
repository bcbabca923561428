//! News to be relayed: written in the transaction that made it true, seen by every reaction at least once.

mod dead;
mod lag;

use clock::Timestamp;
use contracts::News;
use ids::EventId;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, QueryResult, Statement, Value};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{Db, Migrations, Places};

#[cfg(test)]
pub(crate) use dead::IS_DEAD;
pub use dead::{DeadLetter, Replay, Replayed, dead_letters, replay};
#[cfg(test)]
pub(crate) use lag::counting;
pub use lag::{Lag, lag};

/// The tables of the outbox, of leases and of the runs of jobs.
pub const MIGRATIONS: Migrations =
    crate::migrations!("db", "0001_outbox", "0002_lease", "0003_job_run", "0004_dead_letter", "0005_heard");

/// What makes an event one that is still to be relayed, as the index `outbox_event_waiting` has it.
pub(crate) const IS_WAITING: &str = "relayed_at IS NULL";

/// Something that happened. Reactions are idempotent by `id`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Unique and time-ordered.
    pub id: EventId,
    /// `domain.past_participle`, for example `payments.transfer_posted`.
    pub topic: String,
    /// What it is about; events of one key keep their order.
    pub key: String,
    /// The announced type of the domain's contract as JSON.
    pub payload: serde_json::Value,
    /// When it happened.
    pub occurred_at: Timestamp,
}

impl Event {
    /// `news`, about `key`, under a fresh id.
    ///
    /// # Errors
    /// `news` cannot be written as JSON.
    pub fn try_new<N: News>(key: &str, news: &N, occurred_at: Timestamp) -> Result<Self, DbErr> {
        let payload = serde_json::to_value(news).map_err(|error| DbErr::Json(error.to_string()))?;
        let topic = N::TOPIC.to_owned();
        Ok(Self { id: EventId::mint(), topic, key: key.to_owned(), payload, occurred_at })
    }

    /// The payload as the type that the domain's contract announces.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Unreadable> {
        T::deserialize(&self.payload).map_err(|error| Unreadable::of(&error))
    }
}

/// A payload is not what its topic promises. Says what is wrong and repeats no value, since logs and staff see it and
/// values may be personal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the payload cannot be read: {0}")]
pub struct Unreadable(String);

impl Unreadable {
    fn of(error: &serde_json::Error) -> Self {
        let text = error.to_string();
        // Names of fields and what was expected come from our own types; whatever stands before came with the event.
        let ours = ["missing field `", "duplicate field `"].iter().any(|ours| text.starts_with(ours));
        Self(match text.rsplit_once(", expected ") {
            _ if ours => text,
            Some((_, expected)) => format!("a value is not {expected}"),
            None => "a value is malformed".to_owned(),
        })
    }
}

/// Writes `event` into the transaction that makes it true.
///
/// # Errors
/// The statement failed.
pub async fn announce(tx: &DatabaseTransaction, event: &Event) -> Result<(), DbErr> {
    announce_many(tx, std::slice::from_ref(event)).await
}

/// Writes `events`, in order, into the transaction that makes them true.
///
/// # Errors
/// A statement failed.
pub async fn announce_many(tx: &DatabaseTransaction, events: &[Event]) -> Result<(), DbErr> {
    const COLUMNS: usize = 5;
    for part in events.chunks(ROWS_MAX) {
        let rows = Places::on(tx).rows(part.len(), COLUMNS);
        let sql = format!("INSERT INTO outbox_event (id, topic, key, payload, occurred_at) VALUES {rows}");
        let values = part.iter().flat_map(|event| -> [Value; COLUMNS] {
            [
                event.id.to_bytes().to_vec().into(),
                event.topic.clone().into(),
                event.key.clone().into(),
                event.payload.to_string().into(),
                event.occurred_at.as_microsecond().into(),
            ]
        });
        tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    }
    Ok(())
}

/// Rows in one statement; keeps well below what either database allows.
const ROWS_MAX: usize = 200;

/// The oldest events still to be relayed, in order of their ids; at most `limit`. Of these `domains` alone, where they
/// are named: a topic begins with the name of the domain that announces it.
///
/// # Errors
/// The statement failed.
pub async fn waiting(db: &Db, domains: Option<&[&str]>, limit: u32) -> Result<Vec<Event>, DbErr> {
    let reader = db.reader();
    let mut places = Places::on(reader);
    let mine =
        domains.map_or_else(String::new, |domains| format!("AND {}", of_domains(&mut places, domains)));
    let sql = format!(
        "SELECT id, topic, key, payload, occurred_at FROM outbox_event \
         WHERE {IS_WAITING} {mine} ORDER BY id LIMIT {}",
        places.one()
    );
    let values = topics(domains.unwrap_or_default()).chain([i64::from(limit).into()]);
    let statement = Statement::from_sql_and_values(reader.get_database_backend(), sql, values);
    reader.query_all_raw(statement).await?.iter().map(read).collect()
}

/// That an event is of one of `domains`; [`topics`] are the values.
fn of_domains(places: &mut Places, domains: &[&str]) -> String {
    if domains.is_empty() {
        return "1 = 0".to_owned();
    }
    let topics: Vec<String> = domains.iter().map(|_| format!("topic LIKE {}", places.one())).collect();
    format!("({})", topics.join(" OR "))
}

fn topics(domains: &[&str]) -> impl Iterator<Item = Value> {
    domains.iter().map(|domain| Value::from(format!("{domain}.%")))
}

fn read(row: &QueryResult) -> Result<Event, DbErr> {
    let id: Vec<u8> = row.try_get_by_index(0)?;
    let payload: String = row.try_get_by_index(3)?;
    Ok(Event {
        id: EventId::try_from_bytes(&id).map_err(|error| DbErr::Type(error.to_string()))?,
        topic: row.try_get_by_index(1)?,
        key: row.try_get_by_index(2)?,
        payload: serde_json::from_str(&payload).map_err(|error| DbErr::Json(error.to_string()))?,
        occurred_at: Timestamp::from_microsecond(row.try_get_by_index(4)?)
            .map_err(|error| DbErr::Type(error.to_string()))?,
    })
}

/// Every reaction has seen these: what they said is not kept.
///
/// # Errors
/// The statement failed: they will be relayed again.
pub async fn relayed(db: &Db, ids: Vec<EventId>, at: Timestamp) -> Result<(), DbErr> {
    db.write(move |tx| {
        let ids = ids.clone();
        Box::pin(async move {
            for part in ids.chunks(ROWS_MAX) {
                let mut places = Places::on(tx);
                let (now, ids) = (places.one(), places.list(part.len()));
                let sql = format!(
                    "UPDATE outbox_event SET relayed_at = {now}, attempts = attempts + 1, failure = NULL, \
                     payload = 'null' WHERE id IN {ids}"
                );
                let values = std::iter::once(Value::from(at.as_microsecond()))
                    .chain(part.iter().map(|id| id.to_bytes().to_vec().into()));
                let backend = tx.get_database_backend();
                tx.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
            }
            Ok::<(), DbErr>(())
        })
    })
    .await
}

/// A reaction refused this event. After `attempts_max` refusals it is set aside as a [`DeadLetter`], so that it does not
/// hold up what follows.
///
/// # Errors
/// The statement failed.
pub async fn refused(db: &Db, id: EventId, why: &str, at: Timestamp, attempts_max: u32) -> Result<(), DbErr> {
    let sql = "UPDATE outbox_event SET attempts = attempts + 1, failure = $1, \
               relayed_at = CASE WHEN attempts + 1 >= $2 THEN $3 ELSE NULL END WHERE id = $4";
    let why = why.to_owned();
    db.write(move |tx| {
        let values: [Value; 4] = [
            why.clone().into(),
            i64::from(attempts_max).into(),
            at.as_microsecond().into(),
            id.to_bytes().to_vec().into(),
        ];
        Box::pin(async move {
            tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values))
                .await
                .map(|_| ())
        })
    })
    .await
}

#[cfg(test)]
mod tests;
