//! Authenticator apps of customers, and those that are being set up.

use clock::Timestamp;
use ids::{CustomerId, SessionId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, Set};

use super::row::{totp, totp_waiting};
use super::{customer_id, instant, session_id};

/// An authenticator app that is in force.
#[derive(Clone)]
pub(crate) struct TotpRow {
    pub(crate) customer: CustomerId,
    /// Sealed.
    pub(crate) secret: Vec<u8>,
    /// The last step of which a code was taken.
    pub(crate) step: i64,
    pub(crate) added_at: Timestamp,
    pub(crate) last_used_at: Option<Timestamp>,
}

/// One that was shown and not confirmed.
#[derive(Clone)]
pub(crate) struct WaitingTotpRow {
    pub(crate) customer: CustomerId,
    /// Sealed.
    pub(crate) secret: Vec<u8>,
    pub(crate) session: SessionId,
    pub(crate) expires_at: Timestamp,
}

/// A customer's app, where one is in force.
pub(crate) async fn totp_of(
    on: &impl ConnectionTrait,
    customer: CustomerId,
) -> Result<Option<TotpRow>, DbErr> {
    let row = totp::Entity::find_by_id(customer.to_bytes().to_vec()).one(on).await?;
    row.map(|row| {
        Ok(TotpRow {
            customer: customer_id(&row.customer)?,
            secret: row.secret,
            step: row.step,
            added_at: instant(row.added_at)?,
            last_used_at: row.last_used_at.map(instant).transpose()?,
        })
    })
    .transpose()
}

/// Puts an app in force; the one before it is good no more.
pub(crate) async fn put_totp(tx: &impl ConnectionTrait, row: &TotpRow) -> Result<(), DbErr> {
    use totp::Column as C;
    let row = totp::ActiveModel {
        customer: Set(row.customer.to_bytes().to_vec()),
        secret: Set(row.secret.clone()),
        step: Set(row.step),
        added_at: Set(row.added_at.as_microsecond()),
        last_used_at: Set(row.last_used_at.map(|at| at.as_microsecond())),
    };
    let replace = OnConflict::column(C::Customer)
        .update_columns([C::Secret, C::Step, C::AddedAt, C::LastUsedAt])
        .to_owned();
    totp::Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await.map(|_| ())
}

/// Takes the code of `step`; `false` where that one or a later one was taken meanwhile, or the app is another.
pub(crate) async fn take_totp_step(
    tx: &impl ConnectionTrait,
    seen: &TotpRow,
    step: i64,
    now: Timestamp,
) -> Result<bool, DbErr> {
    use totp::Column as C;
    let taken = totp::Entity::update_many()
        .col_expr(C::Step, Expr::value(step))
        .col_expr(C::LastUsedAt, Expr::value(now.as_microsecond()))
        .filter(C::Customer.eq(seen.customer.to_bytes().to_vec()))
        .filter(C::Secret.eq(seen.secret.clone()))
        .filter(C::Step.lt(step))
        .exec(tx)
        .await?;
    Ok(taken.rows_affected > 0)
}

/// Removes a customer's app; whether there was one.
pub(crate) async fn remove_totp(tx: &impl ConnectionTrait, customer: CustomerId) -> Result<bool, DbErr> {
    Ok(totp::Entity::delete_by_id(customer.to_bytes().to_vec()).exec(tx).await?.rows_affected > 0)
}

/// Keeps what was shown; what was shown before is no longer confirmed.
pub(crate) async fn keep_waiting_totp(tx: &impl ConnectionTrait, row: &WaitingTotpRow) -> Result<(), DbErr> {
    use totp_waiting::Column as C;
    let row = totp_waiting::ActiveModel {
        customer: Set(row.customer.to_bytes().to_vec()),
        secret: Set(row.secret.clone()),
        session: Set(row.session.to_bytes().to_vec()),
        expires_at: Set(row.expires_at.as_microsecond()),
    };
    let replace =
        OnConflict::column(C::Customer).update_columns([C::Secret, C::Session, C::ExpiresAt]).to_owned();
    totp_waiting::Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await.map(|_| ())
}

/// What was shown to a customer, also where it is too old.
pub(crate) async fn waiting_totp(
    on: &impl ConnectionTrait,
    customer: CustomerId,
) -> Result<Option<WaitingTotpRow>, DbErr> {
    let row = totp_waiting::Entity::find_by_id(customer.to_bytes().to_vec()).one(on).await?;
    row.map(|row| {
        Ok(WaitingTotpRow {
            customer: customer_id(&row.customer)?,
            secret: row.secret,
            session: session_id(&row.session)?,
            expires_at: instant(row.expires_at)?,
        })
    })
    .transpose()
}

/// It was confirmed; `false` where it was before, or another was shown meanwhile.
pub(crate) async fn use_waiting_totp(tx: &impl ConnectionTrait, row: &WaitingTotpRow) -> Result<bool, DbErr> {
    let this = totp_waiting::Entity::delete_many()
        .filter(totp_waiting::Column::Customer.eq(row.customer.to_bytes().to_vec()))
        .filter(totp_waiting::Column::Secret.eq(row.secret.clone()));
    Ok(this.exec(tx).await?.rows_affected > 0)
}

/// Nothing is left of what was shown to a customer.
pub(crate) async fn remove_waiting_totp(
    tx: &impl ConnectionTrait,
    customer: CustomerId,
) -> Result<(), DbErr> {
    totp_waiting::Entity::delete_by_id(customer.to_bytes().to_vec()).exec(tx).await.map(|_| ())
}

/// Forgets what was shown and never confirmed.
pub(crate) async fn remove_expired_totps(tx: &impl ConnectionTrait, now: Timestamp) -> Result<u64, DbErr> {
    let old = totp_waiting::Column::ExpiresAt.lte(now.as_microsecond());
    Ok(totp_waiting::Entity::delete_many().filter(old).exec(tx).await?.rows_affected)
}
