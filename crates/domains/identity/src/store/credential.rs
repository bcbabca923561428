//! Sign-in names, passwords and PINs of customers.

use clock::Timestamp;
use ids::CustomerId;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, Set};

use super::row::{credential, name};
use super::{Hash, array, customer_id, instant};
use crate::model::pin::Pin;
use crate::model::sim::Sim;
use crate::model::tries::Tries;

/// Rows of one INSERT: below SQLite's and PostgreSQL's bounds on parameters.
const ROWS_PER_STATEMENT: usize = 500;

/// What a password is checked against.
#[derive(Clone)]
pub(crate) struct Credential {
    pub(crate) password: String,
    pub(crate) pin_set: bool,
    pub(crate) sim: Sim,
}

/// Credentials to be stored.
#[derive(Clone)]
pub(crate) struct NewCredential {
    pub(crate) customer: CustomerId,
    pub(crate) name_index: Hash,
    pub(crate) password: String,
    /// Salt and verifier.
    pub(crate) pin: Option<([u8; 16], Hash)>,
}

pub(crate) async fn customer_of_name(
    on: &impl ConnectionTrait,
    name_index: &Hash,
) -> Result<Option<CustomerId>, DbErr> {
    let row = name::Entity::find_by_id(name_index.to_vec()).one(on).await?;
    row.map(|row| customer_id(&row.customer)).transpose()
}

pub(crate) async fn credential(
    on: &impl ConnectionTrait,
    customer: CustomerId,
) -> Result<Option<Credential>, DbErr> {
    let row = credential::Entity::find_by_id(customer.to_bytes().to_vec()).one(on).await?;
    row.map(|row| {
        Ok(Credential {
            sim: Sim { asked_at: instant(row.sim_asked_at)?, held_until: instant(row.sim_held_until)? },
            password: row.password,
            pin_set: row.pin_verifier.is_some(),
        })
    })
    .transpose()
}

/// Gives a new customer name and password. The caller made sure that neither exists.
pub(crate) async fn insert_credential(
    tx: &impl ConnectionTrait,
    new: &NewCredential,
    now: Timestamp,
) -> Result<(), DbErr> {
    name::Entity::insert(name_row(new)).exec_without_returning(tx).await?;
    credential::Entity::insert(credential_row(new, now)).exec_without_returning(tx).await.map(|_| ())
}

/// Stores many; a name or customer that is there already gets the new secrets.
pub(crate) async fn enroll(
    tx: &impl ConnectionTrait,
    many: &[NewCredential],
    now: Timestamp,
) -> Result<(), DbErr> {
    for part in many.chunks(ROWS_PER_STATEMENT) {
        let replace =
            OnConflict::column(name::Column::NameIndex).update_column(name::Column::Customer).to_owned();
        name::Entity::insert_many(part.iter().map(name_row))
            .on_conflict(replace)
            .exec_without_returning(tx)
            .await?;
        use credential::Column as C;
        let replace = OnConflict::column(C::Customer)
            .update_columns([C::Password, C::ChangedAt, C::PinSalt, C::PinVerifier, C::PinCount, C::PinLevel])
            .value(C::PinVersion, Expr::col((credential::Entity, C::PinVersion)).add(1))
            .to_owned();
        credential::Entity::insert_many(part.iter().map(|new| credential_row(new, now)))
            .on_conflict(replace)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

pub(crate) async fn write_password(
    tx: &impl ConnectionTrait,
    customer: CustomerId,
    password: &str,
    now: Timestamp,
) -> Result<(), DbErr> {
    use credential::Column as C;
    credential::Entity::update_many()
        .col_expr(C::Password, Expr::value(password))
        .col_expr(C::ChangedAt, Expr::value(now.as_microsecond()))
        .filter(C::Customer.eq(customer.to_bytes().to_vec()))
        .exec(tx)
        .await
        .map(|_| ())
}

/// The state of a customer's PIN; the outer `None` for a customer without credentials.
pub(crate) async fn pin_of(
    on: &impl ConnectionTrait,
    customer: CustomerId,
) -> Result<Option<Option<Pin>>, DbErr> {
    let row = credential::Entity::find_by_id(customer.to_bytes().to_vec()).one(on).await?;
    let Some(row) = row else { return Ok(None) };
    let (Some(salt), Some(verifier)) = (row.pin_salt, row.pin_verifier) else { return Ok(Some(None)) };
    let wrong = Tries {
        count: u32::try_from(row.pin_count).unwrap_or(u32::MAX),
        level: u32::try_from(row.pin_level).unwrap_or(u32::MAX),
        first_at: instant(row.pin_first_at)?,
        last_at: instant(row.pin_last_at)?,
    };
    Ok(Some(Some(Pin {
        salt: array(&salt, "pin_salt")?,
        verifier: array(&verifier, "pin_verifier")?,
        wrong: (wrong.count > 0).then_some(wrong),
        version: row.pin_version,
    })))
}

/// Writes the state of a PIN unless a later one is there already; tells whether it did.
pub(crate) async fn write_pin(
    tx: &impl ConnectionTrait,
    customer: CustomerId,
    pin: &Pin,
) -> Result<bool, DbErr> {
    use credential::Column as C;
    let wrong = pin.wrong.map_or((0, 0, 0, 0), |tries| {
        let micros = (tries.first_at.as_microsecond(), tries.last_at.as_microsecond());
        (i64::from(tries.count), i64::from(tries.level), micros.0, micros.1)
    });
    credential::Entity::update_many()
        .col_expr(C::PinSalt, Expr::value(pin.salt.to_vec()))
        .col_expr(C::PinVerifier, Expr::value(pin.verifier.to_vec()))
        .col_expr(C::PinCount, Expr::value(wrong.0))
        .col_expr(C::PinLevel, Expr::value(wrong.1))
        .col_expr(C::PinFirstAt, Expr::value(wrong.2))
        .col_expr(C::PinLastAt, Expr::value(wrong.3))
        .col_expr(C::PinVersion, Expr::value(pin.version))
        .filter(C::Customer.eq(customer.to_bytes().to_vec()))
        .filter(C::PinVersion.lt(pin.version))
        .exec(tx)
        .await
        .map(|done| done.rows_affected > 0)
}

fn name_row(new: &NewCredential) -> name::ActiveModel {
    name::ActiveModel {
        name_index: Set(new.name_index.to_vec()),
        customer: Set(new.customer.to_bytes().to_vec()),
    }
}

fn credential_row(new: &NewCredential, now: Timestamp) -> credential::ActiveModel {
    credential::ActiveModel {
        customer: Set(new.customer.to_bytes().to_vec()),
        password: Set(new.password.clone()),
        changed_at: Set(now.as_microsecond()),
        pin_salt: Set(new.pin.map(|(salt, _)| salt.to_vec())),
        pin_verifier: Set(new.pin.map(|(_, verifier)| verifier.to_vec())),
        pin_count: Set(0),
        pin_level: Set(0),
        pin_first_at: Set(0),
        pin_last_at: Set(0),
        pin_version: Set(new.pin.map_or(0, |_| 1)),
        held_until: Set(0),
        sim_asked_at: Set(0),
        sim_held_until: Set(0),
    }
}
