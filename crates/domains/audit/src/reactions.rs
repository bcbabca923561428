//! Acts that others announce: each is recorded once, under the id of its event.

use std::sync::Arc;

use async_trait::async_trait;
use contracts::accounts::{ACCOUNT_OPENED, AccountOpened, STATE_CHANGED, StateChanged};
use contracts::audit::{Act, Actor, Audit, Subject};
use contracts::customers::{
    CONSENT_CHANGED, ConsentChanged, ERASED, Erased, REGISTERED, Registered, TAKEN_OVER, TakenOver,
};
use contracts::identity::{
    APPROVAL_DECIDED, ApprovalDecided, COUNTERSIGNATURE_CHANGED, CountersignatureChanged, DATA_EXPORTED,
    DEVICE_ADDED, DataExported, DeviceAdded, EMERGENCY_CHANGED, ERASURE_ASKED, ERASURE_WITHDRAWN,
    EmergencyChanged, ErasureAsked, ErasureWithdrawn, LOCKED, Locked, PASSKEY_CHANGED, PasskeyChanged,
    Principal, RECOVERY_CHANGED, RecoveryChanged, RecoveryStage, SESSION_REVOKED, SIGNED_IN, SIGNED_UP,
    SIM_CHANGED, STAFF_ENROLLED, SessionRevoked, SignedIn, SignedUp, SimChanged, StaffEnrolled, TOTP_CHANGED,
    TotpChanged,
};
use contracts::payments::{TRANSFER_POSTED, TransferPosted};
use db::outbox::{Event, Unreadable};
use runtime::{React, ReactFailed};

use crate::service::Recorder;

/// What is heard.
pub(crate) const TOPICS: &[&str] = &[
    REGISTERED,
    TAKEN_OVER,
    ERASED,
    ACCOUNT_OPENED,
    STATE_CHANGED,
    SIGNED_UP,
    SIGNED_IN,
    STAFF_ENROLLED,
    DEVICE_ADDED,
    PASSKEY_CHANGED,
    TOTP_CHANGED,
    SIM_CHANGED,
    RECOVERY_CHANGED,
    APPROVAL_DECIDED,
    COUNTERSIGNATURE_CHANGED,
    EMERGENCY_CHANGED,
    SESSION_REVOKED,
    LOCKED,
    TRANSFER_POSTED,
    CONSENT_CHANGED,
    ERASURE_ASKED,
    ERASURE_WITHDRAWN,
    DATA_EXPORTED,
];

/// Records what others announce.
pub(crate) struct News(pub(crate) Arc<Recorder>);

/// Who acted, and what it is about.
type Told = (Actor, Vec<Subject>);

fn actor(principal: &Principal) -> Actor {
    match principal {
        Principal::Customer(id) => Actor::Customer(*id),
        Principal::Staff(id, _) => Actor::Staff(*id),
        Principal::ThirdParty(id, _) => Actor::ThirdParty(*id),
    }
}

/// What `event` says; `None` for a topic that is not heard.
fn told(event: &Event) -> Result<Option<Told>, Unreadable> {
    Ok(Some(match event.topic.as_str() {
        REGISTERED => (Actor::Bank, vec![Subject::Customer(event.read::<Registered>()?.customer)]),
        TAKEN_OVER => {
            event.read::<TakenOver>()?;
            (Actor::Bank, Vec::new())
        }
        ERASED => (Actor::Bank, vec![Subject::Customer(event.read::<Erased>()?.customer)]),
        ACCOUNT_OPENED => {
            let opened: AccountOpened = event.read()?;
            (Actor::Bank, vec![Subject::Account(opened.account), Subject::Customer(opened.customer)])
        }
        STATE_CHANGED => {
            let changed: StateChanged = event.read()?;
            (Actor::Bank, vec![Subject::Account(changed.account), Subject::Customer(changed.customer)])
        }
        SIGNED_UP => {
            let customer = event.read::<SignedUp>()?.customer;
            (Actor::Customer(customer), vec![Subject::Customer(customer)])
        }
        SIGNED_IN => {
            let opened: SignedIn = event.read()?;
            (actor(&opened.principal), vec![Subject::Session(opened.session), Subject::Device(opened.device)])
        }
        STAFF_ENROLLED => {
            let StaffEnrolled { staff, by, .. } = event.read()?;
            (by.map_or(Actor::Bank, Actor::Staff), vec![Subject::Staff(staff)])
        }
        DEVICE_ADDED => {
            let added: DeviceAdded = event.read()?;
            (Actor::Customer(added.customer), vec![Subject::Device(added.device)])
        }
        PASSKEY_CHANGED => {
            let customer = event.read::<PasskeyChanged>()?.customer;
            (Actor::Customer(customer), vec![Subject::Customer(customer)])
        }
        TOTP_CHANGED => {
            let customer = event.read::<TotpChanged>()?.customer;
            (Actor::Customer(customer), vec![Subject::Customer(customer)])
        }
        SIM_CHANGED => {
            let customer = event.read::<SimChanged>()?.customer;
            (Actor::Bank, vec![Subject::Customer(customer)])
        }
        RECOVERY_CHANGED => {
            let RecoveryChanged { customer, stage, .. } = event.read()?;
            // Who asks for a new password, or sets one, has not signed in.
            let actor = match stage {
                RecoveryStage::Refused => Actor::Customer(customer),
                RecoveryStage::Asked | RecoveryStage::Done => Actor::Bank,
            };
            (actor, vec![Subject::Customer(customer)])
        }
        APPROVAL_DECIDED => {
            let decided: ApprovalDecided = event.read()?;
            (
                Actor::Customer(decided.customer),
                vec![Subject::Customer(decided.customer), Subject::Session(decided.session)],
            )
        }
        COUNTERSIGNATURE_CHANGED => {
            let CountersignatureChanged { staff, session, mut subjects, .. } = event.read()?;
            subjects.push(Subject::Session(session));
            (Actor::Staff(staff), subjects)
        }
        EMERGENCY_CHANGED => {
            let EmergencyChanged { staff, session, by, .. } = event.read()?;
            (Actor::Staff(by), vec![Subject::Staff(staff), Subject::Session(session)])
        }
        SESSION_REVOKED => {
            let revoked: SessionRevoked = event.read()?;
            (actor(&revoked.principal), vec![Subject::Session(revoked.session)])
        }
        LOCKED => {
            let locked: Locked = event.read()?;
            (Actor::Bank, locked.customer.into_iter().map(Subject::Customer).collect())
        }
        TRANSFER_POSTED => {
            let posted: TransferPosted = event.read()?;
            let subjects = vec![
                Subject::Transfer(posted.transfer),
                Subject::Account(posted.debit),
                Subject::Account(posted.credit),
            ];
            (Actor::Customer(posted.payer), subjects)
        }
        CONSENT_CHANGED => {
            let customer = event.read::<ConsentChanged>()?.customer;
            (Actor::Customer(customer), vec![Subject::Customer(customer)])
        }
        ERASURE_ASKED => {
            let ErasureAsked { customer, staff, .. } = event.read()?;
            (staff.map_or(Actor::Customer(customer), Actor::Staff), vec![Subject::Customer(customer)])
        }
        ERASURE_WITHDRAWN => {
            let ErasureWithdrawn { customer, by_bank, .. } = event.read()?;
            let actor = if by_bank { Actor::Bank } else { Actor::Customer(customer) };
            (actor, vec![Subject::Customer(customer)])
        }
        DATA_EXPORTED => {
            let DataExported { customer, session } = event.read()?;
            (Actor::Customer(customer), vec![Subject::Customer(customer), Subject::Session(session)])
        }
        _ => return Ok(None),
    }))
}

#[async_trait]
impl React for News {
    async fn react(&self, events: &[Event]) -> Result<(), ReactFailed> {
        let mut acts = Vec::with_capacity(events.len());
        for event in events {
            let read = told(event).map_err(|unreadable| ReactFailed::Refused(unreadable.to_string()))?;
            let Some((actor, subjects)) = read else { continue };
            acts.push(Act {
                id: event.id,
                at: event.occurred_at,
                actor,
                session: None,
                action: event.topic.clone(),
                subjects,
                outcome: "done".to_owned(),
                detail: None,
            });
        }
        Ok(self.0.append(acts).await?)
    }
}
