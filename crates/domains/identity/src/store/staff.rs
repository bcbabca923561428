//! The bank's people.

use clock::Timestamp;
use contracts::identity::Role;
use ids::StaffId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, Set};

use super::row::staff::{ActiveModel, Column, Entity, Model};
use super::{instant, of_word, staff_id, word};

/// A member of staff.
#[derive(Clone)]
pub(crate) struct StaffRow {
    pub(crate) id: StaffId,
    pub(crate) name: String,
    /// Where they have one: argon2id, PHC string.
    pub(crate) password: Option<String>,
    pub(crate) role: Role,
    pub(crate) added_at: Timestamp,
}

pub(crate) async fn staff_by_name(on: &impl ConnectionTrait, name: &str) -> Result<Option<StaffRow>, DbErr> {
    let found =
        Entity::find().filter(Column::Name.eq(name)).filter(Column::RemovedAt.is_null()).one(on).await?;
    found.map(read).transpose()
}

pub(crate) async fn staff_by_id(on: &impl ConnectionTrait, id: StaffId) -> Result<Option<StaffRow>, DbErr> {
    let found =
        Entity::find_by_id(id.to_bytes().to_vec()).filter(Column::RemovedAt.is_null()).one(on).await?;
    found.map(read).transpose()
}

/// Everybody who may sign in, by name.
pub(crate) async fn staff_list(on: &impl ConnectionTrait) -> Result<Vec<StaffRow>, DbErr> {
    let found = Entity::find().filter(Column::RemovedAt.is_null()).order_by_asc(Column::Name).all(on).await?;
    found.into_iter().map(read).collect()
}

pub(crate) async fn insert_staff(tx: &impl ConnectionTrait, staff: &StaffRow) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(staff.id.to_bytes().to_vec()),
        name: Set(staff.name.clone()),
        password: Set(staff.password.clone().unwrap_or_default()),
        role: Set(word(staff.role)?),
        added_at: Set(staff.added_at.as_microsecond()),
        removed_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(tx).await.map(|_| ())
}

/// `password`: none from now on where there is none.
pub(crate) async fn write_staff(
    tx: &impl ConnectionTrait,
    id: StaffId,
    password: Option<&str>,
    role: Role,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Password, Expr::value(password.unwrap_or_default()))
        .col_expr(Column::Role, Expr::value(word(role)?))
        .filter(Column::Id.eq(id.to_bytes().to_vec()))
        .exec(tx)
        .await
        .map(|_| ())
}

pub(crate) async fn remove_staff(
    tx: &impl ConnectionTrait,
    id: StaffId,
    now: Timestamp,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::RemovedAt, Expr::value(now.as_microsecond()))
        .filter(Column::Id.eq(id.to_bytes().to_vec()))
        .filter(Column::RemovedAt.is_null())
        .exec(tx)
        .await
        .map(|_| ())
}

fn read(row: Model) -> Result<StaffRow, DbErr> {
    Ok(StaffRow {
        id: staff_id(&row.id)?,
        name: row.name,
        password: Some(row.password).filter(|password| !password.is_empty()),
        role: of_word(row.role)?,
        added_at: instant(row.added_at)?,
    })
}
