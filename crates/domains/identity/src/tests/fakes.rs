//! The neighbors, as small as they can be.

use std::collections::HashMap;
use std::sync::Mutex;

use async_trait::async_trait;
use clock::Timestamp;
use contracts::Unavailable;
use contracts::accounts::{Account, Accounts, Narrative, OpenRefused, OpenRequest, Right};
use contracts::customers::{Agreement, ConsentPurpose, Customers, Kyc, Profile, RegisterRefused};
use contracts::identity::Channel;
use contracts::messages::{Content, Message, MessageGateway};
use ids::{AccountId, CustomerId};
use tokio::sync::Notify;

/// Customers in memory: one per identity number, one per phone.
#[derive(Default)]
pub(super) struct FakeCustomers(Mutex<HashMap<CustomerId, Profile>>, Mutex<HashMap<CustomerId, Timestamp>>);

impl FakeCustomers {
    pub(super) fn put(&self, id: CustomerId, profile: Profile) {
        self.0.lock().unwrap().insert(id, profile);
    }

    /// Until when an erased one is kept.
    pub(super) fn kept_until(&self, id: CustomerId) -> Option<Timestamp> {
        self.1.lock().unwrap().get(&id).copied()
    }

    pub(super) fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

fn id_number(profile: &Profile) -> Option<&str> {
    match profile {
        Profile::Person(person) => person.id_number.as_deref(),
        Profile::Business(business) => Some(&business.credit_code),
    }
}

#[async_trait]
impl Customers for FakeCustomers {
    async fn register(&self, id: CustomerId, profile: Profile, _: Kyc) -> Result<(), RegisterRefused> {
        let mut all = self.0.lock().unwrap();
        match all.get(&id) {
            Some(known) if *known == profile => return Ok(()),
            Some(_) => return Err(RegisterRefused::AlreadyKnown),
            None => {}
        }
        // The year 2015 stands for too young, a number ending in 0 for a wrong check digit.
        if id_number(&profile).is_some_and(|number| number.get(6..10) == Some("2015")) {
            return Err(RegisterRefused::TooYoung);
        }
        if id_number(&profile).is_some_and(|number| number.ends_with('0')) {
            return Err(RegisterRefused::Invalid { field: "id_number".into() });
        }
        if all.values().any(|known| id_number(known) == id_number(&profile)) {
            return Err(RegisterRefused::AlreadyKnown);
        }
        if all.values().any(|known| known.phone() == profile.phone()) {
            return Err(RegisterRefused::PhoneTaken);
        }
        all.insert(id, profile);
        Ok(())
    }

    async fn register_many(
        &self,
        batch: Vec<(CustomerId, Profile, Kyc)>,
    ) -> Result<(), (usize, RegisterRefused)> {
        for (at, (id, profile, kyc)) in batch.into_iter().enumerate() {
            self.register(id, profile, kyc).await.map_err(|refused| (at, refused))?;
        }
        Ok(())
    }

    async fn profile(&self, id: CustomerId) -> Result<Option<(Profile, Kyc)>, Unavailable> {
        Ok(self.0.lock().unwrap().get(&id).cloned().map(|profile| (profile, Kyc::Declared)))
    }

    async fn by_phone(&self, phone: &str) -> Result<Option<CustomerId>, Unavailable> {
        let all = self.0.lock().unwrap();
        Ok(all.iter().find(|(_, profile)| profile.phone() == Some(phone)).map(|(id, _)| *id))
    }

    async fn agree(&self, _: CustomerId, _: Vec<Agreement>, _: Channel) -> Result<(), Unavailable> {
        Ok(())
    }

    async fn consents_to(&self, _: CustomerId, _: ConsentPurpose) -> Result<bool, Unavailable> {
        Ok(false)
    }

    async fn erase(&self, id: CustomerId, kept_until: Option<Timestamp>) -> Result<bool, Unavailable> {
        self.1.lock().unwrap().extend(kept_until.map(|until| (id, until)));
        Ok(self.0.lock().unwrap().remove(&id).is_some())
    }
}

/// Keeps what was sent; a test waits for it without sleeping.
#[derive(Default)]
pub(super) struct FakeGateway {
    sent: Mutex<Vec<Message>>,
    arrived: Notify,
}

impl FakeGateway {
    /// The code sent to `phone`; waits for it.
    pub(super) async fn code(&self, phone: &str) -> String {
        loop {
            let arrived = self.arrived.notified();
            if let Some(code) = self.take_code(phone) {
                return code;
            }
            arrived.await;
        }
    }

    fn take_code(&self, phone: &str) -> Option<String> {
        let mut sent = self.sent.lock().unwrap();
        let at =
            sent.iter().position(|m| m.to == phone && matches!(m.content, Content::OneTimeCode { .. }))?;
        match sent.remove(at).content {
            Content::OneTimeCode { code, .. } => Some(code),
            _ => None,
        }
    }

    pub(super) fn all(&self) -> Vec<Message> {
        self.sent.lock().unwrap().clone()
    }
}

#[async_trait]
impl MessageGateway for FakeGateway {
    async fn send(&self, messages: Vec<Message>) -> Result<(), Unavailable> {
        self.sent.lock().unwrap().extend(messages);
        self.arrived.notify_waiters();
        Ok(())
    }
}

/// What customers own.
#[derive(Default)]
pub(super) struct FakeAccounts(Mutex<Vec<Account>>);

impl FakeAccounts {
    pub(super) fn set(&self, accounts: Vec<Account>) {
        *self.0.lock().unwrap() = accounts;
    }
}

#[async_trait]
impl Accounts for FakeAccounts {
    async fn open(&self, _: OpenRequest) -> Result<Account, OpenRefused> {
        Err(Unavailable::Stopping.into())
    }

    async fn open_many(&self, _: Vec<OpenRequest>) -> Result<Vec<Account>, (usize, OpenRefused)> {
        Err((0, Unavailable::Stopping.into()))
    }

    async fn account(&self, _: AccountId) -> Result<Option<Account>, Unavailable> {
        Err(Unavailable::Stopping)
    }

    async fn by_number(&self, _: &str) -> Result<Option<Account>, Unavailable> {
        Err(Unavailable::Stopping)
    }

    async fn of_customer(&self, customer: CustomerId) -> Result<Vec<(Account, Right)>, Unavailable> {
        let all = self.0.lock().unwrap();
        let right = |owner| if owner == customer { Right::Own } else { Right::See };
        Ok(all.iter().map(|account| (account.clone(), right(account.customer))).collect())
    }

    async fn right(&self, _: CustomerId, _: AccountId) -> Result<Option<Right>, Unavailable> {
        Err(Unavailable::Stopping)
    }

    async fn grant_many(&self, _: Vec<(AccountId, CustomerId, Right)>) -> Result<(), Unavailable> {
        Err(Unavailable::Stopping)
    }

    async fn record_narratives(&self, _: Vec<Narrative>) -> Result<(), Unavailable> {
        Err(Unavailable::Stopping)
    }
}
