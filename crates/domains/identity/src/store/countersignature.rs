//! What takes a second pair of eyes, and what came of it.

use clock::Timestamp;
use contracts::audit::Subject;
use ids::{CountersignatureId, SessionId, StaffId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};

use super::row::countersignature::{ActiveModel, Column, Entity, Model};
use super::{Hash, array, countersignature_id, damaged, instant, of_word, session_id, staff_id, word};
use crate::model::countersignature::State;

/// One as it is stored.
#[derive(Clone)]
pub(crate) struct CountersignatureRow {
    pub(crate) id: CountersignatureId,
    /// Who asked.
    pub(crate) staff: StaffId,
    pub(crate) session: SessionId,
    pub(crate) action: String,
    pub(crate) service: String,
    pub(crate) subjects: Vec<Subject>,
    pub(crate) line: String,
    pub(crate) body_sha256: Hash,
    pub(crate) body_bytes: u64,
    /// Sealed.
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) state: State,
    pub(crate) asked_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    /// Who countersigned or refused, and when.
    pub(crate) decided: Option<(StaffId, Timestamp)>,
    pub(crate) closed_at: Option<Timestamp>,
}

pub(crate) async fn insert_countersignature(
    tx: &impl ConnectionTrait,
    one: &CountersignatureRow,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(one.id.to_bytes().to_vec()),
        staff: Set(one.staff.to_bytes().to_vec()),
        session: Set(one.session.to_bytes().to_vec()),
        action: Set(one.action.clone()),
        service: Set(one.service.clone()),
        subjects: Set(serde_json::to_string(&one.subjects).map_err(|_| damaged("subjects"))?),
        line: Set(one.line.clone()),
        body_sha256: Set(one.body_sha256.to_vec()),
        body_bytes: Set(i64::try_from(one.body_bytes).map_err(|_| damaged("body_bytes"))?),
        body: Set(one.body.clone()),
        state: Set(word(one.state)?),
        asked_at: Set(one.asked_at.as_microsecond()),
        expires_at: Set(one.expires_at.as_microsecond()),
        decided_at: Set(None),
        decided_by: Set(None),
        closed_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(tx).await.map(|_| ())
}

/// The one that is open for the very same request of `staff`.
pub(crate) async fn open_countersignature(
    on: &impl ConnectionTrait,
    staff: StaffId,
    line: &str,
    body_sha256: &Hash,
) -> Result<Option<CountersignatureRow>, DbErr> {
    let find = Entity::find()
        .filter(Column::Staff.eq(staff.to_bytes().to_vec()))
        .filter(Column::Line.eq(line))
        .filter(Column::BodySha256.eq(body_sha256.to_vec()))
        .filter(Column::ClosedAt.is_null());
    find.one(on).await?.map(read).transpose()
}

pub(crate) async fn countersignature(
    on: &impl ConnectionTrait,
    id: CountersignatureId,
) -> Result<Option<CountersignatureRow>, DbErr> {
    Entity::find_by_id(id.to_bytes().to_vec()).one(on).await?.map(read).transpose()
}

/// What waits for anybody, and what was asked since then; the youngest first, so many.
pub(crate) async fn recent_countersignatures(
    on: &impl ConnectionTrait,
    since: Timestamp,
    now: Timestamp,
    count: u64,
) -> Result<Vec<CountersignatureRow>, DbErr> {
    let waiting = Condition::all()
        .add(Column::State.eq(word(State::Waiting)?))
        .add(Column::ClosedAt.is_null())
        .add(Column::ExpiresAt.gt(now.as_microsecond()));
    let wanted = Condition::any().add(waiting).add(Column::AskedAt.gt(since.as_microsecond()));
    let rows = Entity::find().filter(wanted).order_by_desc(Column::Id).limit(count).all(on).await?;
    rows.into_iter().map(read).collect()
}

/// Somebody has decided; `false` where that was done before.
pub(crate) async fn decide_countersignature(
    tx: &impl ConnectionTrait,
    id: CountersignatureId,
    state: State,
    (by, now): (StaffId, Timestamp),
) -> Result<bool, DbErr> {
    let done = Entity::update_many()
        .col_expr(Column::State, Expr::value(word(state)?))
        .col_expr(Column::DecidedBy, Expr::value(by.to_bytes().to_vec()))
        .col_expr(Column::DecidedAt, Expr::value(now.as_microsecond()))
        .filter(Column::Id.eq(id.to_bytes().to_vec()))
        .filter(Column::State.eq(word(State::Waiting)?))
        .filter(Column::ClosedAt.is_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// It is worth nothing from now on; `false` where it was not before.
pub(crate) async fn close_countersignature(
    tx: &impl ConnectionTrait,
    id: CountersignatureId,
    state: State,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let done = Entity::update_many()
        .col_expr(Column::State, Expr::value(word(state)?))
        .col_expr(Column::ClosedAt, Expr::value(now.as_microsecond()))
        .filter(Column::Id.eq(id.to_bytes().to_vec()))
        .filter(Column::ClosedAt.is_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Of what was asked before `before`, only what it was stays, not what stood in it.
pub(crate) async fn forget_countersigned_bodies(
    tx: &impl ConnectionTrait,
    before: Timestamp,
) -> Result<u64, DbErr> {
    let done = Entity::update_many()
        .col_expr(Column::Body, Expr::value(Option::<Vec<u8>>::None))
        .filter(Column::AskedAt.lt(before.as_microsecond()))
        .filter(Column::Body.is_not_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected)
}

fn read(row: Model) -> Result<CountersignatureRow, DbErr> {
    let decided = match (row.decided_by, row.decided_at) {
        (Some(by), Some(at)) => Some((staff_id(&by)?, instant(at)?)),
        _ => None,
    };
    Ok(CountersignatureRow {
        id: countersignature_id(&row.id)?,
        staff: staff_id(&row.staff)?,
        session: session_id(&row.session)?,
        action: row.action,
        service: row.service,
        subjects: serde_json::from_str(&row.subjects).map_err(|_| damaged("subjects"))?,
        line: row.line,
        body_sha256: array(&row.body_sha256, "body_sha256")?,
        body_bytes: u64::try_from(row.body_bytes).map_err(|_| damaged("body_bytes"))?,
        body: row.body,
        state: of_word(row.state)?,
        asked_at: instant(row.asked_at)?,
        expires_at: instant(row.expires_at)?,
        decided,
        closed_at: row.closed_at.map(instant).transpose()?,
    })
}
