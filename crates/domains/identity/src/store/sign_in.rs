//! Who signed in or was refused, for the owner to see.

use clock::Timestamp;
use contracts::identity::Channel;
use ids::SignInId;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};

use super::row::sign_in::{ActiveModel, Column, Entity};
use super::{Owner, instant, of_word, word};
use crate::model::method::Method;
use crate::model::place::{Place, Visit};

/// One sign-in, or one that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SignInRow {
    pub(crate) id: SignInId,
    pub(crate) at: Timestamp,
    pub(crate) method: Method,
    pub(crate) refused: bool,
    pub(crate) channel: Channel,
    pub(crate) device_name: String,
    /// Where from, as far as that is known.
    pub(crate) place: Option<Place>,
}

/// Keeps one of `owner`.
pub(crate) async fn insert_sign_in(
    tx: &impl ConnectionTrait,
    owner: Owner,
    row: &SignInRow,
) -> Result<(), DbErr> {
    let row = ActiveModel {
        id: Set(row.id.to_bytes().to_vec()),
        owner: Set(owner.to_vec()),
        at: Set(row.at.as_microsecond()),
        method: Set(word(row.method)?),
        refused: Set(row.refused.into()),
        channel: Set(word(row.channel)?),
        device_name: Set(row.device_name.clone()),
        latitude: Set(row.place.map(|place| place.hundredths().0)),
        longitude: Set(row.place.map(|place| place.hundredths().1)),
    };
    Entity::insert(row).exec_without_returning(tx).await.map(|_| ())
}

/// The newest of `owner`, the newest first; those before `before` where it is given.
pub(crate) async fn sign_ins_of(
    on: &impl ConnectionTrait,
    owner: Owner,
    before: Option<SignInId>,
    count: u64,
) -> Result<Vec<SignInRow>, DbErr> {
    let mut find = Entity::find().filter(Column::Owner.eq(owner.to_vec()));
    if let Some(before) = before {
        find = find.filter(Column::Id.lt(before.to_bytes().to_vec()));
    }
    let rows = find.order_by_desc(Column::Id).limit(count).all(on).await?;
    rows.into_iter()
        .map(|row| {
            Ok(SignInRow {
                id: super::sign_in_id(&row.id)?,
                at: instant(row.at)?,
                method: of_word(row.method)?,
                refused: row.refused != 0,
                channel: of_word(row.channel)?,
                place: place(row.latitude, row.longitude),
                device_name: row.device_name,
            })
        })
        .collect()
}

/// From where `owner` signed in since then, and was not refused; of the newest `count`.
pub(crate) async fn visits_of(
    on: &impl ConnectionTrait,
    owner: Owner,
    since: Timestamp,
    count: u64,
) -> Result<Vec<Visit>, DbErr> {
    let rows = sign_ins_of(on, owner, None, count).await?;
    let visit = |row: SignInRow| Some(Visit { place: row.place?, at: row.at });
    Ok(rows.into_iter().filter(|row| !row.refused && row.at >= since).filter_map(visit).collect())
}

fn place(latitude: Option<i16>, longitude: Option<i16>) -> Option<Place> {
    Place::of_hundredths(latitude?, longitude?)
}

/// Removes what is older than `before`.
pub(crate) async fn remove_old_sign_ins(tx: &impl ConnectionTrait, before: Timestamp) -> Result<u64, DbErr> {
    let old = Column::At.lt(before.as_microsecond());
    Ok(Entity::delete_many().filter(old).exec(tx).await?.rows_affected)
}
