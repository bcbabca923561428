//! A bank's identities with fake neighbors and a clock that stands still.

use std::sync::Arc;
use std::time::Duration;

use clock::{Clock, ManualClock, Timestamp};
use contracts::accounts::Accounts;
use contracts::customers::{Customers, Person, Profile};
use contracts::identity::{Channel, Enrollment, Identity, Session};
use contracts::messages::{Language, MessageGateway};
use db::testing::Store;
use ids::CustomerId;
use keys::Keys;
use runtime::{Site, StoreAddress};
use sea_orm::{ConnectionTrait, Statement};
use secrecy::Secret;

use super::fakes::{FakeAccounts, FakeCustomers, FakeGateway};
use crate::Settings;
use crate::error::Refused;
use crate::model::code::Purpose;
use crate::service::{Applicant, Caller, CodeAsked, Identities, SignedIn};

pub(super) const PHONE: &str = "13900001234";
pub(super) const PASSWORD: &str = "Tea-at-4-oclock";
pub(super) const PIN: &str = "739150";

pub(super) struct World {
    pub(super) store: Store,
    pub(super) identities: Arc<Identities>,
    pub(super) clock: Arc<ManualClock>,
    pub(super) accounts: Arc<FakeAccounts>,
    pub(super) customers: Arc<FakeCustomers>,
    pub(super) gateway: Arc<FakeGateway>,
    pub(super) settings: Settings,
}

/// Settings under which hashing costs next to nothing, and staff sign in with passwords as in a demonstration.
pub(super) fn quick() -> Settings {
    Settings {
        password_memory_kib: 8,
        password_passes: 1,
        code_answer_ms: 0,
        staff_passwords: true,
        new_device_two_factors: false,
        sealed_passwords: false,
        ..Settings::default()
    }
}

/// A world on each store.
pub(super) async fn worlds(settings: Settings) -> Vec<World> {
    let mut worlds = Vec::new();
    for store in db::testing::stores().await.unwrap() {
        db::outbox::MIGRATIONS.apply(&store.db).await.unwrap();
        crate::MIGRATIONS.apply(&store.db).await.unwrap();
        let start: Timestamp = "2026-11-22T08:00:00Z".parse().unwrap();
        let clock = Arc::new(ManualClock::new(start));
        let neighbors = (Arc::default(), Arc::default(), Arc::default());
        let identities = open(&store, &clock, &neighbors, &settings).await;
        let ((accounts, customers, gateway), settings) = (neighbors, settings.clone());
        worlds.push(World { store, identities, clock, accounts, customers, gateway, settings });
    }
    worlds
}

type Neighbors = (Arc<FakeAccounts>, Arc<FakeCustomers>, Arc<FakeGateway>);

async fn open(
    store: &Store,
    clock: &Arc<ManualClock>,
    (accounts, customers, gateway): &Neighbors,
    settings: &Settings,
) -> Arc<Identities> {
    let clock = Arc::clone(clock) as Arc<dyn Clock>;
    let keys = Keys::open(&store.db, &store.folder.path().join("key"), Arc::clone(&clock)).await.unwrap();
    let address = match store.db.kind() {
        db::Kind::Sqlite => StoreAddress::Sqlite,
        db::Kind::Postgres => StoreAddress::Postgres(store.address.clone()),
    };
    let site = Site::new(store.db.clone(), clock, store.folder.path(), address, "this");
    site.offer(Arc::new(settings.clone()));
    site.offer(Arc::new(keys));
    site.offer(Arc::clone(accounts) as Arc<dyn Accounts>);
    site.offer(Arc::clone(customers) as Arc<dyn Customers>);
    site.offer(Arc::clone(gateway) as Arc<dyn MessageGateway>);
    crate::open(&site).await.unwrap()
}

/// Somebody at a browser: an address, and the device cookie the bank gave.
pub(super) fn caller(address: &str, device: Option<&Secret<String>>) -> Caller {
    Caller {
        address: address.parse().unwrap(),
        network: address.to_owned(),
        device: device.cloned(),
        device_name: "Chrome · Windows".to_owned(),
        channel: Channel::Web,
        language: Language::Chinese,
        origin: None,
        device_key: None,
        tablet: None,
    }
}

pub(super) fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

pub(super) fn person(phone: &str, id_number: &str) -> Profile {
    Profile::Person(Person {
        name: "测试甲".to_owned(),
        id_number: Some(id_number.to_owned()),
        foreign_number: None,
        phone: Some(phone.to_owned()),
        born_on: None,
        division: None,
        address: None,
    })
}

impl World {
    /// The same bank after a restart.
    pub(super) async fn reopen(&mut self) {
        self.identities = self.another().await;
    }

    fn neighbors(&self) -> Neighbors {
        (Arc::clone(&self.accounts), Arc::clone(&self.customers), Arc::clone(&self.gateway))
    }

    /// Another process of the same bank.
    pub(super) async fn another(&self) -> Arc<Identities> {
        open(&self.store, &self.clock, &self.neighbors(), &self.settings).await
    }

    pub(super) fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// A customer with the usual password and PIN.
    pub(super) async fn customer(&self, phone: &str) -> CustomerId {
        let id = CustomerId::mint();
        self.customers.put(id, person(phone, &format!("1101011990030{}", phone.get(6..).unwrap_or("99999"))));
        let one = Enrollment {
            customer: id,
            sign_in_name: phone.to_owned(),
            password: secret(PASSWORD),
            pin: secret(PIN),
        };
        self.identities.enroll_many(vec![one]).await.unwrap();
        id
    }

    pub(super) async fn try_password(
        &self,
        name: &str,
        password: &str,
        address: &str,
        device: Option<&Secret<String>>,
    ) -> Result<SignedIn, Refused> {
        self.identities.sign_in(name, &secret(password), None, &caller(address, device)).await
    }

    /// What came of a try in one word.
    pub(super) async fn outcome(&self, name: &str, password: &str, address: &str) -> &'static str {
        word(&self.try_password(name, password, address, None).await)
    }

    pub(super) async fn outcome_on(
        &self,
        name: &str,
        password: &str,
        address: &str,
        device: &Secret<String>,
    ) -> &'static str {
        word(&self.try_password(name, password, address, Some(device)).await)
    }

    pub(super) async fn ask_code(
        &self,
        phone: &str,
        purpose: Purpose,
        from: &Caller,
    ) -> Result<Secret<String>, Refused> {
        self.identities.send_code(CodeAsked { phone, purpose }, from).await.map(|sent| sent.device_token)
    }

    /// Asks for a code and reads it on the phone: the code, and the browser it is bound to.
    pub(super) async fn code(&self, phone: &str, purpose: Purpose, address: &str) -> (String, Caller) {
        let device = self.ask_code(phone, purpose, &caller(address, None)).await.unwrap();
        (self.gateway.code(phone).await, caller(address, Some(&device)))
    }

    pub(super) async fn session(&self, token: &Secret<String>) -> Option<Session> {
        self.identities.session(token).await.unwrap()
    }

    /// Announced events of one topic, as JSON.
    pub(super) async fn announced(&self, topic: &str) -> Vec<serde_json::Value> {
        let events = db::outbox::waiting(&self.store.db, None, 1000).await.unwrap();
        events.into_iter().filter(|event| event.topic == topic).map(|event| event.payload).collect()
    }

    /// One number from the store.
    pub(super) async fn number(&self, sql: &str) -> i64 {
        let reader = self.store.db.reader();
        let statement = Statement::from_string(reader.get_database_backend(), sql.to_owned());
        reader.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }
}

pub(super) fn word<T>(result: &Result<T, Refused>) -> &'static str {
    match result {
        Ok(_) => "in",
        Err(refused) => http::Refusal::consequence(refused).code,
    }
}

pub(super) fn applicant(phone: &str, code: &str, id_number: &str) -> Applicant {
    Applicant {
        phone: phone.to_owned(),
        code: secret(code),
        name: "测试甲".to_owned(),
        id_number: id_number.to_owned(),
        password: secret(PASSWORD),
        agreed: Vec::new(),
    }
}
