//! What carriers said of the SIM of a customer's phone.

use clock::Timestamp;
use ids::CustomerId;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use super::row::credential::{Column, Entity};
use crate::model::sim::Sim;

/// The carrier said that nothing was changed.
pub(crate) async fn write_sim_unchanged(
    tx: &impl ConnectionTrait,
    customer: CustomerId,
    now: Timestamp,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::SimAskedAt, Expr::value(now.as_microsecond()))
        .filter(Column::Customer.eq(customer.to_bytes().to_vec()))
        .exec(tx)
        .await
        .map(|_| ())
}

/// The customer changed the SIM themselves.
pub(crate) async fn write_sim(
    tx: &impl ConnectionTrait,
    customer: CustomerId,
    sim: Sim,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::SimAskedAt, Expr::value(sim.asked_at.as_microsecond()))
        .col_expr(Column::SimHeldUntil, Expr::value(sim.held_until.as_microsecond()))
        .filter(Column::Customer.eq(customer.to_bytes().to_vec()))
        .exec(tx)
        .await
        .map(|_| ())
}

/// The carrier told of a change, which is fresh until then; `false` where somebody heard of it before.
pub(crate) async fn write_sim_changed(
    tx: &impl ConnectionTrait,
    customer: CustomerId,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, DbErr> {
    let done = Entity::update_many()
        .col_expr(Column::SimHeldUntil, Expr::value(until.as_microsecond()))
        .filter(Column::Customer.eq(customer.to_bytes().to_vec()))
        .filter(Column::SimHeldUntil.lte(now.as_microsecond()))
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}
