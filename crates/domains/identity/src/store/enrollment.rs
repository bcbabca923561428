//! Enrollment codes of the bank's people, as keyed hashes.

use clock::Timestamp;
use ids::StaffId;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, Set};

use super::row::staff_enrollment::{ActiveModel, Column, Entity, Model};
use super::{Hash, array, instant, staff_id};

/// A code that waits to be used.
#[derive(Clone)]
pub(crate) struct EnrollmentRow {
    pub(crate) staff: StaffId,
    pub(crate) code_hash: Hash,
    pub(crate) given_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// Keeps a code; the one before it is good no more.
pub(crate) async fn keep_enrollment(tx: &impl ConnectionTrait, row: &EnrollmentRow) -> Result<(), DbErr> {
    let row = ActiveModel {
        staff: Set(row.staff.to_bytes().to_vec()),
        code_hash: Set(row.code_hash.to_vec()),
        given_at: Set(row.given_at.as_microsecond()),
        expires_at: Set(row.expires_at.as_microsecond()),
    };
    let replace = OnConflict::column(Column::Staff)
        .update_columns([Column::CodeHash, Column::GivenAt, Column::ExpiresAt])
        .to_owned();
    Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await.map(|_| ())
}

/// The code of a member of staff, also one that is too old.
pub(crate) async fn enrollment_of(
    on: &impl ConnectionTrait,
    staff: StaffId,
) -> Result<Option<EnrollmentRow>, DbErr> {
    Entity::find_by_id(staff.to_bytes().to_vec()).one(on).await?.map(read).transpose()
}

/// All codes that are there, in no order.
pub(crate) async fn enrollments(on: &impl ConnectionTrait) -> Result<Vec<EnrollmentRow>, DbErr> {
    Entity::find().all(on).await?.into_iter().map(read).collect()
}

/// Uses a code up; `false` where it is not there any more.
pub(crate) async fn use_enrollment(tx: &impl ConnectionTrait, row: &EnrollmentRow) -> Result<bool, DbErr> {
    let this = Entity::delete_many()
        .filter(Column::Staff.eq(row.staff.to_bytes().to_vec()))
        .filter(Column::CodeHash.eq(row.code_hash.to_vec()));
    Ok(this.exec(tx).await?.rows_affected > 0)
}

/// Forgets the code of somebody who is gone, or has a password instead.
pub(crate) async fn remove_enrollment(tx: &impl ConnectionTrait, staff: StaffId) -> Result<(), DbErr> {
    Entity::delete_by_id(staff.to_bytes().to_vec()).exec(tx).await.map(|_| ())
}

/// Forgets codes that are too old to be used.
pub(crate) async fn remove_expired_enrollments(
    tx: &impl ConnectionTrait,
    now: Timestamp,
) -> Result<u64, DbErr> {
    let old = Column::ExpiresAt.lte(now.as_microsecond());
    Ok(Entity::delete_many().filter(old).exec(tx).await?.rows_affected)
}

fn read(row: Model) -> Result<EnrollmentRow, DbErr> {
    Ok(EnrollmentRow {
        staff: staff_id(&row.staff)?,
        code_hash: array(&row.code_hash, "code_hash")?,
        given_at: instant(row.given_at)?,
        expires_at: instant(row.expires_at)?,
    })
}
