//! Sessions.

use clock::Timestamp;
use contracts::identity::{Assurance, Principal, Session};
use dpop::Thumbprint;
use ids::{CustomerId, DeviceId, SessionId, StaffId, ThirdPartyId};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};

use super::row::session::{ActiveModel, Column, Entity, Model};
use super::third_party::{scopes, scopes_text};
use super::{
    Hash, array, customer_id, damaged, device_id, instant, of_word, session_id, staff_id, third_party_id,
    word,
};
use crate::model::method::Method;

/// A session as it is stored.
#[derive(Clone)]
pub(crate) struct SessionRow {
    pub(crate) session: Session,
    pub(crate) token_hash: Hash,
    pub(crate) device_name: String,
    pub(crate) last_seen_at: Timestamp,
    pub(crate) method: Method,
    /// When its owner last proved to be there.
    pub(crate) proved_at: Timestamp,
    /// The hash of the token of the session that it was opened in, without which it is nothing.
    pub(crate) parent: Option<Hash>,
    /// The third party whose program asks in it in the name of a customer; it ends with that one.
    pub(crate) through: Option<ThirdPartyId>,
}

pub(crate) async fn insert_session(tx: &impl ConnectionTrait, row: &SessionRow) -> Result<(), DbErr> {
    let session = &row.session;
    let (mut customer, mut staff, mut role, mut third_party, mut scopes) = (None, None, None, None, None);
    match &session.principal {
        Principal::Customer(id) => {
            customer = Some(id.to_bytes().to_vec());
            third_party = row.through.map(|through| through.to_bytes().to_vec());
        }
        Principal::Staff(id, of) => (staff, role) = (Some(id.to_bytes().to_vec()), Some(word(*of)?)),
        Principal::ThirdParty(id, within) => {
            (third_party, scopes) = (Some(id.to_bytes().to_vec()), Some(scopes_text(within)));
        }
    }
    let row = ActiveModel {
        id: Set(session.id.to_bytes().to_vec()),
        token_hash: Set(row.token_hash.to_vec()),
        customer: Set(customer),
        staff: Set(staff),
        role: Set(role),
        channel: Set(word(session.channel)?),
        device: Set(session.device.to_bytes().to_vec()),
        device_name: Set(row.device_name.clone()),
        assurance: Set(word(session.assurance)?),
        started_at: Set(session.started_at.as_microsecond()),
        last_seen_at: Set(row.last_seen_at.as_microsecond()),
        expires_at: Set(session.expires_at.as_microsecond()),
        ended_at: Set(None),
        method: Set(word(row.method)?),
        proved_at: Set(row.proved_at.as_microsecond()),
        device_key: Set(session.device_key.as_deref().map(thumbprint).transpose()?.map(|key| key.to_vec())),
        third_party: Set(third_party),
        scopes: Set(scopes),
        emergency_until: Set(session.emergency_until.map(|until| until.as_microsecond())),
        parent: Set(row.parent.map(|parent| parent.to_vec())),
    };
    Entity::insert(row).exec_without_returning(tx).await.map(|_| ())
}

/// Sessions that have neither ended nor expired, by their ids, `count` of those after `after`.
pub(crate) async fn live_sessions(
    on: &impl ConnectionTrait,
    now: Timestamp,
    after: Option<SessionId>,
    count: u64,
) -> Result<Vec<SessionRow>, DbErr> {
    let mut find =
        Entity::find().filter(Column::EndedAt.is_null()).filter(Column::ExpiresAt.gt(now.as_microsecond()));
    if let Some(after) = after {
        find = find.filter(Column::Id.gt(after.to_bytes().to_vec()));
    }
    let rows = find.order_by_asc(Column::Id).limit(count).all(on).await?;
    rows.into_iter().map(read).collect()
}

/// The session of a token, unless it has ended or expired.
pub(crate) async fn session_of_token(
    on: &impl ConnectionTrait,
    token_hash: &Hash,
    now: Timestamp,
) -> Result<Option<SessionRow>, DbErr> {
    let row = Entity::find()
        .filter(Column::TokenHash.eq(token_hash.to_vec()))
        .filter(Column::EndedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.as_microsecond()))
        .one(on)
        .await?;
    row.map(read).transpose()
}

/// A session by its id, unless it has ended or expired.
pub(crate) async fn live_session(
    on: &impl ConnectionTrait,
    id: SessionId,
    now: Timestamp,
) -> Result<Option<SessionRow>, DbErr> {
    let row = Entity::find_by_id(id.to_bytes().to_vec())
        .filter(Column::EndedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.as_microsecond()))
        .one(on)
        .await?;
    row.map(read).transpose()
}

/// The owner of a session has proved once more to be there.
pub(crate) async fn write_proof(
    tx: &impl ConnectionTrait,
    id: SessionId,
    assurance: Assurance,
    now: Timestamp,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::ProvedAt, Expr::value(now.as_microsecond()))
        .col_expr(Column::Assurance, Expr::value(word(assurance)?))
        .filter(Column::Id.eq(id.to_bytes().to_vec()))
        .filter(Column::EndedAt.is_null())
        .exec(tx)
        .await
        .map(|_| ())
}

/// Until when the member of staff of a session may do more than usual.
pub(crate) async fn write_emergency(
    tx: &impl ConnectionTrait,
    id: SessionId,
    until: Option<Timestamp>,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::EmergencyUntil, Expr::value(until.map(|until| until.as_microsecond())))
        .filter(Column::Id.eq(id.to_bytes().to_vec()))
        .exec(tx)
        .await
        .map(|_| ())
}

/// Whose sessions.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Whose {
    Customer(CustomerId),
    Staff(StaffId),
    ThirdParty(ThirdPartyId),
    /// Whoever is signed in there.
    OnDevice(DeviceId),
}

impl From<&Principal> for Whose {
    fn from(principal: &Principal) -> Self {
        match principal {
            Principal::Customer(customer) => Self::Customer(*customer),
            Principal::Staff(staff, _) => Self::Staff(*staff),
            Principal::ThirdParty(third_party, _) => Self::ThirdParty(*third_party),
        }
    }
}

/// Somebody's sessions that have neither ended nor expired, the youngest first; of a third party also those in which its
/// program asks in the name of customers.
pub(crate) async fn live_sessions_of(
    on: &impl ConnectionTrait,
    whose: Whose,
    now: Timestamp,
) -> Result<Vec<SessionRow>, DbErr> {
    let own = match whose {
        Whose::Customer(customer) => Column::Customer.eq(customer.to_bytes().to_vec()),
        Whose::Staff(staff) => Column::Staff.eq(staff.to_bytes().to_vec()),
        Whose::ThirdParty(third_party) => Column::ThirdParty.eq(third_party.to_bytes().to_vec()),
        Whose::OnDevice(device) => Column::Device.eq(device.to_bytes().to_vec()),
    };
    let rows = Entity::find()
        .filter(own)
        .filter(Column::EndedAt.is_null())
        .filter(Column::ExpiresAt.gt(now.as_microsecond()))
        .order_by_desc(Column::StartedAt)
        .all(on)
        .await?;
    rows.into_iter().map(read).collect()
}

/// Ends those of these sessions that have not ended yet.
pub(crate) async fn end_sessions(
    tx: &impl ConnectionTrait,
    ids: &[SessionId],
    now: Timestamp,
) -> Result<(), DbErr> {
    for part in ids.chunks(500) {
        Entity::update_many()
            .col_expr(Column::EndedAt, Expr::value(now.as_microsecond()))
            .filter(Column::Id.is_in(part.iter().map(|id| id.to_bytes().to_vec())))
            .filter(Column::EndedAt.is_null())
            .exec(tx)
            .await?;
    }
    Ok(())
}

pub(crate) async fn write_last_seen(
    tx: &impl ConnectionTrait,
    seen: &[(SessionId, Timestamp)],
) -> Result<(), DbErr> {
    for (id, at) in seen {
        Entity::update_many()
            .col_expr(Column::LastSeenAt, Expr::value(at.as_microsecond()))
            .filter(Column::Id.eq(id.to_bytes().to_vec()))
            .filter(Column::LastSeenAt.lt(at.as_microsecond()))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Removes what ended or expired before `before`.
pub(crate) async fn remove_ended_sessions(
    tx: &impl ConnectionTrait,
    before: Timestamp,
) -> Result<u64, DbErr> {
    let before = before.as_microsecond();
    let over = Condition::any().add(Column::ExpiresAt.lt(before)).add(Column::EndedAt.lt(before));
    Ok(Entity::delete_many().filter(over).exec(tx).await?.rows_affected)
}

fn read(row: Model) -> Result<SessionRow, DbErr> {
    let third_party = row.third_party.as_deref().map(third_party_id).transpose()?;
    let mut through = None;
    let principal = match (row.customer, row.staff, row.role, third_party) {
        (Some(customer), None, _, by) => {
            through = by;
            Principal::Customer(customer_id(&customer)?)
        }
        (None, Some(staff), Some(role), None) => Principal::Staff(staff_id(&staff)?, of_word(role)?),
        (None, None, None, Some(third_party)) => {
            Principal::ThirdParty(third_party, scopes(row.scopes.as_deref().unwrap_or_default())?)
        }
        _ => return Err(damaged("principal")),
    };
    Ok(SessionRow {
        session: Session {
            id: session_id(&row.id)?,
            principal,
            channel: of_word(row.channel)?,
            device: device_id(&row.device)?,
            assurance: of_word(row.assurance)?,
            started_at: instant(row.started_at)?,
            expires_at: instant(row.expires_at)?,
            device_key: row
                .device_key
                .map(|key| array(&key, "device_key").map(|key| Thumbprint::new(key).to_string()))
                .transpose()?,
            emergency_until: row.emergency_until.map(instant).transpose()?,
        },
        token_hash: array(&row.token_hash, "token_hash")?,
        device_name: row.device_name,
        last_seen_at: instant(row.last_seen_at)?,
        method: of_word(row.method)?,
        proved_at: instant(row.proved_at)?,
        parent: row.parent.map(|parent| array(&parent, "parent")).transpose()?,
        through,
    })
}

/// The bytes of a key's name.
fn thumbprint(text: &str) -> Result<Hash, DbErr> {
    text.parse::<Thumbprint>().map(|key| *key.as_bytes()).map_err(|_| damaged("device_key"))
}
