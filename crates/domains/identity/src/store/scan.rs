//! Sign-ins that wait to be scanned.

use clock::Timestamp;
use contracts::identity::{Assurance, Channel};
use ids::{CustomerId, ScanId, SessionId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, Set};

use super::row::scan::{ActiveModel, Column, Entity, Model};
use super::{Hash, array, customer_id, damaged, instant, of_word, scan_id, session_id, word};
use crate::model::scan::State;

/// A sign-in that a page shows as a code.
#[derive(Clone)]
pub(crate) struct ScanRow {
    pub(crate) id: ScanId,
    pub(crate) code_hash: Hash,
    /// The device cookie of the page.
    pub(crate) requester: Hash,
    /// The key with which the page proves to be there.
    pub(crate) device_key: Option<Hash>,
    pub(crate) network: Hash,
    pub(crate) channel: Channel,
    pub(crate) device_name: String,
    /// 10..=99.
    pub(crate) number: u8,
    pub(crate) state: State,
    /// Who scanned it, and in which session.
    pub(crate) by: Option<(CustomerId, SessionId)>,
    /// How sure the bank was of them when they approved.
    pub(crate) assurance: Option<Assurance>,
    pub(crate) asked_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

pub(crate) async fn insert_scan(tx: &impl ConnectionTrait, row: &ScanRow) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(row.id.to_bytes().to_vec()),
        code_hash: Set(row.code_hash.to_vec()),
        requester: Set(row.requester.to_vec()),
        device_key: Set(row.device_key.map(|key| key.to_vec())),
        network: Set(row.network.to_vec()),
        channel: Set(word(row.channel)?),
        device_name: Set(row.device_name.clone()),
        number: Set(row.number.into()),
        state: Set(word(row.state)?),
        customer: Set(None),
        session: Set(None),
        assurance: Set(None),
        asked_at: Set(row.asked_at.as_microsecond()),
        expires_at: Set(row.expires_at.as_microsecond()),
    };
    Entity::insert(row).exec_without_returning(tx).await.map(|_| ())
}

pub(crate) async fn scan(on: &impl ConnectionTrait, id: ScanId) -> Result<Option<ScanRow>, DbErr> {
    Entity::find_by_id(id.to_bytes().to_vec()).one(on).await?.map(read).transpose()
}

pub(crate) async fn scan_of_code(
    on: &impl ConnectionTrait,
    code_hash: &Hash,
) -> Result<Option<ScanRow>, DbErr> {
    let row = Entity::find().filter(Column::CodeHash.eq(code_hash.to_vec())).one(on).await?;
    row.map(read).transpose()
}

/// A phone has read an open one, which is now its own until `expires_at`; `false` where another was first.
pub(crate) async fn take_scan(
    tx: &impl ConnectionTrait,
    id: ScanId,
    (customer, session): (CustomerId, SessionId),
    expires_at: Timestamp,
) -> Result<bool, DbErr> {
    let done = Entity::update_many()
        .col_expr(Column::State, Expr::value(word(State::Scanned)?))
        .col_expr(Column::Customer, Expr::value(customer.to_bytes().to_vec()))
        .col_expr(Column::Session, Expr::value(session.to_bytes().to_vec()))
        .col_expr(Column::ExpiresAt, Expr::value(expires_at.as_microsecond()))
        .filter(Column::Id.eq(id.to_bytes().to_vec()))
        .filter(Column::State.eq(word(State::Open)?))
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// The phone's owner approves a scanned one with `assurance`, or refuses it; `false` where that was done before.
pub(crate) async fn approve_scan(
    tx: &impl ConnectionTrait,
    id: ScanId,
    session: SessionId,
    assurance: Option<Assurance>,
) -> Result<bool, DbErr> {
    let state = if assurance.is_some() { State::Approved } else { State::Refused };
    let done = Entity::update_many()
        .col_expr(Column::State, Expr::value(word(state)?))
        .col_expr(Column::Assurance, Expr::value(assurance.map(word).transpose()?))
        .filter(Column::Id.eq(id.to_bytes().to_vec()))
        .filter(Column::Session.eq(session.to_bytes().to_vec()))
        .filter(Column::State.eq(word(State::Scanned)?))
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// An approved one opens a session; `false` where it did already.
pub(crate) async fn use_scan(tx: &impl ConnectionTrait, id: ScanId) -> Result<bool, DbErr> {
    let done = Entity::update_many()
        .col_expr(Column::State, Expr::value(word(State::Used)?))
        .filter(Column::Id.eq(id.to_bytes().to_vec()))
        .filter(Column::State.eq(word(State::Approved)?))
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Removes what is over.
pub(crate) async fn remove_expired_scans(tx: &impl ConnectionTrait, now: Timestamp) -> Result<u64, DbErr> {
    let old = Column::ExpiresAt.lt(now.as_microsecond());
    Ok(Entity::delete_many().filter(old).exec(tx).await?.rows_affected)
}

fn read(row: Model) -> Result<ScanRow, DbErr> {
    let by = match (row.customer, row.session) {
        (Some(customer), Some(session)) => Some((customer_id(&customer)?, session_id(&session)?)),
        _ => None,
    };
    Ok(ScanRow {
        id: scan_id(&row.id)?,
        code_hash: array(&row.code_hash, "code_hash")?,
        requester: array(&row.requester, "requester")?,
        device_key: row.device_key.map(|key| array(&key, "device_key")).transpose()?,
        network: array(&row.network, "network")?,
        channel: of_word(row.channel)?,
        device_name: row.device_name,
        number: u8::try_from(row.number).map_err(|_| damaged("number"))?,
        state: of_word(row.state)?,
        by,
        assurance: row.assurance.map(of_word).transpose()?,
        asked_at: instant(row.asked_at)?,
        expires_at: instant(row.expires_at)?,
    })
}
