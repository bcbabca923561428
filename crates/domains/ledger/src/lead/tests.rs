//! Several processes stand for one book: whoever leads, what was acknowledged is there once.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use contracts::Unavailable;
use contracts::far::{Call, Carrier, Desk, Misunderstood};
use contracts::ledger::{Act, FarLedger, Ledger};
use db::{Db, Kind, Lease};
use sea_orm::ConnectionTrait;

use super::{Candidate, Led, LedDesk};
use crate::journal::memory::MemoryJournal;
use crate::tests::kit::{account, beginning, command, start, transfer};
use crate::{Settings, Stores, snapshot};

const ACCOUNTS: u128 = 8;
const CLIENTS: u128 = 6;
/// Transfers of each client.
const TRANSFERS: u128 = 60;
/// How often the leader is deposed.
const DEPOSED: u128 = 4;

/// The desks of all processes: asks one after the other, as a neighbor does.
#[derive(Clone, Default)]
struct Street(Arc<Mutex<Vec<Arc<Led>>>>);

impl Street {
    fn all(&self) -> Vec<Arc<Led>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Who leads, once somebody does.
    async fn leader(&self) -> Arc<Led> {
        loop {
            if let Some(leader) = self.all().into_iter().find(|led| led.here().is_some()) {
                return leader;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

#[async_trait]
impl Carrier for Street {
    async fn carry(&self, call: &Call, question: Vec<u8>) -> Result<Vec<u8>, Unavailable> {
        for led in self.all() {
            match LedDesk::new(led).answer(call.method, &question).await {
                Ok(answer) => return Ok(answer),
                Err(Misunderstood::Elsewhere) => {}
                Err(_) => return Err(Unavailable::Misunderstood),
            }
        }
        Err(Unavailable::Stopping)
    }
}

struct Town {
    db: Db,
    stores: Stores,
    street: Street,
}

impl Town {
    async fn at(db: &Db) -> Self {
        db::outbox::MIGRATIONS.apply(db).await.unwrap();
        let stores = match db.kind() {
            Kind::Postgres => Stores::postgres(db).await.unwrap(),
            Kind::Sqlite => {
                snapshot::MIGRATIONS.apply(db).await.unwrap();
                let journal = Arc::new(MemoryJournal::default());
                Stores { journal, derived: db.clone(), owns_derived: false }
            }
        };
        Self { db: db.clone(), stores, street: Street::default() }
    }

    /// Starts one more process.
    async fn start(&self, name: &str, settings: &Settings) -> Arc<Led> {
        let mut candidate = Candidate {
            stores: self.stores.clone(),
            clock: Arc::new(clock::ManualClock::new(start())),
            settings: Arc::new(settings.clone()),
            data_dir: std::path::PathBuf::new(),
            lease: Lease::new(self.db.clone(), "ledger", name),
        };
        let begun = candidate.begin().await.unwrap();
        let elsewhere = Arc::new(FarLedger(Arc::new(self.street.clone())));
        let led = Arc::new(Led::among(candidate, begun, Some(elsewhere)));
        self.street.0.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&led));
        led
    }

    /// The leader is not told: it finds out when it next looks, or when its record is refused.
    async fn depose(&self) {
        self.db
            .write(|tx| {
                let sql = "UPDATE lease SET holder = '', term = term + 1 WHERE name = 'ledger'";
                Box::pin(async move { tx.execute_unprepared(sql).await.map(|_| ()) })
            })
            .await
            .unwrap_or_else(|error: sea_orm::DbErr| panic!("{error}"));
    }
}

fn pay(id: u128) -> contracts::ledger::Command {
    command(1_000_000 + id, Act::Transfer(transfer(2 + id % 7, 2 + (id + 1) % 7, 1)))
}

/// Pays through one process after the other until each payment has an outcome.
async fn client(street: Street, number: u128) {
    for at in 0..TRANSFERS {
        let id = number * TRANSFERS + at;
        let processes = street.all();
        loop {
            let process = &processes[(id % processes.len() as u128) as usize];
            match process.submit(vec![pay(id)]).await {
                Ok(outcomes) => {
                    assert!(outcomes[0].is_ok(), "{outcomes:?}");
                    break;
                }
                Err(Unavailable::Overloaded) => panic!("nothing waits for long"),
                Err(_) => {}
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leaders_come_and_go_and_every_transfer_is_there_once() {
    // Of few ids in memory, so that they are stored while another one follows.
    let settings = Settings { ids_recent: 100, ..Settings::default() };
    for store in db::testing::stores().await.unwrap() {
        let town = Town::at(&store.db).await;
        for name in ["a", "b", "c"] {
            town.start(name, &settings).await;
        }
        town.street.leader().await.submit(beginning(ACCOUNTS)).await.unwrap();
        let clients: Vec<_> =
            (0..CLIENTS).map(|number| tokio::spawn(client(town.street.clone(), number))).collect();
        for _ in 0..DEPOSED {
            let before = town.street.leader().await;
            town.depose().await;
            while Arc::ptr_eq(&before, &town.street.leader().await) {
                tokio::time::sleep(Duration::from_millis(5)).await;
                if before.here().is_some() && clients.iter().all(tokio::task::JoinHandle::is_finished) {
                    break;
                }
            }
        }
        for client in clients {
            client.await.unwrap();
        }
        let first = town.street.all().remove(0);
        for id in 0..CLIENTS * TRANSFERS {
            let again = first.submit(vec![pay(id)]).await.unwrap().remove(0).unwrap();
            assert!(again.repeated, "{}: {id} is known", store.name);
        }
        let status = first.status().await.unwrap();
        assert_eq!(u128::from(status.transfers), ACCOUNTS - 1 + CLIENTS * TRANSFERS, "{}", store.name);
        let accounts: Vec<_> = (2..=ACCOUNTS).map(account).collect();
        let balances = first.balances(&accounts).await.unwrap();
        let total: i128 = balances.iter().map(|balance| balance.as_ref().unwrap().posted()).sum();
        assert_eq!(total, 1_000_000 * (ACCOUNTS - 1) as i128, "{}", store.name);
        let found = first.verify().await.unwrap();
        assert!(found.verified, "{}: {:?}", store.name, found.fault);
        for led in town.street.all() {
            led.stop().await;
        }
    }
}

/// Nobody is told by whoever goes; the next one is asked at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_goes_lets_the_next_one_lead() {
    for store in db::testing::stores().await.unwrap() {
        let town = Town::at(&store.db).await;
        let first = town.start("a", &Settings::default()).await;
        first.submit(beginning(3)).await.unwrap();
        let second = town.start("b", &Settings::default()).await;
        assert!(first.here().is_some() && second.here().is_none());
        assert_eq!(second.balances(&[account(2)]).await.unwrap()[0].as_ref().unwrap().posted(), 1_000_000);
        first.stop().await;
        // Asked while nobody leads, it waits.
        assert_eq!(second.balances(&[account(2)]).await.unwrap()[0].as_ref().unwrap().posted(), 1_000_000);
        assert!(second.here().is_some(), "{}", store.name);
        second.stop().await;
    }
}
