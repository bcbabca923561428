//! The customers of these tests.

use std::collections::HashMap;
use std::sync::Mutex;

use async_trait::async_trait;
use clock::Timestamp;
use contracts::Unavailable;
use contracts::customers::{Agreement, ConsentPurpose, Customers, Kyc, Person, Profile, RegisterRefused};
use contracts::identity::Channel;
use ids::CustomerId;

#[derive(Default)]
pub(crate) struct People(Mutex<HashMap<CustomerId, (Profile, Kyc)>>);

impl People {
    pub(crate) fn add(&self, name: &str, phone: &str) -> CustomerId {
        self.put(name, phone, Kyc::Verified)
    }

    pub(crate) fn suspended(&self, name: &str, phone: &str) -> CustomerId {
        self.put(name, phone, Kyc::Suspended)
    }

    fn put(&self, name: &str, phone: &str, kyc: Kyc) -> CustomerId {
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
        self.0.lock().unwrap().insert(id, (Profile::Person(person), kyc));
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
        Ok(self.0.lock().unwrap().get(&id).cloned())
    }

    async fn by_phone(&self, phone: &str) -> Result<Option<CustomerId>, Unavailable> {
        let people = self.0.lock().unwrap();
        Ok(people.iter().find(|(_, (profile, _))| profile.phone() == Some(phone)).map(|(id, _)| *id))
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
