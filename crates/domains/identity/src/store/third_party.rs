//! Third parties and the keys by which they are known.

use clock::Timestamp;
use contracts::identity::Scope;
use dpop::{PublicKey, Thumbprint};
use ids::{StaffId, ThirdPartyId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, Set};

use super::row::{third_party as row, third_party_key as key};
use super::{damaged, instant, staff_id, third_party_id};

/// A third party that is registered.
#[derive(Clone)]
pub(crate) struct ThirdPartyRow {
    pub(crate) id: ThirdPartyId,
    pub(crate) name: String,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) added_at: Timestamp,
    pub(crate) added_by: StaffId,
}

/// A key of one.
#[derive(Clone)]
pub(crate) struct ThirdPartyKeyRow {
    pub(crate) third_party: ThirdPartyId,
    pub(crate) key: PublicKey,
    pub(crate) added_at: Timestamp,
}

pub(crate) async fn insert_third_party(tx: &impl ConnectionTrait, one: &ThirdPartyRow) -> Result<(), DbErr> {
    let row = row::ActiveModel {
        id: Set(one.id.to_bytes().to_vec()),
        name: Set(one.name.clone()),
        scopes: Set(scopes_text(&one.scopes)),
        added_at: Set(one.added_at.as_microsecond()),
        added_by: Set(one.added_by.to_bytes().to_vec()),
        removed_at: Set(None),
    };
    row::Entity::insert(row).exec_without_returning(tx).await.map(|_| ())
}

/// One that is registered.
pub(crate) async fn third_party(
    on: &impl ConnectionTrait,
    id: ThirdPartyId,
) -> Result<Option<ThirdPartyRow>, DbErr> {
    let find = row::Entity::find_by_id(id.to_bytes().to_vec()).filter(row::Column::RemovedAt.is_null());
    find.one(on).await?.map(read).transpose()
}

/// All that are registered, by name.
pub(crate) async fn third_parties(on: &impl ConnectionTrait) -> Result<Vec<ThirdPartyRow>, DbErr> {
    let find = row::Entity::find().filter(row::Column::RemovedAt.is_null());
    find.order_by_asc(row::Column::Name).all(on).await?.into_iter().map(read).collect()
}

pub(crate) async fn remove_third_party(
    tx: &impl ConnectionTrait,
    id: ThirdPartyId,
    now: Timestamp,
) -> Result<(), DbErr> {
    row::Entity::update_many()
        .col_expr(row::Column::RemovedAt, Expr::value(now.as_microsecond()))
        .filter(row::Column::Id.eq(id.to_bytes().to_vec()))
        .exec(tx)
        .await
        .map(|_| ())
}

/// Keeps a key; `false` where it is known already, or was once.
pub(crate) async fn insert_third_party_key(
    tx: &impl ConnectionTrait,
    one: &ThirdPartyKeyRow,
) -> Result<bool, DbErr> {
    let row = key::ActiveModel {
        thumbprint: Set(one.key.thumbprint().as_bytes().to_vec()),
        third_party: Set(one.third_party.to_bytes().to_vec()),
        jwk: Set(one.key.to_jwk()),
        added_at: Set(one.added_at.as_microsecond()),
        removed_at: Set(None),
    };
    let once = OnConflict::column(key::Column::Thumbprint).do_nothing().to_owned();
    Ok(key::Entity::insert(row).on_conflict(once).exec_without_returning(tx).await? > 0)
}

/// The keys of one, or of all, the oldest first.
pub(crate) async fn third_party_keys(
    on: &impl ConnectionTrait,
    of: Option<ThirdPartyId>,
) -> Result<Vec<ThirdPartyKeyRow>, DbErr> {
    let mut find = key::Entity::find().filter(key::Column::RemovedAt.is_null());
    if let Some(id) = of {
        find = find.filter(key::Column::ThirdParty.eq(id.to_bytes().to_vec()));
    }
    let rows = find.order_by_asc(key::Column::AddedAt).all(on).await?;
    rows.into_iter()
        .map(|row| {
            Ok(ThirdPartyKeyRow {
                third_party: third_party_id(&row.third_party)?,
                key: PublicKey::of_jwk(&row.jwk).map_err(|_| damaged("jwk"))?,
                added_at: instant(row.added_at)?,
            })
        })
        .collect()
}

pub(crate) async fn remove_third_party_key(
    tx: &impl ConnectionTrait,
    thumbprint: &Thumbprint,
    now: Timestamp,
) -> Result<(), DbErr> {
    key::Entity::update_many()
        .col_expr(key::Column::RemovedAt, Expr::value(now.as_microsecond()))
        .filter(key::Column::Thumbprint.eq(thumbprint.as_bytes().to_vec()))
        .exec(tx)
        .await
        .map(|_| ())
}

fn read(row: row::Model) -> Result<ThirdPartyRow, DbErr> {
    Ok(ThirdPartyRow {
        id: third_party_id(&row.id)?,
        name: row.name,
        scopes: scopes(&row.scopes)?,
        added_at: instant(row.added_at)?,
        added_by: staff_id(&row.added_by)?,
    })
}

/// As a store keeps them.
pub(super) fn scopes_text(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.word()).collect::<Vec<_>>().join(",")
}

pub(super) fn scopes(text: &str) -> Result<Vec<Scope>, DbErr> {
    let words = text.split(',').filter(|word| !word.is_empty());
    words.map(|word| Scope::of_word(word).ok_or_else(|| damaged("scopes"))).collect()
}
