//! What customers were asked to approve.

use clock::Timestamp;
use contracts::identity::Channel;
use ids::{ApprovalId, CustomerId, SessionId};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, Set};

use super::row::approval::{ActiveModel, Column, Entity, Model};
use super::{Hash, array, customer_id, instant, of_word, session_id, word};
use crate::model::approval::State;

/// An approval as it is stored.
#[derive(Clone)]
pub(crate) struct ApprovalRow {
    pub(crate) id: ApprovalId,
    pub(crate) customer: CustomerId,
    /// In which it was ordered.
    pub(crate) session: SessionId,
    pub(crate) channel: Channel,
    pub(crate) device_name: String,
    pub(crate) order_hash: String,
    /// Sealed.
    pub(crate) act: Vec<u8>,
    pub(crate) digest: Hash,
    pub(crate) state: State,
    pub(crate) asked_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) used_by: Option<[u8; 16]>,
}

pub(crate) async fn insert_approval(tx: &impl ConnectionTrait, row: &ApprovalRow) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(row.id.to_bytes().to_vec()),
        customer: Set(row.customer.to_bytes().to_vec()),
        session: Set(row.session.to_bytes().to_vec()),
        channel: Set(word(row.channel)?),
        device_name: Set(row.device_name.clone()),
        order_hash: Set(row.order_hash.clone()),
        act: Set(row.act.clone()),
        digest: Set(row.digest.to_vec()),
        state: Set(word(row.state)?),
        asked_at: Set(row.asked_at.as_microsecond()),
        expires_at: Set(row.expires_at.as_microsecond()),
        decided_at: Set(None),
        evidence: Set(None),
        used_by: Set(None),
    };
    Entity::insert(row).exec_without_returning(tx).await.map(|_| ())
}

pub(crate) async fn approval(
    on: &impl ConnectionTrait,
    id: ApprovalId,
) -> Result<Option<ApprovalRow>, DbErr> {
    Entity::find_by_id(id.to_bytes().to_vec()).one(on).await?.map(read).transpose()
}

/// What waits for a customer and has not expired, the oldest first.
pub(crate) async fn waiting_approvals(
    on: &impl ConnectionTrait,
    customer: CustomerId,
    now: Timestamp,
) -> Result<Vec<ApprovalRow>, DbErr> {
    let rows = Entity::find()
        .filter(Column::Customer.eq(customer.to_bytes().to_vec()))
        .filter(Column::State.eq(word(State::Waiting)?))
        .filter(Column::ExpiresAt.gt(now.as_microsecond()))
        .order_by_asc(Column::Id)
        .all(on)
        .await?;
    rows.into_iter().map(read).collect()
}

/// The customer has decided; `false` where that was done before.
pub(crate) async fn decide_approval(
    tx: &impl ConnectionTrait,
    id: ApprovalId,
    state: State,
    evidence: Option<Vec<u8>>,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let done = Entity::update_many()
        .col_expr(Column::State, Expr::value(word(state)?))
        .col_expr(Column::DecidedAt, Expr::value(now.as_microsecond()))
        .col_expr(Column::Evidence, Expr::value(evidence))
        .filter(Column::Id.eq(id.to_bytes().to_vec()))
        .filter(Column::State.eq(word(State::Waiting)?))
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// An approved one is used by the transfer of this key; `false` where it is not, or no longer, approved.
pub(crate) async fn use_approval(
    tx: &impl ConnectionTrait,
    id: ApprovalId,
    key: [u8; 16],
) -> Result<bool, DbErr> {
    let done = Entity::update_many()
        .col_expr(Column::State, Expr::value(word(State::Used)?))
        .col_expr(Column::UsedBy, Expr::value(key.to_vec()))
        .filter(Column::Id.eq(id.to_bytes().to_vec()))
        .filter(Column::State.eq(word(State::Approved)?))
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

fn read(row: Model) -> Result<ApprovalRow, DbErr> {
    Ok(ApprovalRow {
        id: super::approval_id(&row.id)?,
        customer: customer_id(&row.customer)?,
        session: session_id(&row.session)?,
        channel: of_word(row.channel)?,
        device_name: row.device_name,
        order_hash: row.order_hash,
        act: row.act,
        digest: array(&row.digest, "digest")?,
        state: of_word(row.state)?,
        asked_at: instant(row.asked_at)?,
        expires_at: instant(row.expires_at)?,
        used_by: row.used_by.map(|key| array(&key, "used_by")).transpose()?,
    })
}
