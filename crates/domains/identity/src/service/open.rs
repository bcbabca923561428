//! Opening a session once somebody has proved who they are.

use std::sync::Arc;

use contracts::identity::{self, Assurance, DeviceAdded, Principal, Session};
use ids::{DeviceId, SessionId, SignInId};
use sea_orm::{DatabaseTransaction, DbErr};
use secrecy::Secret;

use super::attempt::Attempt;
use super::recovery;
use super::{Caller, Identities, announce, random_token};
use crate::error::Refused;
use crate::model::later;
use crate::model::method::Method;
use crate::store::{self, Owner, SessionRow, SignInRow};

/// Somebody is signed in; what they keep.
pub(crate) struct SignedIn {
    pub(crate) session: Session,
    /// The session's token; nobody sees it again.
    pub(crate) token: Secret<String>,
    /// The device's token.
    pub(crate) device_token: Secret<String>,
}

/// A session about to be opened: everything random is drawn, so that the transaction may run twice.
pub(super) struct Opening {
    row: SessionRow,
    seen: SignInRow,
    token: Secret<String>,
    device_token: Secret<String>,
    device_hash: store::Hash,
    attempt: Attempt,
    device_key: Option<store::Hash>,
    /// Whether the key of the device is a factor from now on.
    makes_trust: bool,
    /// Whether it is a tablet of a branch, which is nobody's device.
    on_tablet: bool,
    /// Whether the owner hears of a device that is new to them.
    tells_new_device: bool,
    english: bool,
}

/// Who is signed in, and how that was proved.
pub(super) struct Entering {
    pub(super) principal: Principal,
    pub(super) method: Method,
    /// How sure the bank is of who is there, by what was proved.
    pub(super) proved: Assurance,
}

impl Entering {
    /// By what `method` proves.
    pub(super) const fn by(principal: Principal, method: Method) -> Self {
        Self { principal, method, proved: method.assurance() }
    }
}

impl Identities {
    /// # Errors
    /// [`Refused::Proof`] where a device must prove to be there and none did; [`Refused::Store`].
    pub(super) async fn opening(
        &self,
        entering: Entering,
        attempt: Attempt,
        caller: &Caller,
    ) -> Result<Arc<Opening>, Refused> {
        let Entering { principal, method, proved } = entering;
        let now = self.now();
        let is_customer = matches!(principal, Principal::Customer(_));
        if is_customer && self.settings.device_proof_required && caller.device_key.is_none() {
            return Err(Refused::Proof);
        }
        // Staff may sit at one as well: to them it is a browser.
        let tablet = caller.tablet.filter(|_| is_customer);
        let whole_s = match principal {
            Principal::Customer(_) if tablet.is_some() => self.settings.branch.session_whole_s,
            Principal::Customer(_) => self.settings.session_whole_s,
            Principal::Staff(..) => self.settings.staff_whole_s,
            Principal::ThirdParty(..) => self.settings.third_party_token_s,
        };
        // A cookie that never signed anybody in may have been planted: the device gets one of its own.
        let (device_token, device) = match (tablet, &attempt.device) {
            (Some(tablet), _) => (caller.device.clone().unwrap_or_else(random_token), tablet),
            (None, Some((token, device))) => (token.clone(), *device),
            (None, None) => (random_token(), DeviceId::mint()),
        };
        let makes_trust = caller.device_key.is_some() && tablet.is_none() && method.makes_trust();
        let key = caller.device_key.map(|key| *key.as_bytes());
        let known = store::known_device(self.db.reader(), owner(&principal), device).await?;
        let is_trusted = known.is_some_and(|known| known.trusts(key));
        let assurance = match proved {
            Assurance::TwoFactor if makes_trust => Assurance::BoundDevice,
            _ if is_trusted => Assurance::BoundDevice,
            other => other,
        };
        let token = random_token();
        let session = Session {
            id: SessionId::mint(),
            channel: if matches!(principal, Principal::Staff(..)) {
                contracts::identity::Channel::Console
            } else {
                caller.channel
            },
            principal,
            device,
            assurance,
            started_at: now,
            expires_at: later(now, whole_s),
            device_key: caller.device_key.map(|key| key.to_string()),
            emergency_until: None,
        };
        Ok(Arc::new(Opening {
            device_key: key,
            makes_trust,
            on_tablet: tablet.is_some(),
            row: SessionRow {
                session,
                token_hash: self.token_hash(&token),
                device_name: caller.device_name.clone(),
                last_seen_at: now,
                method,
                proved_at: now,
                parent: None,
                through: None,
            },
            seen: self.sign_in_row(SignInId::mint(), method, false, caller),
            device_hash: self.token_hash(&device_token),
            token,
            device_token,
            attempt,
            tells_new_device: method != Method::SignUp,
            english: caller.is_english(),
        }))
    }

    /// Puts an opened session, whose row is durable, where requests find it.
    pub(super) fn opened(&self, opening: &Opening) -> SignedIn {
        self.sessions.insert(opening.row.clone());
        metrics::counter!("identity_sessions_opened").increment(1);
        SignedIn {
            session: opening.row.session.clone(),
            token: opening.token.clone(),
            device_token: opening.device_token.clone(),
        }
    }
}

impl Opening {
    pub(super) const fn started_at(&self) -> clock::Timestamp {
        self.row.session.started_at
    }

    pub(super) const fn principal(&self) -> &Principal {
        &self.row.session.principal
    }

    /// Writes the session, its device, and what the right try does to the counts.
    pub(super) async fn write(&self, tx: &DatabaseTransaction) -> Result<(), DbErr> {
        let session = &self.row.session;
        let owner = owner(&session.principal);
        let now = session.started_at;
        let arriving = store::Arriving {
            token_hash: &self.device_hash,
            fresh: session.device,
            owner,
            name: &self.row.device_name,
            key: self.device_key,
        };
        let (device, is_new) = match self.on_tablet {
            true => (session.device, false),
            false => store::know_device(tx, &arriving, now).await?,
        };
        if self.makes_trust {
            store::trust_device(tx, owner, device, now).await?;
        }
        store::insert_session(tx, &self.row).await?;
        store::insert_sign_in(tx, owner, &self.seen).await?;
        if let (Principal::Customer(customer), true) =
            (&session.principal, self.seen.method.needs_no_recovery())
        {
            recovery::refuse(tx, *customer, self.english, now).await?;
        }
        let signed_in = identity::SignedIn {
            session: session.id,
            principal: session.principal.clone(),
            channel: session.channel,
            device,
        };
        announce(tx, &session.id.to_string(), &signed_in, now).await?;
        self.attempt.settle(tx).await?;
        if let (true, true, Principal::Customer(customer)) =
            (is_new, self.tells_new_device, &session.principal)
        {
            let news = DeviceAdded {
                customer: *customer,
                device,
                device_name: self.row.device_name.clone(),
                english: self.english,
            };
            announce(tx, &customer.to_string(), &news, now).await?;
        }
        Ok(())
    }
}

/// The bytes under which devices know a principal.
pub(super) const fn owner(principal: &Principal) -> Owner {
    match principal {
        Principal::Customer(customer) => customer.to_bytes(),
        Principal::Staff(staff, _) => staff.to_bytes(),
        Principal::ThirdParty(third_party, _) => third_party.to_bytes(),
    }
}

/// The owner of a name that nobody has: no device ever signed it in.
pub(super) const NOBODY: Owner = [0; 16];
