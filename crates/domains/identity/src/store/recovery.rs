//! Passwords on their way to a new one.

use clock::Timestamp;
use contracts::identity::Channel;
use ids::{CustomerId, RecoveryId, StaffId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, Set};

use super::row::credential;
use super::row::recovery::{ActiveModel, Column, Entity, Model};
use super::{Hash, array, customer_id, instant, of_word, staff_id, word};
use crate::model::recovery::Outcome;

/// A recovery that somebody asked for.
#[derive(Clone)]
pub(crate) struct RecoveryRow {
    pub(crate) id: RecoveryId,
    pub(crate) customer: CustomerId,
    /// The device cookie of the one who asked.
    pub(crate) requester: Hash,
    pub(crate) channel: Channel,
    pub(crate) device_name: String,
    pub(crate) asked_at: Timestamp,
    pub(crate) ready_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) vouched_by: Option<StaffId>,
    pub(crate) confirmed_by: Option<StaffId>,
}

pub(crate) async fn insert_recovery(tx: &impl ConnectionTrait, row: &RecoveryRow) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(row.id.to_bytes().to_vec()),
        customer: Set(row.customer.to_bytes().to_vec()),
        requester: Set(row.requester.to_vec()),
        channel: Set(word(row.channel)?),
        device_name: Set(row.device_name.clone()),
        asked_at: Set(row.asked_at.as_microsecond()),
        ready_at: Set(row.ready_at.as_microsecond()),
        expires_at: Set(row.expires_at.as_microsecond()),
        vouched_by: Set(None),
        confirmed_by: Set(None),
        ended_at: Set(None),
        outcome: Set(None),
    };
    Entity::insert(row).exec_without_returning(tx).await.map(|_| ())
}

/// A customer's recoveries that can still lead to a new password, the oldest first.
pub(crate) async fn open_recoveries(
    on: &impl ConnectionTrait,
    customer: CustomerId,
    now: Timestamp,
) -> Result<Vec<RecoveryRow>, DbErr> {
    let rows = Entity::find()
        .filter(Column::Customer.eq(customer.to_bytes().to_vec()))
        .filter(Column::EndedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.as_microsecond()))
        .order_by_asc(Column::Id)
        .all(on)
        .await?;
    rows.into_iter().map(read).collect()
}

/// Ends one that is open; `false` where it is over already.
pub(crate) async fn end_recovery(
    tx: &impl ConnectionTrait,
    id: RecoveryId,
    outcome: Outcome,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let done = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now.as_microsecond()))
        .col_expr(Column::Outcome, Expr::value(word(outcome)?))
        .filter(Column::Id.eq(id.to_bytes().to_vec()))
        .filter(Column::EndedAt.is_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Ends those that expired unused: their requesters may ask anew.
pub(crate) async fn end_expired_recoveries(tx: &impl ConnectionTrait, now: Timestamp) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::EndedAt, Expr::col(Column::ExpiresAt))
        .col_expr(Column::Outcome, Expr::value(word(Outcome::Expired)?))
        .filter(Column::EndedAt.is_null())
        .filter(Column::ExpiresAt.lte(now.as_microsecond()))
        .exec(tx)
        .await
        .map(|_| ())
}

/// `staff` saw the customer's documents; `false` where somebody else vouched meanwhile.
pub(crate) async fn vouch(tx: &impl ConnectionTrait, id: RecoveryId, staff: StaffId) -> Result<bool, DbErr> {
    let done = Entity::update_many()
        .col_expr(Column::VouchedBy, Expr::value(staff.to_bytes().to_vec()))
        .filter(Column::Id.eq(id.to_bytes().to_vec()))
        .filter(Column::VouchedBy.is_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// A second member of staff saw them, too: it is ready now. `false` where another did meanwhile.
pub(crate) async fn confirm(
    tx: &impl ConnectionTrait,
    id: RecoveryId,
    staff: StaffId,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let done = Entity::update_many()
        .col_expr(Column::ConfirmedBy, Expr::value(staff.to_bytes().to_vec()))
        .col_expr(Column::ReadyAt, Expr::value(now.as_microsecond()))
        .filter(Column::Id.eq(id.to_bytes().to_vec()))
        .filter(Column::VouchedBy.is_not_null())
        .filter(Column::VouchedBy.ne(staff.to_bytes().to_vec()))
        .filter(Column::ConfirmedBy.is_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Removes what ended before `before`.
pub(crate) async fn remove_old_recoveries(
    tx: &impl ConnectionTrait,
    before: Timestamp,
) -> Result<u64, DbErr> {
    let old = Column::EndedAt.lt(before.as_microsecond());
    Ok(Entity::delete_many().filter(old).exec(tx).await?.rows_affected)
}

/// Until when the password of `customer` alone gives nobody another way in.
pub(crate) async fn held_until(
    on: &impl ConnectionTrait,
    customer: CustomerId,
) -> Result<Option<Timestamp>, DbErr> {
    let row = credential::Entity::find_by_id(customer.to_bytes().to_vec()).one(on).await?;
    row.map(|row| instant(row.held_until)).transpose()
}

pub(crate) async fn hold_until(
    tx: &impl ConnectionTrait,
    customer: CustomerId,
    until: Timestamp,
) -> Result<(), DbErr> {
    credential::Entity::update_many()
        .col_expr(credential::Column::HeldUntil, Expr::value(until.as_microsecond()))
        .filter(credential::Column::Customer.eq(customer.to_bytes().to_vec()))
        .exec(tx)
        .await
        .map(|_| ())
}

fn read(row: Model) -> Result<RecoveryRow, DbErr> {
    let staff = |id: Option<Vec<u8>>| id.map(|id| staff_id(&id)).transpose();
    Ok(RecoveryRow {
        id: super::recovery_id(&row.id)?,
        customer: customer_id(&row.customer)?,
        requester: array(&row.requester, "requester")?,
        channel: of_word(row.channel)?,
        device_name: row.device_name,
        asked_at: instant(row.asked_at)?,
        ready_at: instant(row.ready_at)?,
        expires_at: instant(row.expires_at)?,
        vouched_by: staff(row.vouched_by)?,
        confirmed_by: staff(row.confirmed_by)?,
    })
}
