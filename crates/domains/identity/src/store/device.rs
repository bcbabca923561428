//! Devices, and whom they signed in.

use clock::Timestamp;
use ids::DeviceId;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, Set};

use super::row::{device, known_device as known};
use super::{Hash, array, device_id, instant};
use crate::model::source::kind;

/// The device that holds this cookie, where it ever signed anybody in.
pub(crate) async fn device_of_token(
    on: &impl ConnectionTrait,
    token_hash: &Hash,
) -> Result<Option<DeviceId>, DbErr> {
    let row = device::Entity::find_by_id(token_hash.to_vec()).one(on).await?;
    row.map(|row| device_id(&row.id)).transpose()
}

/// A customer or a member of staff: the bytes of their id.
pub(crate) type Owner = [u8; 16];

/// Whether `device` ever signed `owner` in.
pub(crate) async fn knows(on: &impl ConnectionTrait, owner: Owner, device: DeviceId) -> Result<bool, DbErr> {
    Ok(known_device(on, owner, device).await?.is_some())
}

/// A device that signed somebody in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KnownDevice {
    pub(crate) device: DeviceId,
    /// What it calls itself.
    pub(crate) name: String,
    pub(crate) first_at: Timestamp,
    pub(crate) last_at: Timestamp,
    /// With which it proves to be there.
    pub(crate) key: Option<Hash>,
    /// Since when its key is a factor.
    pub(crate) trusted_at: Option<Timestamp>,
}

impl KnownDevice {
    /// Whether it is there: with the key that it signed in with, where it had one. Its cookie alone may have been copied.
    pub(crate) fn is_there(&self, key: Option<Hash>) -> bool {
        self.key.is_none() || self.key == key
    }

    /// Whether `key` is a factor: its owner proved with two that it is on a device of theirs.
    pub(crate) fn trusts(&self, key: Option<Hash>) -> bool {
        key.is_some() && self.key == key && self.trusted_at.is_some()
    }
}

/// What is known of `device` for `owner`.
pub(crate) async fn known_device(
    on: &impl ConnectionTrait,
    owner: Owner,
    device: DeviceId,
) -> Result<Option<KnownDevice>, DbErr> {
    let key = (owner.to_vec(), device.to_bytes().to_vec());
    known::Entity::find_by_id(key).one(on).await?.map(read).transpose()
}

/// The devices that signed `owner` in, the last used first.
pub(crate) async fn known_devices(
    on: &impl ConnectionTrait,
    owner: Owner,
) -> Result<Vec<KnownDevice>, DbErr> {
    let rows = known::Entity::find()
        .filter(known::Column::Owner.eq(owner.to_vec()))
        .order_by_desc(known::Column::LastAt)
        .all(on)
        .await?;
    rows.into_iter().map(read).collect()
}

/// `owner` does not know `device` any more; whether they did.
pub(crate) async fn forget_device(
    tx: &impl ConnectionTrait,
    owner: Owner,
    device: DeviceId,
) -> Result<bool, DbErr> {
    let key = (owner.to_vec(), device.to_bytes().to_vec());
    Ok(known::Entity::delete_by_id(key).exec(tx).await?.rows_affected > 0)
}

/// The key of `device` is a factor for `owner` from now on.
pub(crate) async fn trust_device(
    tx: &impl ConnectionTrait,
    owner: Owner,
    device: DeviceId,
    now: Timestamp,
) -> Result<(), DbErr> {
    known::Entity::update_many()
        .col_expr(known::Column::TrustedAt, Expr::value(now.as_microsecond()))
        .filter(known::Column::Owner.eq(owner.to_vec()))
        .filter(known::Column::Device.eq(device.to_bytes().to_vec()))
        .filter(known::Column::TrustedAt.is_null())
        .exec(tx)
        .await
        .map(|_| ())
}

/// A device that signs `owner` in now.
pub(crate) struct Arriving<'a> {
    /// The hash of its cookie.
    pub(crate) token_hash: &'a Hash,
    /// Its id where the cookie is new.
    pub(crate) fresh: DeviceId,
    pub(crate) owner: Owner,
    pub(crate) name: &'a str,
    pub(crate) key: Option<Hash>,
}

/// The device of this cookie, made where there is none, now known for its owner. The second part says whether it was not
/// known for this owner before; a cookie that comes with another key than before was taken elsewhere, and is not.
pub(crate) async fn know_device(
    tx: &impl ConnectionTrait,
    arriving: &Arriving<'_>,
    now: Timestamp,
) -> Result<(DeviceId, bool), DbErr> {
    let Arriving { token_hash, fresh, owner, name, key } = *arriving;
    let device = match device_of_token(tx, token_hash).await? {
        Some(device) => device,
        None => {
            let row = device::ActiveModel {
                token_hash: Set(token_hash.to_vec()),
                id: Set(fresh.to_bytes().to_vec()),
                made_at: Set(now.as_microsecond()),
            };
            device::Entity::insert(row).exec_without_returning(tx).await?;
            fresh
        }
    };
    let before = known_device(tx, owner, device).await?;
    let same_key = before.as_ref().is_some_and(|before| before.key == key);
    let is_new = before.as_ref().is_none_or(|before| before.key.is_some() && !same_key);
    // Who says nothing is what they said before.
    let name =
        before.as_ref().filter(|_| kind(name).is_none()).map_or(name, |before| &before.name).to_owned();
    let trusted_at = before.filter(|_| same_key).and_then(|before| before.trusted_at);
    use known::Column as C;
    let row = known::ActiveModel {
        owner: Set(owner.to_vec()),
        device: Set(device.to_bytes().to_vec()),
        name: Set(name),
        first_at: Set(now.as_microsecond()),
        last_at: Set(now.as_microsecond()),
        device_key: Set(key.map(|key| key.to_vec())),
        trusted_at: Set(trusted_at.map(|at| at.as_microsecond())),
    };
    let replace = OnConflict::columns([C::Owner, C::Device])
        .update_columns([C::Name, C::LastAt, C::DeviceKey, C::TrustedAt])
        .to_owned();
    known::Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await?;
    Ok((device, is_new))
}

fn read(row: known::Model) -> Result<KnownDevice, DbErr> {
    Ok(KnownDevice {
        device: device_id(&row.device)?,
        name: row.name,
        first_at: instant(row.first_at)?,
        last_at: instant(row.last_at)?,
        key: row.device_key.map(|key| array(&key, "device_key")).transpose()?,
        trusted_at: row.trusted_at.map(instant).transpose()?,
    })
}
