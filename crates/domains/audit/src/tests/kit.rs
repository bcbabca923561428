//! A record on each database, and acts to put in it.

use std::sync::Arc;

use clock::{ManualClock, Timestamp};
use contracts::audit::{Act, Actor, Subject};
use db::testing::Store;
use ids::{AccountId, CustomerId, EventId, StaffId};
use keys::Keys;

use crate::service::Recorder;
use crate::witness::{Witness, signing_key};
use crate::{MIGRATIONS, Verification, verify};

pub(super) struct Bench {
    pub(super) recorder: Recorder,
    pub(super) witness: Arc<Witness>,
    pub(super) store: Store,
}

/// When act `n` was done: a second after the one before.
pub(super) fn at(n: u64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + n as i64).unwrap()
}

pub(super) fn customer(n: u8) -> CustomerId {
    CustomerId::seeded(1_767_571_200_000, [n; 10])
}

pub(super) fn staff(n: u8) -> StaffId {
    StaffId::seeded(1_767_571_200_000, [n; 10])
}

pub(super) fn account(n: u8) -> AccountId {
    AccountId::seeded(1_767_571_200_000, [n; 10])
}

/// The act of this number: by one of four members of staff, about one of eight accounts.
pub(super) fn act(n: u64) -> Act {
    let mut entropy = [7; 10];
    entropy[..8].copy_from_slice(&n.to_be_bytes());
    let unix_ms = u64::try_from(at(n).as_millisecond()).unwrap();
    Act {
        id: EventId::seeded(unix_ms, entropy),
        at: at(n),
        actor: if n.is_multiple_of(5) { Actor::Bank } else { Actor::Staff(staff((n % 4) as u8)) },
        session: None,
        action: if n.is_multiple_of(2) { "accounts.opened" } else { "GET /api/accounts/console/{id}" }
            .to_owned(),
        subjects: vec![Subject::Account(account((n % 8) as u8)), Subject::Customer(customer((n % 3) as u8))],
        outcome: "done".to_owned(),
        detail: None,
    }
}

pub(super) fn acts(range: std::ops::Range<u64>) -> Vec<Act> {
    range.map(act).collect()
}

pub(super) async fn on(store: Store) -> Bench {
    MIGRATIONS.apply(&store.db).await.unwrap();
    let clock = Arc::new(ManualClock::new(at(0)));
    let keys = Keys::open(&store.db, &store.folder.path().join("keys/local.key"), clock).await.unwrap();
    let key = signing_key(&keys).unwrap();
    let file = Some(store.folder.path().join("witness.ndjson"));
    let witness = Arc::new(Witness { db: store.db.clone(), key, file });
    Bench { recorder: Recorder::open(store.db.clone()), witness, store }
}

pub(super) async fn benches() -> Vec<Bench> {
    let mut benches = Vec::new();
    for store in db::testing::stores().await.unwrap() {
        benches.push(on(store).await);
    }
    benches
}

impl Bench {
    pub(super) fn outside(&self) -> Vec<String> {
        crate::witnessed(self.witness.file.as_ref().unwrap()).unwrap()
    }

    pub(super) async fn verified(&self) -> Verification {
        verify(self.store.db.reader(), &self.witness.public_key(), &self.outside()).await.unwrap()
    }
}
