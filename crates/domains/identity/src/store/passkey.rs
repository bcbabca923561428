//! Passkeys, and the challenges that were answered with them.

use clock::Timestamp;
use ids::{CustomerId, PasskeyId, StaffId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, Set};

use super::row::answered;
use super::row::passkey::{ActiveModel, Column, Entity, Model};
use super::{Hash, Owner, array, customer_id, damaged, instant, passkey_id, staff_id};

/// Whose passkey: a customer's opens no console, and one of staff no account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holder {
    Customer(CustomerId),
    Staff(StaffId),
}

impl Holder {
    /// The bytes by which the authenticator knows its holder.
    pub(crate) const fn to_bytes(self) -> Owner {
        match self {
            Self::Customer(customer) => customer.to_bytes(),
            Self::Staff(staff) => staff.to_bytes(),
        }
    }

    const fn is_staff(self) -> bool {
        matches!(self, Self::Staff(_))
    }
}

/// A passkey as it is stored.
#[derive(Clone)]
pub(crate) struct PasskeyRow {
    pub(crate) id: PasskeyId,
    pub(crate) holder: Holder,
    /// Chosen by the authenticator.
    pub(crate) credential: Vec<u8>,
    /// COSE_Key.
    pub(crate) public_key: Vec<u8>,
    pub(crate) sign_count: u32,
    pub(crate) aaguid: [u8; 16],
    /// Words of the standard.
    pub(crate) transports: Vec<String>,
    pub(crate) backup_eligible: bool,
    pub(crate) backed_up: bool,
    pub(crate) name: String,
    pub(crate) added_at: Timestamp,
    pub(crate) last_used_at: Option<Timestamp>,
}

/// Stores a new one; `false` where the credential is somebody's already.
pub(crate) async fn insert_passkey(tx: &impl ConnectionTrait, row: &PasskeyRow) -> Result<bool, DbErr> {
    let row = ActiveModel {
        credential: Set(row.credential.clone()),
        id: Set(row.id.to_bytes().to_vec()),
        owner: Set(row.holder.to_bytes().to_vec()),
        public_key: Set(row.public_key.clone()),
        sign_count: Set(row.sign_count.into()),
        aaguid: Set(row.aaguid.to_vec()),
        transports: Set(row.transports.join(",")),
        backup_eligible: Set(row.backup_eligible.into()),
        backed_up: Set(row.backed_up.into()),
        name: Set(row.name.clone()),
        added_at: Set(row.added_at.as_microsecond()),
        last_used_at: Set(row.last_used_at.map(|at| at.as_microsecond())),
        of_staff: Set(row.holder.is_staff().into()),
    };
    let keep = OnConflict::column(Column::Credential).do_nothing().to_owned();
    Ok(Entity::insert(row).on_conflict(keep).exec_without_returning(tx).await? > 0)
}

/// The passkey of a credential.
pub(crate) async fn passkey_of(
    on: &impl ConnectionTrait,
    credential: &[u8],
) -> Result<Option<PasskeyRow>, DbErr> {
    Entity::find_by_id(credential.to_vec()).one(on).await?.map(read).transpose()
}

/// Somebody's passkeys, the oldest first.
pub(crate) async fn passkeys_of(on: &impl ConnectionTrait, holder: Holder) -> Result<Vec<PasskeyRow>, DbErr> {
    let rows = Entity::find()
        .filter(Column::Owner.eq(holder.to_bytes().to_vec()))
        .filter(Column::OfStaff.eq(i64::from(holder.is_staff())))
        .order_by_asc(Column::Id)
        .all(on)
        .await?;
    rows.into_iter().map(read).collect()
}

/// What a use of a passkey changes; `false` where it was used at the same time with a count as high, or is gone.
pub(crate) async fn write_passkey_use(
    tx: &impl ConnectionTrait,
    before: &PasskeyRow,
    sign_count: u32,
    backed_up: bool,
    now: Timestamp,
) -> Result<bool, DbErr> {
    let done = Entity::update_many()
        .col_expr(Column::SignCount, Expr::value(i64::from(sign_count)))
        .col_expr(Column::BackedUp, Expr::value(i64::from(backed_up)))
        .col_expr(Column::LastUsedAt, Expr::value(now.as_microsecond()))
        .filter(Column::Credential.eq(before.credential.clone()))
        .filter(Column::SignCount.eq(i64::from(before.sign_count)))
        .exec(tx)
        .await?;
    Ok(done.rows_affected > 0)
}

/// Removes one of a customer's passkeys; whether there was one.
pub(crate) async fn remove_passkey(
    tx: &impl ConnectionTrait,
    owner: CustomerId,
    id: PasskeyId,
) -> Result<bool, DbErr> {
    let own = Entity::delete_many()
        .filter(Column::Id.eq(id.to_bytes().to_vec()))
        .filter(Column::Owner.eq(owner.to_bytes().to_vec()))
        .filter(Column::OfStaff.eq(0));
    Ok(own.exec(tx).await?.rows_affected > 0)
}

/// The passkeys of all staff, in no order.
pub(crate) async fn staff_passkeys(on: &impl ConnectionTrait) -> Result<Vec<PasskeyRow>, DbErr> {
    let rows = Entity::find().filter(Column::OfStaff.eq(1)).all(on).await?;
    rows.into_iter().map(read).collect()
}

/// Removes every passkey of a member of staff.
pub(crate) async fn remove_staff_passkeys(tx: &impl ConnectionTrait, staff: StaffId) -> Result<u64, DbErr> {
    let theirs = Entity::delete_many()
        .filter(Column::Owner.eq(staff.to_bytes().to_vec()))
        .filter(Column::OfStaff.eq(1));
    Ok(theirs.exec(tx).await?.rows_affected)
}

/// Whether a challenge was answered.
pub(crate) async fn was_answered(on: &impl ConnectionTrait, challenge: &Hash) -> Result<bool, DbErr> {
    Ok(answered::Entity::find_by_id(challenge.to_vec()).one(on).await?.is_some())
}

/// Remembers that a challenge was answered; `false` where it was before.
pub(crate) async fn answer_challenge(
    tx: &impl ConnectionTrait,
    challenge: &Hash,
    expires_at: Timestamp,
) -> Result<bool, DbErr> {
    let row = answered::ActiveModel {
        challenge: Set(challenge.to_vec()),
        expires_at: Set(expires_at.as_microsecond()),
    };
    let keep = OnConflict::column(answered::Column::Challenge).do_nothing().to_owned();
    Ok(answered::Entity::insert(row).on_conflict(keep).exec_without_returning(tx).await? > 0)
}

/// Forgets challenges that are too old to be answered.
pub(crate) async fn remove_old_challenges(tx: &impl ConnectionTrait, now: Timestamp) -> Result<u64, DbErr> {
    let old = answered::Column::ExpiresAt.lt(now.as_microsecond());
    Ok(answered::Entity::delete_many().filter(old).exec(tx).await?.rows_affected)
}

fn read(row: Model) -> Result<PasskeyRow, DbErr> {
    let holder = match row.of_staff {
        0 => Holder::Customer(customer_id(&row.owner)?),
        _ => Holder::Staff(staff_id(&row.owner)?),
    };
    Ok(PasskeyRow {
        id: passkey_id(&row.id)?,
        holder,
        credential: row.credential,
        public_key: row.public_key,
        sign_count: u32::try_from(row.sign_count).map_err(|_| damaged("sign_count"))?,
        aaguid: array(&row.aaguid, "aaguid")?,
        transports: row.transports.split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect(),
        backup_eligible: row.backup_eligible != 0,
        backed_up: row.backed_up != 0,
        name: row.name,
        added_at: instant(row.added_at)?,
        last_used_at: row.last_used_at.map(instant).transpose()?,
    })
}
