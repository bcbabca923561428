//! Who stands at the door, as the gateway established it, and the extractors by which handlers learn it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use contracts::identity::{Principal, Role, Session};
use ids::{CustomerId, StaffId, ThirdPartyId, TraceId};
use serde::{Deserialize, Serialize};

use crate::Problem;

/// What the gateway found out about a request before any route saw it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Visitor {
    /// The customer's session, where a valid token came with the request.
    pub customer: Option<Session>,
    /// The staff session, where a valid token came with the request.
    pub staff: Option<Session>,
    /// The session of a third party, where a valid token came with the request.
    #[serde(default)]
    pub third_party: Option<Session>,
    /// The key that the request was proved to be made with (RFC 9449), as [`Session::device_key`] writes it.
    #[serde(default)]
    pub device_key: Option<String>,
    /// Why a session whose token came with the request is not here.
    #[serde(default)]
    pub unproved: Option<Unproved>,
}

/// Why a session that is bound to a device's key was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unproved {
    /// The request came without a proof.
    Missing,
    /// Its proof is of another key.
    OtherKey,
}

/// The trace this request belongs to.
#[derive(Debug, Clone, Copy)]
pub struct Trace(pub TraceId);

/// The customer who asks; only on routes with [`crate::Access::Customer`].
#[derive(Debug, Clone)]
pub struct Customer {
    /// Who.
    pub id: CustomerId,
    /// In which session.
    pub session: Session,
}

/// The member of staff who asks; only on routes with [`crate::Access::Staff`].
#[derive(Debug, Clone)]
pub struct Staff {
    /// Who.
    pub id: StaffId,
    /// With which role.
    pub role: Role,
    /// In which session.
    pub session: Session,
}

/// The third party that asks; only on routes with [`crate::Access::ThirdParty`].
#[derive(Debug, Clone)]
pub struct ThirdParty {
    /// Which.
    pub id: ThirdPartyId,
    /// In which session.
    pub session: Session,
}

impl<S: Send + Sync> FromRequestParts<S> for Customer {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match parts.extensions.get::<Session>() {
            Some(session @ Session { principal: Principal::Customer(id), .. }) => {
                Ok(Self { id: *id, session: session.clone() })
            }
            _ => Err(Problem::not_signed_in()),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Staff {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match parts.extensions.get::<Session>() {
            Some(session @ Session { principal: Principal::Staff(id, role), .. }) => {
                Ok(Self { id: *id, role: *role, session: session.clone() })
            }
            _ => Err(Problem::not_signed_in()),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ThirdParty {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match parts.extensions.get::<Session>() {
            Some(session @ Session { principal: Principal::ThirdParty(id, _), .. }) => {
                Ok(Self { id: *id, session: session.clone() })
            }
            _ => Err(Problem::not_signed_in()),
        }
    }
}
