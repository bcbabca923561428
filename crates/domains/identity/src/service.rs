//! The use cases: load, decide, store.

mod approvals;
mod attempt;
mod calls;
mod ceremony;
mod codes;
mod contract;
mod countersignatures;
mod devices;
mod embedded;
mod emergencies;
mod enrollment;
mod erasure;
mod export;
mod open;
mod passkeys;
mod recovery;
mod scan;
mod sealing;
mod secrets;
mod sessions;
mod sign_in;
mod sign_up;
mod sim;
mod staff;
mod step_up;
mod tablets;
mod third_parties;
mod totp;

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::Arc;

use clock::{Clock, Timestamp};
use contracts::News;
use contracts::accounts::Accounts;
use contracts::customers::Customers;
use contracts::identity::{Channel, EndReason, SessionRevoked};
use contracts::messages::{Language, MessageGateway};
use db::Db;
use db::outbox::Event;
use dpop::Thumbprint;
use ids::DeviceId;
use keys::Keys;
use sea_orm::{DatabaseTransaction, DbErr};
use secrecy::Secret;
use tokio::sync::{Mutex, MutexGuard, RwLock};

use crate::Settings;
use crate::atlas::Atlas;
use crate::carrier::Carrier;
use crate::hasher::Hasher;
use crate::live::Sessions;
use crate::model::tries::{Budget, FOR_EVER};
use crate::model::{name, seconds_until};
use crate::pins::Pins;
use crate::store::{self, Hash, SessionRow, Whose};

pub(crate) use approvals::ApprovalSeen;
pub(crate) use calls::{CallAsked, CallBegun, CallHeard};
pub(crate) use codes::CodeAsked;
pub(crate) use countersignatures::{CountersignatureSeen, Looking};
pub(crate) use embedded::{ACCESS_TOKEN, TokenExchange};
pub(crate) use emergencies::EmergencySeen;
pub(crate) use enrollment::Given;
pub(crate) use export::Exported;
pub(crate) use open::SignedIn;
pub(crate) use recovery::{Forgotten, Recovered};
pub(crate) use scan::{ScanAsked, ScanSeen};
pub(crate) use sealing::Envelope;
pub(crate) use secrets::PasswordProof;
pub(crate) use sessions::SessionSeen;
pub(crate) use sign_in::Beside;
pub(crate) use sign_up::Applicant;
pub(crate) use staff::{NewStaff, StaffEntry, StaffSeen};
pub(crate) use tablets::TabletGiven;
pub(crate) use third_parties::{NewThirdParty, ThirdPartySeen, TokenAsked, read_key};
pub(crate) use totp::TotpShown;

const DAY_S: u32 = 24 * 3600;

/// Everything identity works with.
pub(crate) struct Identities {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) keys: Arc<Keys>,
    pub(crate) accounts: Arc<dyn Accounts>,
    pub(crate) customers: Arc<dyn Customers>,
    pub(crate) messages: Arc<dyn MessageGateway>,
    pub(crate) settings: Arc<Settings>,
    pub(crate) hasher: Hasher,
    pub(crate) atlas: Atlas,
    pub(crate) carrier: Carrier,
    pub(crate) sessions: Sessions,
    pub(crate) pins: Pins,
    /// Held shared while a session opens, and alone while all of somebody's sessions end: none slips through between
    /// its row and its place in memory.
    pub(crate) opening: RwLock<()>,
    /// See [`Identities::turn`].
    pub(crate) turns: [Mutex<()>; 16],
}

/// Where a request comes from.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) address: IpAddr,
    /// See [`crate::model::source::network`].
    pub(crate) network: String,
    /// The device cookie, where one came.
    pub(crate) device: Option<Secret<String>>,
    pub(crate) device_name: String,
    pub(crate) channel: Channel,
    pub(crate) language: Language,
    /// Of which page the request is, where a browser says so: `https://bank.example`.
    pub(crate) origin: Option<String>,
    /// The key that the request was proved to be made with.
    pub(crate) device_key: Option<Thumbprint>,
    /// The tablet of a branch that it is, by that key.
    pub(crate) tablet: Option<DeviceId>,
}

impl Caller {
    fn is_english(&self) -> bool {
        self.language == Language::English
    }
}

impl Identities {
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn name_index(&self, name: &str) -> Hash {
        self.keys.index("identity.name", &name::normalize(name))
    }

    /// Tokens of sessions and devices are kept as keyed hashes: a stolen database opens no session.
    fn token_hash(&self, token: &Secret<String>) -> Hash {
        self.keys.mac("identity.token", token.expose().as_bytes())
    }

    fn network_hash(&self, caller: &Caller) -> Hash {
        self.keys.index("identity.network", &caller.network)
    }

    /// On PostgreSQL, those who count tries of one network take turns: their transactions would only repeat each other.
    /// SQLite has one writer, which gathers them.
    async fn turn(&self, caller: &Caller) -> Option<MutexGuard<'_, ()>> {
        self.turn_of(self.network_hash(caller)).await
    }

    /// Turns of those who change what belongs to `whom`, whose bytes end at random.
    async fn turn_of(&self, whom: impl AsRef<[u8]>) -> Option<MutexGuard<'_, ()>> {
        if self.db.kind() == db::Kind::Sqlite {
            return None;
        }
        let last = whom.as_ref().last().copied().unwrap_or_default();
        Some(self.turns.get(usize::from(last) % self.turns.len())?.lock().await)
    }

    fn refused_until(&self, until: Timestamp) -> crate::error::Refused {
        crate::error::Refused::TooMany { until, retry_after_s: seconds_until(self.now(), until) }
    }

    fn pin_budget(&self) -> Budget {
        Budget {
            tries_max: self.settings.pin_tries_max,
            window_s: FOR_EVER,
            gap_s: 0,
            hold_s: self.settings.pin_lock_s,
            hold_max_s: self.settings.pin_lock_max_s,
            forget_s: FOR_EVER,
        }
    }

    /// What wrong codes of an authenticator app are borne. Three codes of a million are right at any time, so the holds grow
    /// until a day's guesses are few.
    fn totp_budget(&self) -> Budget {
        Budget {
            tries_max: self.settings.totp_tries_max,
            window_s: DAY_S,
            gap_s: 0,
            hold_s: self.settings.totp_hold_s,
            hold_max_s: self.settings.totp_hold_max_s,
            forget_s: 7 * DAY_S,
        }
    }

    /// What wrong passwords are borne, for these many in this window.
    fn wrong_budget(&self, tries_max: u32, window_s: u32) -> Budget {
        Budget {
            tries_max,
            window_s,
            gap_s: 0,
            hold_s: self.settings.hold_s,
            hold_max_s: self.settings.hold_max_s,
            forget_s: DAY_S,
        }
    }
}

/// 256 random bits as text that fits into a cookie.
fn random_token() -> Secret<String> {
    use base64::Engine;
    let bits: [u8; 32] = rand::random();
    Secret::new(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bits))
}

/// Ends those of somebody's sessions that are to end, and what was opened in them, in the transaction that gives the
/// reason, and announces it.
async fn end(
    tx: &DatabaseTransaction,
    whose: Whose,
    to_end: impl Fn(&SessionRow) -> bool,
    reason: EndReason,
    now: Timestamp,
) -> Result<Vec<SessionRow>, DbErr> {
    let live = store::live_sessions_of(tx, whose, now).await?;
    let (mut ended, others): (Vec<_>, Vec<_>) = live.into_iter().partition(to_end);
    let parents: HashSet<Hash> = ended.iter().map(|row| row.token_hash).collect();
    ended.extend(others.into_iter().filter(|row| row.parent.is_some_and(|parent| parents.contains(&parent))));
    let ids: Vec<_> = ended.iter().map(|row| row.session.id).collect();
    store::end_sessions(tx, &ids, now).await?;
    for SessionRow { session, .. } in &ended {
        let (id, principal) = (session.id, session.principal.clone());
        let news = SessionRevoked { session: id, principal, reason };
        announce(tx, &id.to_string(), &news, now).await?;
    }
    Ok(ended)
}

async fn announce(
    tx: &DatabaseTransaction,
    key: &str,
    news: &impl News,
    now: Timestamp,
) -> Result<(), DbErr> {
    db::outbox::announce(tx, &Event::try_new(key, news, now)?).await
}
