//! Devices, and whom they signed in.

use clock::Timestamp;
use ids::DeviceId;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, Set};

use super::row::{device, known_device};
use super::{Hash, device_id};

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
    let key = (owner.to_vec(), device.to_bytes().to_vec());
    Ok(known_device::Entity::find_by_id(key).one(on).await?.is_some())
}

/// The device of this cookie, made under `fresh` where there is none, now known for `owner`. The second part says
/// whether it was not known for this owner before.
pub(crate) async fn know_device(
    tx: &impl ConnectionTrait,
    token_hash: &Hash,
    fresh: DeviceId,
    owner: Owner,
    name: &str,
    now: Timestamp,
) -> Result<(DeviceId, bool), DbErr> {
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
    let is_new = !knows(tx, owner, device).await?;
    use known_device::Column as C;
    let row = known_device::ActiveModel {
        owner: Set(owner.to_vec()),
        device: Set(device.to_bytes().to_vec()),
        name: Set(name.to_owned()),
        first_at: Set(now.as_microsecond()),
        last_at: Set(now.as_microsecond()),
    };
    let replace = OnConflict::columns([C::Owner, C::Device]).update_columns([C::Name, C::LastAt]).to_owned();
    known_device::Entity::insert(row).on_conflict(replace).exec_without_returning(tx).await?;
    Ok((device, is_new))
}
