//! Counted tries.

use clock::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, Set};

use super::row::tries::{ActiveModel, Column, Entity, Model};
use super::{Hash, instant};
use crate::model::tries::{Budget, Tries};

/// What tries are counted for, and how many are borne.
pub(crate) type TriesKey = (Hash, Budget);

/// Counts one try for each key, or for none: `Ok(Err(until))` names the latest instant until which one of them holds.
/// The counts come back in the order of the keys.
pub(crate) async fn take_tries(
    tx: &impl ConnectionTrait,
    keys: &[TriesKey],
    now: Timestamp,
) -> Result<Result<Vec<Tries>, Timestamp>, DbErr> {
    let mut taken = Vec::with_capacity(keys.len());
    let mut held: Option<Timestamp> = None;
    for (key, budget) in keys {
        match Tries::take(read(tx, key).await?, budget, now) {
            Ok(tries) => taken.push(tries),
            Err(until) => held = held.max(Some(until)),
        }
    }
    if let Some(until) = held {
        return Ok(Err(until));
    }
    for ((key, _), tries) in keys.iter().zip(&taken) {
        write(tx, key, tries).await?;
    }
    Ok(Ok(taken))
}

/// The try was a right one: nothing is held against this key any more.
pub(crate) async fn clear_tries(tx: &impl ConnectionTrait, key: &Hash) -> Result<(), DbErr> {
    Entity::delete_by_id(key.to_vec()).exec(tx).await.map(|_| ())
}

/// The try was a right one: it does not count, earlier wrong ones do.
pub(crate) async fn refund_tries(tx: &impl ConnectionTrait, key: &Hash) -> Result<(), DbErr> {
    match read(tx, key).await? {
        Some(tries) => write(tx, key, &tries.refund()).await,
        None => Ok(()),
    }
}

/// Forgets what was last counted before `before`.
pub(crate) async fn remove_old_tries(tx: &impl ConnectionTrait, before: Timestamp) -> Result<u64, DbErr> {
    let removed = Entity::delete_many().filter(Column::LastAt.lt(before.as_microsecond())).exec(tx).await?;
    Ok(removed.rows_affected)
}

async fn read(tx: &impl ConnectionTrait, key: &Hash) -> Result<Option<Tries>, DbErr> {
    let Some(row) = Entity::find_by_id(key.to_vec()).one(tx).await? else { return Ok(None) };
    let Model { count, level, first_at, last_at, .. } = row;
    Ok(Some(Tries {
        count: u32::try_from(count).unwrap_or(u32::MAX),
        level: u32::try_from(level).unwrap_or(u32::MAX),
        first_at: instant(first_at)?,
        last_at: instant(last_at)?,
    }))
}

async fn write(tx: &impl ConnectionTrait, key: &Hash, tries: &Tries) -> Result<(), DbErr> {
    let row = ActiveModel {
        tries_key: Set(key.to_vec()),
        count: Set(tries.count.into()),
        level: Set(tries.level.into()),
        first_at: Set(tries.first_at.as_microsecond()),
        last_at: Set(tries.last_at.as_microsecond()),
    };
    let replace = OnConflict::column(Column::TriesKey)
        .update_columns([Column::Count, Column::Level, Column::FirstAt, Column::LastAt])
        .to_owned();
    Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await.map(|_| ())
}
