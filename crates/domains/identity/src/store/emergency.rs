//! Emergencies.

use clock::Timestamp;
use contracts::audit::Reference;
use contracts::identity::EmergencyReason;
use ids::{EmergencyId, SessionId, StaffId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};

use super::row::emergency::{ActiveModel, Column, Entity, Model};
use super::{damaged, emergency_id, instant, of_word, session_id, staff_id, word};

/// One as it is stored.
#[derive(Clone)]
pub(crate) struct EmergencyRow {
    pub(crate) id: EmergencyId,
    /// Whose it is.
    pub(crate) staff: StaffId,
    pub(crate) session: SessionId,
    pub(crate) reason: EmergencyReason,
    pub(crate) reference: Reference,
    pub(crate) begun_at: Timestamp,
    /// When it ends at the latest.
    pub(crate) until: Timestamp,
    /// When it was ended before.
    pub(crate) ended_at: Option<Timestamp>,
    /// Who looked at it afterwards, when, and whether it was justified.
    pub(crate) reviewed: Option<(StaffId, Timestamp, bool)>,
}

impl EmergencyRow {
    /// Whether it is over.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        self.ended_at.is_some() || now >= self.until
    }
}

pub(crate) async fn insert_emergency(tx: &impl ConnectionTrait, one: &EmergencyRow) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(one.id.to_bytes().to_vec()),
        staff: Set(one.staff.to_bytes().to_vec()),
        session: Set(one.session.to_bytes().to_vec()),
        reason: Set(word(one.reason)?),
        reference: Set(one.reference.as_str().to_owned()),
        begun_at: Set(one.begun_at.as_microsecond()),
        until_at: Set(one.until.as_microsecond()),
        ended_at: Set(None),
        reviewed_by: Set(None),
        reviewed_at: Set(None),
        justified: Set(None),
    };
    Entity::insert(row).exec_without_returning(tx).await.map(|_| ())
}

pub(crate) async fn emergency(
    on: &impl ConnectionTrait,
    id: EmergencyId,
) -> Result<Option<EmergencyRow>, DbErr> {
    Entity::find_by_id(id.to_bytes().to_vec()).one(on).await?.map(read).transpose()
}

/// Those nobody has looked at, and those begun since then; the youngest first, so many.
pub(crate) async fn emergencies(
    on: &impl ConnectionTrait,
    since: Timestamp,
    count: u64,
) -> Result<Vec<EmergencyRow>, DbErr> {
    let wanted =
        Condition::any().add(Column::ReviewedAt.is_null()).add(Column::BegunAt.gt(since.as_microsecond()));
    let rows = Entity::find().filter(wanted).order_by_desc(Column::Id).limit(count).all(on).await?;
    rows.into_iter().map(read).collect()
}

/// How many a member of staff has begun since then.
pub(crate) async fn emergencies_begun(
    on: &impl ConnectionTrait,
    staff: StaffId,
    since: Timestamp,
) -> Result<u64, DbErr> {
    Entity::find()
        .filter(Column::Staff.eq(staff.to_bytes().to_vec()))
        .filter(Column::BegunAt.gt(since.as_microsecond()))
        .count(on)
        .await
}

/// It ends before its time; `false` where it had ended.
pub(crate) async fn end_emergency(
    tx: &impl ConnectionTrait,
    id: EmergencyId,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let done = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(now.as_microsecond()))
        .filter(Column::Id.eq(id.to_bytes().to_vec()))
        .filter(Column::EndedAt.is_null())
        .filter(Column::UntilAt.gt(now.as_microsecond()))
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Somebody has looked at it; `false` where another had.
pub(crate) async fn review_emergency(
    tx: &impl ConnectionTrait,
    id: EmergencyId,
    (by, now): (StaffId, Timestamp),
    justified: bool,
) -> Result<bool, DbErr> {
    let done = Entity::update_many()
        .col_expr(Column::ReviewedBy, Expr::value(by.to_bytes().to_vec()))
        .col_expr(Column::ReviewedAt, Expr::value(now.as_microsecond()))
        .col_expr(Column::Justified, Expr::value(i64::from(justified)))
        .filter(Column::Id.eq(id.to_bytes().to_vec()))
        .filter(Column::ReviewedAt.is_null())
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

fn read(row: Model) -> Result<EmergencyRow, DbErr> {
    let reviewed = match (row.reviewed_by, row.reviewed_at, row.justified) {
        (Some(by), Some(at), Some(justified)) => Some((staff_id(&by)?, instant(at)?, justified != 0)),
        _ => None,
    };
    Ok(EmergencyRow {
        id: emergency_id(&row.id)?,
        staff: staff_id(&row.staff)?,
        session: session_id(&row.session)?,
        reason: of_word(row.reason)?,
        reference: Reference::parse(&row.reference).map_err(|_| damaged("reference"))?,
        begun_at: instant(row.begun_at)?,
        until: instant(row.until_at)?,
        ended_at: row.ended_at.map(instant).transpose()?,
        reviewed,
    })
}
