//! The neighbors of payments in these tests: customers, their accounts, their PINs.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use clock::Timestamp;
use contracts::Unavailable;
use contracts::accounts::{Account, Accounts, Class, Narrative, OpenRefused, OpenRequest, Right, State};
use contracts::customers::{Agreement, ConsentPurpose, Customers, Kyc, Person, Profile, RegisterRefused};
use contracts::identity::{
    ApprovalAsked, ApprovalUse, Channel, Enrollment, Identity, PinCheck, Role, Session, StaffCode, Terms,
};
use ids::{AccountId, ApprovalId, CustomerId, SessionId, StaffId, TransferId};
use money::Currency;
use secrecy::Secret;

/// Customers by id.
#[derive(Default)]
pub(crate) struct People(Mutex<HashMap<CustomerId, Profile>>);

impl People {
    pub(crate) fn add(&self, name: &str, phone: &str) -> CustomerId {
        let id = CustomerId::mint();
        let person = Person {
            name: name.to_owned(),
            id_number: None,
            foreign_number: None,
            phone: Some(phone.to_owned()),
            born_on: None,
            division: None,
            address: None,
        };
        self.0.lock().unwrap().insert(id, Profile::Person(person));
        id
    }
}

#[async_trait]
impl Customers for People {
    async fn register(&self, _: CustomerId, _: Profile, _: Kyc) -> Result<(), RegisterRefused> {
        Err(RegisterRefused::Unavailable(Unavailable::Stopping))
    }

    async fn register_many(
        &self,
        _: Vec<(CustomerId, Profile, Kyc)>,
    ) -> Result<(), (usize, RegisterRefused)> {
        Err((0, RegisterRefused::Unavailable(Unavailable::Stopping)))
    }

    async fn profile(&self, id: CustomerId) -> Result<Option<(Profile, Kyc)>, Unavailable> {
        Ok(self.0.lock().unwrap().get(&id).map(|profile| (profile.clone(), Kyc::Verified)))
    }

    async fn by_phone(&self, phone: &str) -> Result<Option<CustomerId>, Unavailable> {
        let people = self.0.lock().unwrap();
        Ok(people.iter().find(|(_, profile)| profile.phone() == Some(phone)).map(|(id, _)| *id))
    }

    async fn agree(&self, _: CustomerId, _: Vec<Agreement>, _: Channel) -> Result<(), Unavailable> {
        Ok(())
    }

    async fn consents_to(&self, _: CustomerId, _: ConsentPurpose) -> Result<bool, Unavailable> {
        Ok(false)
    }

    async fn erase(&self, _: CustomerId, _: Option<Timestamp>) -> Result<bool, Unavailable> {
        Err(Unavailable::Stopping)
    }
}

/// Accounts by id, rights, and what was told of transfers.
#[derive(Default)]
pub(crate) struct Desk {
    pub(crate) accounts: Mutex<HashMap<AccountId, Account>>,
    pub(crate) grants: Mutex<HashMap<(CustomerId, AccountId), Right>>,
    pub(crate) narratives: Mutex<HashMap<(AccountId, TransferId), Narrative>>,
    /// How many calls of `record_transfer` are still to fail.
    pub(crate) fail_telling: AtomicU32,
}

impl Desk {
    pub(crate) fn add(
        &self,
        customer: CustomerId,
        number: &str,
        currency: Currency,
        class: Class,
    ) -> AccountId {
        let account = Account {
            id: AccountId::mint(),
            customer,
            number: number.to_owned(),
            currency,
            class,
            state: State::Active,
            nickname: String::new(),
            opened_on: super::book::today(),
        };
        let id = account.id;
        self.accounts.lock().unwrap().insert(id, account);
        id
    }

    pub(crate) fn set_state(&self, id: AccountId, state: State) {
        self.accounts.lock().unwrap().get_mut(&id).unwrap().state = state;
    }

    pub(crate) fn told(&self, transfer: TransferId) -> usize {
        self.narratives.lock().unwrap().keys().filter(|(_, of)| *of == transfer).count()
    }
}

#[async_trait]
impl Accounts for Desk {
    async fn open(&self, _: OpenRequest) -> Result<Account, OpenRefused> {
        Err(OpenRefused::Unavailable(Unavailable::Stopping))
    }

    async fn open_many(&self, _: Vec<OpenRequest>) -> Result<Vec<Account>, (usize, OpenRefused)> {
        Err((0, OpenRefused::Unavailable(Unavailable::Stopping)))
    }

    async fn account(&self, id: AccountId) -> Result<Option<Account>, Unavailable> {
        Ok(self.accounts.lock().unwrap().get(&id).cloned())
    }

    async fn by_number(&self, number: &str) -> Result<Option<Account>, Unavailable> {
        let number = number.replace(' ', "");
        Ok(self.accounts.lock().unwrap().values().find(|account| account.number == number).cloned())
    }

    async fn of_customer(&self, customer: CustomerId) -> Result<Vec<(Account, Right)>, Unavailable> {
        let accounts = self.accounts.lock().unwrap();
        let own = accounts.values().filter(|account| account.customer == customer);
        Ok(own.map(|account| (account.clone(), Right::Own)).collect())
    }

    async fn right(&self, customer: CustomerId, account: AccountId) -> Result<Option<Right>, Unavailable> {
        let own = self.accounts.lock().unwrap().get(&account).is_some_and(|found| found.customer == customer);
        let granted = self.grants.lock().unwrap().get(&(customer, account)).copied();
        Ok(if own { Some(Right::Own) } else { granted })
    }

    async fn grant_many(&self, grants: Vec<(AccountId, CustomerId, Right)>) -> Result<(), Unavailable> {
        let grants = grants.into_iter().map(|(account, customer, right)| ((customer, account), right));
        self.grants.lock().unwrap().extend(grants);
        Ok(())
    }

    async fn record_narratives(&self, narratives: Vec<Narrative>) -> Result<(), Unavailable> {
        let narratives = narratives.into_iter().map(|one| ((one.account, one.transfer), one));
        self.narratives.lock().unwrap().extend(narratives);
        Ok(())
    }

    async fn record_transfer(&self, payer: Narrative, payee: Narrative) -> Result<String, Unavailable> {
        let failing =
            self.fail_telling.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if failing.is_ok() {
            return Err(Unavailable::StoreFailed);
        }
        self.record_narratives(vec![payer, payee]).await?;
        Ok("0123-4567-89AB-CDEF".to_owned())
    }
}

/// Everybody's PIN is 135790, but for those who have none.
#[derive(Default)]
pub(crate) struct Pins {
    pub(crate) missing: Mutex<Vec<CustomerId>>,
    pub(crate) locked: Mutex<Vec<CustomerId>>,
    /// Who has a passkey.
    pub(crate) with_passkey: Mutex<Vec<CustomerId>>,
    /// What was asked for, and what became of it.
    pub(crate) approvals: Mutex<Vec<(ApprovalId, Terms, ApprovalUse)>>,
}

impl Pins {
    /// The payer decides about what was asked for last.
    pub(crate) fn decide(&self, came: ApprovalUse) {
        self.approvals.lock().unwrap().last_mut().unwrap().2 = came;
    }
}

#[async_trait]
impl Identity for Pins {
    async fn session(&self, _: &Secret<String>) -> Result<Option<Session>, Unavailable> {
        Ok(None)
    }

    async fn check_pin(&self, customer: CustomerId, pin: &Secret<String>) -> Result<PinCheck, Unavailable> {
        if self.missing.lock().unwrap().contains(&customer) {
            return Ok(PinCheck::NotSet);
        }
        if self.locked.lock().unwrap().contains(&customer) {
            return Ok(PinCheck::Locked { until: "2026-11-22T04:10:00Z".parse().unwrap() });
        }
        Ok(if pin.expose() == "135790" { PinCheck::Right } else { PinCheck::Wrong { tries_left: 4 } })
    }

    async fn ask_approval(
        &self,
        customer: CustomerId,
        _: SessionId,
        terms: Terms,
    ) -> Result<Option<ApprovalAsked>, Unavailable> {
        if !self.with_passkey.lock().unwrap().contains(&customer) {
            return Ok(None);
        }
        let id = ApprovalId::mint();
        self.approvals.lock().unwrap().push((id, terms, ApprovalUse::Waiting));
        Ok(Some(ApprovalAsked { id, expires_at: "2026-11-22T04:03:00Z".parse().unwrap() }))
    }

    async fn use_approval(
        &self,
        _: CustomerId,
        approval: ApprovalId,
        order: &str,
        _: [u8; 16],
    ) -> Result<ApprovalUse, Unavailable> {
        let approvals = self.approvals.lock().unwrap();
        let found = approvals.iter().find(|(id, ..)| *id == approval);
        Ok(found.map_or(
            ApprovalUse::Unknown,
            |(_, terms, came)| {
                if terms.order == order { *came } else { ApprovalUse::Other }
            },
        ))
    }

    async fn enroll_many(&self, _: Vec<Enrollment>) -> Result<(), Unavailable> {
        Ok(())
    }

    async fn ensure_staff(&self, _: &str, _: Secret<String>, _: Role) -> Result<StaffId, Unavailable> {
        Err(Unavailable::Stopping)
    }

    async fn enroll_staff(&self, _: &str, _: Role) -> Result<Option<StaffCode>, Unavailable> {
        Err(Unavailable::Stopping)
    }
}
