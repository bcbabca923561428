//! One-time codes.

use clock::Timestamp;
use ids::CustomerId;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, Set};

use super::row::code::{ActiveModel, Column, Entity};
use super::{Hash, array, customer_id, instant};
use crate::model::code::{Code, Purpose};

/// A code to be kept.
#[derive(Clone)]
pub(crate) struct NewCode {
    pub(crate) phone_index: Hash,
    pub(crate) purpose: Purpose,
    /// The device cookie of the one who asked.
    pub(crate) requester: Hash,
    /// The network of the one who asked.
    pub(crate) network: Hash,
    pub(crate) hash: Hash,
    pub(crate) sent_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// Keeps a code in place of the same requester's earlier one.
pub(crate) async fn keep_code(tx: &impl ConnectionTrait, new: &NewCode) -> Result<(), DbErr> {
    let row = ActiveModel {
        phone_index: Set(new.phone_index.to_vec()),
        purpose: Set(new.purpose.word().to_owned()),
        requester: Set(new.requester.to_vec()),
        network: Set(new.network.to_vec()),
        code_hash: Set(new.hash.to_vec()),
        tries: Set(0),
        sent_at: Set(new.sent_at.as_microsecond()),
        expires_at: Set(new.expires_at.as_microsecond()),
        customer: Set(None),
    };
    use Column as C;
    let replace = OnConflict::columns([C::PhoneIndex, C::Purpose, C::Requester])
        .update_columns([C::Network, C::CodeHash, C::Tries, C::SentAt, C::ExpiresAt, C::Customer])
        .to_owned();
    Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await.map(|_| ())
}

/// The code this requester asked for: by its cookie, or by its network where it keeps no cookies. Also tells under
/// which requester it is kept.
pub(crate) async fn code_of(
    on: &impl ConnectionTrait,
    phone_index: &Hash,
    purpose: Purpose,
    requester: Option<&Hash>,
    network: &Hash,
) -> Result<Option<(Hash, Code)>, DbErr> {
    let whose = match requester {
        Some(requester) => Column::Requester.eq(requester.to_vec()),
        None => Column::Network.eq(network.to_vec()),
    };
    let row = Entity::find()
        .filter(Column::PhoneIndex.eq(phone_index.to_vec()))
        .filter(Column::Purpose.eq(purpose.word()))
        .filter(whose)
        .order_by_desc(Column::SentAt)
        .one(on)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let code = Code {
        hash: array(&row.code_hash, "code_hash")?,
        tries: u32::try_from(row.tries).unwrap_or(u32::MAX),
        expires_at: instant(row.expires_at)?,
        customer: row.customer.map(|customer| customer_id(&customer)).transpose()?,
    };
    Ok(Some((array(&row.requester, "requester")?, code)))
}

/// Counts a try, and keeps who proved the code.
pub(crate) async fn write_code_try(
    tx: &impl ConnectionTrait,
    phone_index: &Hash,
    purpose: Purpose,
    requester: &Hash,
    customer: Option<CustomerId>,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Tries, Expr::col(Column::Tries).add(1))
        .col_expr(Column::Customer, Expr::value(customer.map(|customer| customer.to_bytes().to_vec())))
        .filter(Column::PhoneIndex.eq(phone_index.to_vec()))
        .filter(Column::Purpose.eq(purpose.word()))
        .filter(Column::Requester.eq(requester.to_vec()))
        .exec(tx)
        .await
        .map(|_| ())
}

/// A code is good once.
pub(crate) async fn remove_code(
    tx: &impl ConnectionTrait,
    phone_index: &Hash,
    purpose: Purpose,
    requester: &Hash,
) -> Result<(), DbErr> {
    let key = (phone_index.to_vec(), purpose.word().to_owned(), requester.to_vec());
    Entity::delete_by_id(key).exec(tx).await.map(|_| ())
}

pub(crate) async fn remove_expired_codes(tx: &impl ConnectionTrait, now: Timestamp) -> Result<u64, DbErr> {
    let removed = Entity::delete_many().filter(Column::ExpiresAt.lt(now.as_microsecond())).exec(tx).await?;
    Ok(removed.rows_affected)
}
