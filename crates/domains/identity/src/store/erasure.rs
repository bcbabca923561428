//! Who is to be erased, and leaving nothing of those who were.

use clock::Timestamp;
use ids::{CustomerId, StaffId};
use sea_orm::sea_query::{Expr, OnConflict, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use super::row::erasure::{ActiveModel, Column, Entity, Model};
use super::row::{
    approval, call, code, credential, device, known_device, name, passkey, recovery, scan, session, sign_in,
    totp, totp_waiting,
};
use super::{Hash, array, customer_id, instant};

/// That a customer is to be erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ErasureRow {
    pub(crate) customer: CustomerId,
    pub(crate) asked_at: Timestamp,
    pub(crate) due_at: Timestamp,
    /// Who took the request on paper.
    pub(crate) staff: Option<StaffId>,
    pub(crate) english: bool,
}

/// Keeps it; `false` where it was asked before.
pub(crate) async fn insert_erasure(tx: &impl ConnectionTrait, row: &ErasureRow) -> Result<bool, DbErr> {
    let row = ActiveModel {
        customer: Set(row.customer.to_bytes().to_vec()),
        asked_at: Set(row.asked_at.as_microsecond()),
        due_at: Set(row.due_at.as_microsecond()),
        staff: Set(row.staff.map(|staff| staff.to_bytes().to_vec())),
        english: Set(row.english.into()),
    };
    let keep = OnConflict::column(Column::Customer).do_nothing().to_owned();
    Ok(Entity::insert(row).on_conflict(keep).exec_without_returning(tx).await? > 0)
}

pub(crate) async fn erasure_of(
    on: &impl ConnectionTrait,
    customer: CustomerId,
) -> Result<Option<ErasureRow>, DbErr> {
    Entity::find_by_id(customer.to_bytes().to_vec()).one(on).await?.map(read).transpose()
}

/// Those whose time has come, the longest waiting first.
pub(crate) async fn due_erasures(
    on: &impl ConnectionTrait,
    now: Timestamp,
    limit: u64,
) -> Result<Vec<ErasureRow>, DbErr> {
    let due = Column::DueAt.lte(now.as_microsecond());
    let rows = Entity::find().filter(due).order_by_asc(Column::DueAt).limit(limit).all(on).await?;
    rows.into_iter().map(read).collect()
}

/// It is not to be done, or is done; whether it was to be.
pub(crate) async fn remove_erasure(tx: &impl ConnectionTrait, customer: CustomerId) -> Result<bool, DbErr> {
    Ok(Entity::delete_by_id(customer.to_bytes().to_vec()).exec(tx).await?.rows_affected > 0)
}

/// The names by which a customer signs in.
pub(crate) async fn names_of(on: &impl ConnectionTrait, customer: CustomerId) -> Result<Vec<Hash>, DbErr> {
    let own = name::Column::Customer.eq(customer.to_bytes().to_vec());
    let rows = name::Entity::find().filter(own).all(on).await?;
    rows.into_iter().map(|row| array(&row.name_index, "name_index")).collect()
}

/// Removes whatever is kept of a customer: names and codes sent to them, secrets, passkeys, the authenticator app, devices,
/// sessions, sign-ins.
/// With `keep_evidence` what they approved stays, sealed as it is, without the device.
pub(crate) async fn forget_customer(
    tx: &impl ConnectionTrait,
    customer: CustomerId,
    names: &[Hash],
    keep_evidence: bool,
) -> Result<(), DbErr> {
    let own = || customer.to_bytes().to_vec();
    let names = names.iter().map(|name| name.to_vec());
    code::Entity::delete_many().filter(code::Column::PhoneIndex.is_in(names)).exec(tx).await?;
    code::Entity::delete_many().filter(code::Column::Customer.eq(own())).exec(tx).await?;
    name::Entity::delete_many().filter(name::Column::Customer.eq(own())).exec(tx).await?;
    credential::Entity::delete_by_id(own()).exec(tx).await?;
    passkey::Entity::delete_many().filter(passkey::Column::Owner.eq(own())).exec(tx).await?;
    totp::Entity::delete_by_id(own()).exec(tx).await?;
    totp_waiting::Entity::delete_by_id(own()).exec(tx).await?;
    session::Entity::delete_many().filter(session::Column::Customer.eq(own())).exec(tx).await?;
    recovery::Entity::delete_many().filter(recovery::Column::Customer.eq(own())).exec(tx).await?;
    call::Entity::delete_many().filter(call::Column::Customer.eq(own())).exec(tx).await?;
    scan::Entity::delete_many().filter(scan::Column::Customer.eq(own())).exec(tx).await?;
    sign_in::Entity::delete_many().filter(sign_in::Column::Owner.eq(own())).exec(tx).await?;
    forget_devices(tx, &own()).await?;
    let approvals = approval::Column::Customer.eq(own());
    if keep_evidence {
        approval::Entity::update_many()
            .col_expr(approval::Column::DeviceName, Expr::value(""))
            .filter(approvals)
            .exec(tx)
            .await?;
    } else {
        approval::Entity::delete_many().filter(approvals).exec(tx).await?;
    }
    remove_erasure(tx, customer).await.map(|_| ())
}

/// The devices of `owner`; one that signed in others, too, stays theirs.
async fn forget_devices(tx: &impl ConnectionTrait, owner: &[u8]) -> Result<(), DbErr> {
    use known_device::Column as C;
    let of = |whose| Query::select().column(C::Device).from(known_device::Entity).and_where(whose).to_owned();
    device::Entity::delete_many()
        .filter(device::Column::Id.in_subquery(of(C::Owner.eq(owner.to_vec()))))
        .filter(device::Column::Id.not_in_subquery(of(C::Owner.ne(owner.to_vec()))))
        .exec(tx)
        .await?;
    known_device::Entity::delete_many().filter(C::Owner.eq(owner.to_vec())).exec(tx).await?;
    Ok(())
}

fn read(row: Model) -> Result<ErasureRow, DbErr> {
    Ok(ErasureRow {
        customer: customer_id(&row.customer)?,
        asked_at: instant(row.asked_at)?,
        due_at: instant(row.due_at)?,
        staff: row.staff.map(|staff| super::staff_id(&staff)).transpose()?,
        english: row.english != 0,
    })
}
