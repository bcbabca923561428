//! Calls that ask to be signed in.

use clock::Timestamp;
use contracts::identity::Assurance;
use ids::{CallId, CustomerId, SessionId, ThirdPartyId};
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, Set};

use super::row::call::{ActiveModel, Column, Entity, Model};
use super::{Hash, array, call_id, customer_id, damaged, instant, of_word, session_id, third_party_id, word};
use crate::model::call::{PINS_MAX, State};

/// A call to the bank's telephone system.
#[derive(Clone)]
pub(crate) struct CallRow {
    pub(crate) id: CallId,
    pub(crate) third_party: ThirdPartyId,
    /// The key with which the telephone system proves to be there.
    pub(crate) device_key: Hash,
    /// Who has the number that called.
    pub(crate) customer: Option<CustomerId>,
    /// 10..=99.
    pub(crate) number: u8,
    pub(crate) state: State,
    /// In which session it was approved, and how sure the bank was of its owner then.
    pub(crate) approved: Option<(SessionId, Assurance)>,
    pub(crate) asked_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

pub(crate) async fn insert_call(tx: &impl ConnectionTrait, row: &CallRow) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(row.id.to_bytes().to_vec()),
        third_party: Set(row.third_party.to_bytes().to_vec()),
        device_key: Set(row.device_key.to_vec()),
        customer: Set(row.customer.map(|customer| customer.to_bytes().to_vec())),
        number: Set(row.number.into()),
        state: Set(word(row.state)?),
        pins: Set(0),
        session: Set(None),
        assurance: Set(None),
        asked_at: Set(row.asked_at.as_microsecond()),
        expires_at: Set(row.expires_at.as_microsecond()),
    };
    Entity::insert(row).exec_without_returning(tx).await.map(|_| ())
}

pub(crate) async fn call(on: &impl ConnectionTrait, id: CallId) -> Result<Option<CallRow>, DbErr> {
    Entity::find_by_id(id.to_bytes().to_vec()).one(on).await?.map(read).transpose()
}

/// Calls that wait for a customer, the oldest first.
pub(crate) async fn open_calls_of(
    on: &impl ConnectionTrait,
    customer: CustomerId,
    now: Timestamp,
) -> Result<Vec<CallRow>, DbErr> {
    let rows = Entity::find()
        .filter(Column::Customer.eq(customer.to_bytes().to_vec()))
        .filter(Column::State.eq(word(State::Open)?))
        .filter(Column::ExpiresAt.gt(now.as_microsecond()))
        .order_by_asc(Column::Id)
        .all(on)
        .await?;
    rows.into_iter().map(read).collect()
}

/// The caller keys in a PIN; `false` where there were enough, or the call is decided.
pub(crate) async fn count_call_pin(tx: &impl ConnectionTrait, id: CallId) -> Result<bool, DbErr> {
    let done = Entity::update_many()
        .col_expr(Column::Pins, Expr::col(Column::Pins).add(1))
        .filter(Column::Id.eq(id.to_bytes().to_vec()))
        .filter(Column::State.eq(word(State::Open)?))
        .filter(Column::Pins.lt(PINS_MAX))
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// The customer approves an open one in `session` with `assurance`, or refuses it; `false` where it was decided before.
pub(crate) async fn decide_call(
    tx: &impl ConnectionTrait,
    id: CallId,
    session: SessionId,
    assurance: Option<Assurance>,
) -> Result<bool, DbErr> {
    let state = if assurance.is_some() { State::Approved } else { State::Refused };
    let done = Entity::update_many()
        .col_expr(Column::State, Expr::value(word(state)?))
        .col_expr(Column::Session, Expr::value(session.to_bytes().to_vec()))
        .col_expr(Column::Assurance, Expr::value(assurance.map(word).transpose()?))
        .filter(Column::Id.eq(id.to_bytes().to_vec()))
        .filter(Column::State.eq(word(State::Open)?))
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// One that is `state` opens a session; `false` where it is not, or no longer.
pub(crate) async fn use_call(tx: &impl ConnectionTrait, id: CallId, state: State) -> Result<bool, DbErr> {
    let done = Entity::update_many()
        .col_expr(Column::State, Expr::value(word(State::Used)?))
        .filter(Column::Id.eq(id.to_bytes().to_vec()))
        .filter(Column::State.eq(word(state)?))
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Removes what is over.
pub(crate) async fn remove_expired_calls(tx: &impl ConnectionTrait, now: Timestamp) -> Result<u64, DbErr> {
    let old = Column::ExpiresAt.lt(now.as_microsecond());
    Ok(Entity::delete_many().filter(old).exec(tx).await?.rows_affected)
}

fn read(row: Model) -> Result<CallRow, DbErr> {
    let approved = match (row.session, row.assurance) {
        (Some(session), Some(assurance)) => Some((session_id(&session)?, of_word(assurance)?)),
        _ => None,
    };
    Ok(CallRow {
        id: call_id(&row.id)?,
        third_party: third_party_id(&row.third_party)?,
        device_key: array(&row.device_key, "device_key")?,
        customer: row.customer.map(|customer| customer_id(&customer)).transpose()?,
        number: u8::try_from(row.number).map_err(|_| damaged("number"))?,
        state: of_word(row.state)?,
        approved,
        asked_at: instant(row.asked_at)?,
        expires_at: instant(row.expires_at)?,
    })
}
