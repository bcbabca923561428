//! Who asks, and how sure the bank is of it: credentials, one-time codes, payment PINs, devices, sessions, staff.
//!
//! A password is hashed with argon2id on threads apart, a bounded number at a time. Staff sign in with
//! passkeys (decision 0029). A payment PIN is checked on every
//! transfer and therefore kept as a keyed hash behind a strict count of tries (decision 0005). Tries at passwords are
//! counted per name and place, and apart for each device that signed its owner in before, so that a stranger who
//! guesses never locks the owner out (decision 0006). An unknown name and a wrong password take the same way.
//!
//! Sessions are opaque random tokens, stored hashed and held in memory: finding out who asks costs one hash and no I/O
//! on SQLite, where one process holds the identities of a bank. On PostgreSQL several may: a session is read again when
//! it was not for some time ([`live`]), so that one that ended elsewhere is over within a second, and the state of a PIN
//! at each check. A right PIN costs one keyed hash and no write; a wrong one is durable before the answer leaves. An
//! interactive sign-in costs two small transactions and one argon2id hash (19 MiB).
//!
//! A customer who asks for it is erased (decision 0024): after some days, in which it can be taken back, and where no
//! account is open, which is all that this crate asks about accounts. It knows no money. Of customers it keeps ids and
//! keyed hashes of names only; names, phones and identity numbers are asked of `customers` when they are needed.

mod atlas;
mod carrier;
mod config;
mod error;
mod hasher;
mod http;
mod jobs;
mod live;
mod model;
mod pins;
mod reactions;
mod service;
mod store;

use std::sync::Arc;

use async_trait::async_trait;
use contracts::customers::ERASED;
use contracts::identity::{
    APPROVAL_DECIDED, COUNTERSIGNATURE_CHANGED, Countersignatures, DATA_EXPORTED, DEVICE_ADDED,
    EMERGENCY_CHANGED, ERASURE_ASKED, ERASURE_WITHDRAWN, Identity, LOCKED, PASSKEY_CHANGED, RECOVERY_CHANGED,
    SESSION_REVOKED, SIGNED_IN, SIGNED_UP, SIM_CHANGED, STAFF_ENROLLED, TOTP_CHANGED,
};
use runtime::{OpenFailed, Running, Service, Site};

use crate::atlas::Atlas;
use crate::carrier::Carrier;
use crate::hasher::Hasher;
use crate::live::Sessions;
use crate::pins::Pins;
use crate::service::Identities;

pub use config::{BranchSettings, CarrierSettings, MiniProgram, Settings};

/// The tables of identity.
pub const MIGRATIONS: db::Migrations = db::migrations!(
    "identity",
    "0001_identity",
    "0002_passkeys",
    "0003_devices",
    "0004_approvals",
    "0005_erasure",
    "0006_recovery",
    "0007_scans",
    "0008_third_parties",
    "0009_staff_passkeys",
    "0010_countersignatures",
    "0011_emergencies",
    "0012_totp",
    "0013_places",
    "0014_sim",
    "0015_embedded",
    "0016_calls",
    "0017_tablets"
);

/// Rows of sessions that are read at once at the start.
const LOADED_AT_ONCE: u64 = 2_000;

/// Identity before it is opened. Needs [`Settings`], `keys::Keys`, and the contracts of accounts, customers and messages.
#[must_use]
pub fn service() -> Box<dyn Service> {
    Box::new(Unopened)
}

struct Unopened;

#[async_trait]
impl Service for Unopened {
    fn name(&self) -> &'static str {
        "identity"
    }

    fn needs(&self) -> &'static [&'static str] {
        &["accounts", "customers", "messages"]
    }

    fn hears(&self) -> &'static [&'static str] {
        &[
            DEVICE_ADDED,
            PASSKEY_CHANGED,
            TOTP_CHANGED,
            RECOVERY_CHANGED,
            ERASURE_ASKED,
            ERASURE_WITHDRAWN,
            ERASED,
        ]
    }

    fn announces(&self) -> &'static [&'static str] {
        &[
            SIGNED_UP,
            SIGNED_IN,
            STAFF_ENROLLED,
            DEVICE_ADDED,
            SESSION_REVOKED,
            LOCKED,
            PASSKEY_CHANGED,
            TOTP_CHANGED,
            SIM_CHANGED,
            RECOVERY_CHANGED,
            APPROVAL_DECIDED,
            COUNTERSIGNATURE_CHANGED,
            EMERGENCY_CHANGED,
            ERASURE_ASKED,
            ERASURE_WITHDRAWN,
            DATA_EXPORTED,
        ]
    }

    fn migrations(&self) -> &'static [db::Migrations] {
        &[MIGRATIONS]
    }

    async fn open(&self, site: &Site) -> Result<Running, OpenFailed> {
        let identities = open(site).await?;
        site.offer::<dyn Identity>(Arc::clone(&identities) as Arc<dyn Identity>);
        site.offer::<dyn Countersignatures>(Arc::clone(&identities) as Arc<dyn Countersignatures>);
        let last = Arc::clone(&identities);
        Ok(Running {
            routes: http::routes_of(Arc::clone(&identities)),
            loops: jobs::loops(&identities),
            jobs: Vec::new(),
            reactions: vec![reactions::ways_in(Arc::clone(&identities)), reactions::erasures(identities)],
            health: Arc::new(site.db.clone()),
            shutdown: Some(Box::pin(async move {
                if let Err(error) = last.write_last_seen().await {
                    tracing::warn!(%error, "times of last use were not written down");
                }
            })),
        })
    }
}

async fn open(site: &Site) -> Result<Arc<Identities>, OpenFailed> {
    let settings = site.need::<Settings>()?;
    settings.relying_party().map_err(|error| OpenFailed::because("the settings of passkeys", error))?;
    settings.check_mini_programs().map_err(|error| OpenFailed::because("the settings", error))?;
    let hasher = Hasher::try_new(&settings).map_err(|error| OpenFailed::because("the settings", error))?;
    let places = settings.places_file.as_deref();
    let atlas = Atlas::read(places).map_err(|error| OpenFailed::because("where addresses are", error))?;
    let carrier = Carrier::try_new(&settings.carrier);
    let carrier = carrier.map_err(|error| OpenFailed::because("who knows when SIMs were changed", error))?;
    let shared = site.is_shared();
    let sessions = Sessions::new(&settings, shared);
    if !shared {
        let loaded = load(&sessions, site).await;
        loaded.map_err(|error| OpenFailed::because("the sessions cannot be read", error))?;
    }
    Ok(Arc::new(Identities {
        db: site.db.clone(),
        clock: Arc::clone(&site.clock),
        keys: site.need()?,
        accounts: site.need()?,
        customers: site.need()?,
        messages: site.need()?,
        settings,
        hasher,
        atlas,
        carrier,
        sessions,
        pins: Pins::default(),
        opening: tokio::sync::RwLock::default(),
        turns: Default::default(),
    }))
}

/// Takes live sessions into memory, some at a time: all rows at once would take several times what stays.
async fn load(sessions: &Sessions, site: &Site) -> Result<(), sea_orm::DbErr> {
    let mut after = None;
    loop {
        let rows = store::live_sessions(site.db.reader(), site.clock.now(), after, LOADED_AT_ONCE).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = Some(last.session.id);
        rows.into_iter().for_each(|row| sessions.insert(row));
    }
}

#[cfg(test)]
mod tests;
