//! Wrapped data keys in the database.

pub(crate) mod generation;
pub(crate) mod rewrap;

use clock::Timestamp;
use db::{Db, Places};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};

use crate::Subject;

/// Rows per statement; keeps the number of parameters far below what either database accepts.
const ROWS_MAX: usize = 500;

/// A subject's data key as it is stored.
pub(crate) struct Stored {
    pub(crate) subject: Subject,
    /// Which generation wraps it.
    pub(crate) generation: u32,
    /// `None` once destroyed.
    pub(crate) wrapped: Option<Vec<u8>>,
}

async fn load_from(reader: &impl ConnectionTrait, subjects: &[Subject]) -> Result<Vec<Stored>, DbErr> {
    let mut stored = Vec::with_capacity(subjects.len());
    for part in subjects.chunks(ROWS_MAX) {
        let sql = format!(
            "SELECT subject, generation, wrapped FROM keys_data_key WHERE subject IN {}",
            Places::on(reader).list(part.len())
        );
        let values = part.iter().map(|subject| Value::from(subject.bytes().to_vec()));
        let statement = Statement::from_sql_and_values(reader.get_database_backend(), sql, values);
        for row in reader.query_all_raw(statement).await? {
            stored.push(stored_of(&row)?);
        }
    }
    Ok(stored)
}

/// From `subject, generation, wrapped`.
fn stored_of(row: &QueryResult) -> Result<Stored, DbErr> {
    Ok(Stored {
        subject: subject_of(row)?,
        generation: number_of(row, 1)?,
        wrapped: row.try_get_by_index(2)?,
    })
}

fn number_of(row: &QueryResult, index: usize) -> Result<u32, DbErr> {
    let number: i64 = row.try_get_by_index(index)?;
    u32::try_from(number).map_err(|_| DbErr::Type("a generation has no such number".to_owned()))
}

fn subject_of(row: &QueryResult) -> Result<Subject, DbErr> {
    let bytes: Vec<u8> = row.try_get_by_index(0)?;
    let bytes = bytes.try_into().map_err(|_| DbErr::Type("a subject is not 16 bytes long".to_owned()))?;
    Ok(Subject(bytes))
}

/// The rows of those of `subjects` that have one.
pub(crate) async fn load(db: &Db, subjects: &[Subject]) -> Result<Vec<Stored>, DbErr> {
    load_from(db.reader(), subjects).await
}

/// Stores fresh keys that `generation` wraps, all in one transaction, and gives what holds now: where another was first,
/// its key. `None`, and nothing is stored, where that generation is no longer the one that wraps what is new.
pub(crate) async fn create(
    db: &Db,
    fresh: Vec<(Subject, Vec<u8>)>,
    generation: u32,
    at: Timestamp,
) -> Result<Option<Vec<Stored>>, DbErr> {
    db.write(move |tx| {
        let fresh = fresh.clone();
        Box::pin(async move {
            if generation::newest(tx).await? != Some(generation) {
                return Ok::<_, DbErr>(None);
            }
            for part in fresh.chunks(ROWS_MAX) {
                let sql = format!(
                    "INSERT INTO keys_data_key (subject, wrapped, generation, created_at) VALUES {} \
                     ON CONFLICT (subject) DO NOTHING",
                    Places::on(tx).rows(part.len(), 4)
                );
                let values = part.iter().flat_map(|(subject, wrapped)| {
                    let subject = subject.bytes().to_vec();
                    let generation = i64::from(generation);
                    [subject.into(), wrapped.clone().into(), generation.into(), at.as_microsecond().into()]
                });
                tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values))
                    .await?;
            }
            let subjects: Vec<Subject> = fresh.iter().map(|(subject, _)| *subject).collect();
            load_from(tx, &subjects).await.map(Some)
        })
    })
    .await
}

/// Erases the key of `subject`, and leaves the row so that it gets no other; whether there was a key.
pub(crate) async fn destroy(db: &Db, subject: Subject, at: Timestamp) -> Result<bool, DbErr> {
    let erase = "UPDATE keys_data_key SET wrapped = NULL, destroyed_at = $1 \
                 WHERE subject = $2 AND wrapped IS NOT NULL";
    let bar = "INSERT INTO keys_data_key (subject, wrapped, created_at, destroyed_at) \
               VALUES ($2, NULL, $1, $1) ON CONFLICT (subject) DO NOTHING";
    db.write(move |tx| {
        Box::pin(async move {
            let backend = tx.get_database_backend();
            let values: [Value; 2] = [at.as_microsecond().into(), subject.bytes().to_vec().into()];
            let erased =
                tx.execute_raw(Statement::from_sql_and_values(backend, erase, values.clone())).await?;
            tx.execute_raw(Statement::from_sql_and_values(backend, bar, values)).await?;
            Ok::<bool, DbErr>(erased.rows_affected() > 0)
        })
    })
    .await
}

/// Which master key the data keys are wrapped with.
pub(crate) async fn fingerprint(db: &Db) -> Result<Option<[u8; 16]>, DbErr> {
    fingerprint_from(db.reader()).await
}

async fn fingerprint_from(reader: &impl ConnectionTrait) -> Result<Option<[u8; 16]>, DbErr> {
    let sql = "SELECT fingerprint FROM keys_master";
    let row = reader.query_one_raw(Statement::from_string(reader.get_database_backend(), sql)).await?;
    row.map(|row| subject_of(&row).map(|Subject(bytes)| bytes)).transpose()
}

/// Remembers the master key unless one is remembered already; gives the one that holds now.
pub(crate) async fn remember_fingerprint(
    db: &Db,
    fingerprint: [u8; 16],
    at: Timestamp,
) -> Result<[u8; 16], DbErr> {
    let sql = "INSERT INTO keys_master (fingerprint, created_at) VALUES ($1, $2)";
    db.write(move |tx| {
        Box::pin(async move {
            if let Some(known) = fingerprint_from(tx).await? {
                return Ok::<[u8; 16], DbErr>(known);
            }
            let values: [Value; 2] = [fingerprint.to_vec().into(), at.as_microsecond().into()];
            tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
            Ok(fingerprint)
        })
    })
    .await
}
