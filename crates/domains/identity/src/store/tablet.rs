//! Tablets that stand in branches.

use clock::Timestamp;
use ids::{DeviceId, StaffId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, Set};

use super::row::tablet::{ActiveModel, Column, Entity, Model};
use super::{Hash, array, device_id, instant, staff_id};

/// A tablet that is registered.
#[derive(Clone)]
pub(crate) struct TabletRow {
    pub(crate) id: DeviceId,
    pub(crate) name: String,
    /// The key of its page; `None` until it was given its code.
    pub(crate) key: Option<Hash>,
    pub(crate) code_hash: Option<Hash>,
    pub(crate) code_expires_at: Timestamp,
    pub(crate) added_at: Timestamp,
    pub(crate) added_by: StaffId,
}

pub(crate) async fn insert_tablet(tx: &impl ConnectionTrait, one: &TabletRow) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(one.id.to_bytes().to_vec()),
        name: Set(one.name.clone()),
        device_key: Set(one.key.map(|key| key.to_vec())),
        code_hash: Set(one.code_hash.map(|hash| hash.to_vec())),
        code_expires_at: Set(one.code_expires_at.as_microsecond()),
        added_at: Set(one.added_at.as_microsecond()),
        added_by: Set(one.added_by.to_bytes().to_vec()),
        removed_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(tx).await.map(|_| ())
}

/// All that are registered, by name.
pub(crate) async fn tablets(on: &impl ConnectionTrait) -> Result<Vec<TabletRow>, DbErr> {
    let find = Entity::find().filter(Column::RemovedAt.is_null());
    find.order_by_asc(Column::Name).all(on).await?.into_iter().map(read).collect()
}

/// The one whose page has this key.
pub(crate) async fn tablet_of_key(on: &impl ConnectionTrait, key: &Hash) -> Result<Option<TabletRow>, DbErr> {
    let find = Entity::find().filter(Column::DeviceKey.eq(key.to_vec())).filter(Column::RemovedAt.is_null());
    find.one(on).await?.map(read).transpose()
}

/// The one that waits for this code.
pub(crate) async fn tablet_of_code(
    on: &impl ConnectionTrait,
    code_hash: &Hash,
    now: Timestamp,
) -> Result<Option<TabletRow>, DbErr> {
    let find = Entity::find()
        .filter(Column::CodeHash.eq(code_hash.to_vec()))
        .filter(Column::CodeExpiresAt.gt(now.as_microsecond()))
        .filter(Column::RemovedAt.is_null());
    find.one(on).await?.map(read).transpose()
}

/// Gives the one that waits for this code its key; `false` where another was first.
pub(crate) async fn give_tablet_key(
    tx: &impl ConnectionTrait,
    id: DeviceId,
    code_hash: &Hash,
    key: &Hash,
) -> Result<bool, DbErr> {
    let done = Entity::update_many()
        .col_expr(Column::DeviceKey, Expr::value(key.to_vec()))
        .col_expr(Column::CodeHash, Expr::value(Option::<Vec<u8>>::None))
        .filter(Column::Id.eq(id.to_bytes().to_vec()))
        .filter(Column::CodeHash.eq(code_hash.to_vec()))
        .filter(Column::RemovedAt.is_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// `false` where there is none.
pub(crate) async fn remove_tablet(
    tx: &impl ConnectionTrait,
    id: DeviceId,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let done = Entity::update_many()
        .col_expr(Column::RemovedAt, Expr::value(now.as_microsecond()))
        .col_expr(Column::CodeHash, Expr::value(Option::<Vec<u8>>::None))
        .filter(Column::Id.eq(id.to_bytes().to_vec()))
        .filter(Column::RemovedAt.is_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

fn read(row: Model) -> Result<TabletRow, DbErr> {
    Ok(TabletRow {
        id: device_id(&row.id)?,
        name: row.name,
        key: row.device_key.map(|key| array(&key, "device_key")).transpose()?,
        code_hash: row.code_hash.map(|hash| array(&hash, "code_hash")).transpose()?,
        code_expires_at: instant(row.code_expires_at)?,
        added_at: instant(row.added_at)?,
        added_by: staff_id(&row.added_by)?,
    })
}
