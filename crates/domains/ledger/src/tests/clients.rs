//! Concurrent clients of a ledger that fails, ends and is opened again under them: what they saw is strictly
//! serializable, on every store.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use arbiter::clients::{Door, Paid, Plan, Unheard};
use arbiter::{Answer, Interval, Seen, Told, Transfer};
use async_trait::async_trait;
use contracts::Unavailable;
use contracts::ledger::{Act, HistoryQuery, Ledger, Refusal};
use money::Side;
use tokio::sync::watch;

use super::kit::{Home, account, cny, command, do_all, id, open_account, transfer};
use crate::LocalLedger;
use crate::journal::memory::{Fault, MemoryJournal};

/// Where money comes from: it may be overdrawn.
const MINT: u128 = 1;
/// Customers, who may not.
const CUSTOMERS: std::ops::RangeInclusive<u128> = 2..=6;
/// What each has to begin with; a payment is at most as much, so that some are refused.
const BALANCE: u64 = 100;
const CLIENTS: u64 = 8;
/// How often the ledger is replaced.
const LIVES: u64 = 8;
/// Payments and reads of one life, at least.
const LIFE: u64 = 60;

/// The ledger that serves now, and the one before it, which may not know yet that it does not.
#[derive(Clone)]
struct Ledgers {
    now: Arc<LocalLedger>,
    before: Option<Arc<LocalLedger>>,
    /// Whether the one before is asked for payments, too: the first of them tells it.
    before_pays: bool,
    /// Nothing new is asked: who takes over would come second for ever.
    calm: bool,
}

/// A client's way to the ledger.
struct Way {
    ledgers: watch::Receiver<Ledgers>,
    asked: AtomicU64,
}

impl Way {
    /// The ledger that serves; now and then the one before it.
    async fn ledger(&self, pays: bool) -> Arc<LocalLedger> {
        let mut ledgers = self.ledgers.clone();
        let ledgers = ledgers.wait_for(|ledgers| !ledgers.calm).await.unwrap();
        let asked = self.asked.fetch_add(1, Ordering::Relaxed);
        let before = ledgers.before.as_ref().filter(|_| asked.is_multiple_of(4));
        let before = before.filter(|_| ledgers.before_pays || !pays);
        Arc::clone(before.unwrap_or(&ledgers.now))
    }

    /// It did not answer: goes on once it may answer again, or another is in its place.
    async fn recover(&self, failed: &Arc<LocalLedger>, how: Unavailable) -> Unheard {
        let fails = || how == Unavailable::Stopping || failed.health().is_err();
        while fails() && Arc::ptr_eq(failed, &self.ledgers.borrow().now) {
            tokio::task::yield_now().await;
        }
        Unheard
    }
}

#[async_trait]
impl Door for Way {
    async fn pay(&self, number: u128, from: u128, to: u128, amount: u64) -> Result<Paid, Unheard> {
        let ledger = self.ledger(true).await;
        let pay = vec![command(number, Act::Transfer(transfer(from, to, amount)))];
        if self.asked.load(Ordering::Relaxed).is_multiple_of(7) {
            // Goes away without hearing the answer, and may ask again while the first is still under way.
            tokio::spawn(async move { ledger.submit(pay).await });
            return Err(Unheard);
        }
        // In full and in brief, by turns.
        let receipt = if number.is_multiple_of(2) {
            ledger.post(pay).await.map(|receipts| receipts[0])
        } else {
            ledger.submit(pay).await.map(|outcomes| outcomes[0].clone().map(|applied| applied.receipt()))
        };
        match receipt {
            Ok(Ok(done)) => Ok(Paid::Done {
                at: done.at,
                repeated: done.repeated,
                balances: (done.debit_balance.unwrap(), done.credit_balance.unwrap()),
            }),
            Ok(Err(Refusal::InsufficientFunds)) => Ok(Paid::Refused),
            Ok(Err(refusal)) => panic!("{refusal}"),
            Err(how) => Err(self.recover(&ledger, how).await),
        }
    }

    async fn read(&self, accounts: &[u128]) -> Result<Vec<i64>, Unheard> {
        let ledger = self.ledger(false).await;
        let ids: Vec<_> = accounts.iter().map(|number| account(*number)).collect();
        match ledger.balances(&ids).await {
            Ok(balances) => {
                Ok(balances.iter().map(|balance| i64::try_from(balance.unwrap().posted()).unwrap()).collect())
            }
            Err(how) => Err(self.recover(&ledger, how).await),
        }
    }
}

/// Opens the accounts and gives every customer something.
async fn begin(ledger: &LocalLedger, plan: &Plan) -> Seen {
    let mut commands = vec![
        command(1_001, Act::RegisterAsset { asset: cny(), scale: 2 }),
        command(1_002, open_account(MINT, Side::Credit, None)),
    ];
    commands
        .extend(CUSTOMERS.map(|number| command(2_000 + number, open_account(number, Side::Credit, Some(0)))));
    assert!(do_all(ledger, commands).await.iter().all(Result::is_ok));
    let mut seen = Seen::default();
    for to in CUSTOMERS {
        let (id, asked) = (3_000 + to, plan.now());
        let outcomes = do_all(ledger, vec![command(id, Act::Transfer(transfer(MINT, to, BALANCE)))]).await;
        let at = outcomes[0].as_ref().unwrap().receipt().at;
        let interval = Interval { asked, answered: Some(plan.now()) };
        let answer = Answer::Done { at, balances: None };
        seen.transfers.push(Transfer { id, from: MINT, to, amount: BALANCE, interval, answer });
    }
    seen
}

/// The histories of all accounts.
async fn told(ledger: &LocalLedger) -> Vec<Told> {
    let mut told = vec![];
    for number in std::iter::once(MINT).chain(CUSTOMERS) {
        let mut before = None;
        loop {
            let page = HistoryQuery { before, ..HistoryQuery::newest(account(number), 1_000) };
            let movements = ledger.history(page).await.unwrap();
            let Some(oldest) = movements.last() else { break };
            before = Some(oldest.number);
            told.extend(movements.iter().map(|movement| {
                let amount = i64::try_from(movement.amount).unwrap();
                Told {
                    account: number,
                    number: movement.number,
                    transfer: movement.transfer.as_u128(),
                    change: if movement.side == Side::Credit { amount } else { -amount },
                    balance: movement.balance_after,
                    at: i64::try_from(movement.at.as_nanosecond()).unwrap(),
                }
            }));
        }
    }
    told
}

/// What replaces a ledger under its clients.
enum End {
    /// It is asked to stop, and opened again: what else holds the SQLite file can only wait.
    Stopped,
    /// Another takes over, as a second process would.
    TakenOver,
}

async fn what_clients_see(home: &Home, end: End, mut at_each_life: impl FnMut(u64)) {
    let ledger = home.open().await;
    let plan = Arc::new(Plan::new(CUSTOMERS.collect(), BALANCE, 1_000_000));
    let mut seen = begin(&ledger, &plan).await;
    let (replace, ledgers) =
        watch::channel(Ledgers { now: ledger, before: None, before_pays: false, calm: false });
    let enough = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|seed| {
            let way = Way { ledgers: ledgers.clone(), asked: AtomicU64::new(seed) };
            let (plan, enough) = (Arc::clone(&plan), Arc::clone(&enough));
            tokio::spawn(async move { plan.client(&way, seed, || enough.load(Ordering::Relaxed)).await })
        })
        .collect();
    for life in 1..=LIVES {
        at_each_life(life);
        while plan.done() < life * LIFE {
            tokio::task::yield_now().await;
        }
        let Ledgers { now, before, .. } = ledgers.borrow().clone();
        if let Some(before) = before {
            before.stop().await;
        }
        replace.send_modify(|ledgers| ledgers.calm = true);
        if matches!(end, End::Stopped) {
            now.stop().await;
        }
        // Who takes over may come second to what is still under way: then it was not opened, and tries again.
        let next = loop {
            if let Ok(next) = home.try_open().await {
                break next;
            }
        };
        let before_pays = life % 2 == 0;
        replace.send_replace(Ledgers { now: next, before: Some(now), before_pays, calm: false });
    }
    enough.store(true, Ordering::Relaxed);
    for client in clients {
        seen.extend(client.await.unwrap());
    }
    let ledger = Arc::clone(&ledgers.borrow().now);
    let told = told(&ledger).await;
    let verdict = arbiter::judge(&seen, &told).unwrap_or_else(|anomaly| panic!("{}: {anomaly:?}", home.name));
    println!("{}: {verdict:?}", home.name);
    assert!(verdict.done > 100 && verdict.reads > 100, "{}: too little to prove anything", home.name);
    assert_eq!(ledger.verify().await.unwrap().fault, None, "{}", home.name);
    assert!(ledger.outcome(id(seen.transfers[0].id)).await.unwrap().is_some());
    ledger.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_opened_again_and_again_is_strictly_serializable() {
    for home in Home::everywhere().await {
        what_clients_see(&home, End::Stopped, |_| {}).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_taken_over_again_and_again_is_strictly_serializable() {
    // Nobody can open the SQLite file twice.
    for home in Home::everywhere().await.iter().filter(|home| home.name != "sqlite") {
        what_clients_see(home, End::TakenOver, |_| {}).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ledger_whose_commits_fail_is_strictly_serializable() {
    let journal = MemoryJournal::default();
    let faults = [Fault::None, Fault::Ambiguous, Fault::Lost, Fault::Lost, Fault::None, Fault::Lost];
    let home = Home::memory(&journal);
    what_clients_see(&home, End::TakenOver, |life| {
        // What was not met in one life is not met by whoever opens the journal for the next.
        let faults = (0..20_u64).map(|n| faults[((n * n + life) % 6) as usize]);
        journal.heal();
        journal.inject(faults);
    })
    .await;
}
