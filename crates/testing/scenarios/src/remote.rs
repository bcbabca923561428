//! Clients of the batch interface of a bank that is killed again and again: what they saw over the network is strictly
//! serializable.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use arbiter::clients::{Door, Paid, Plan, Unheard};
use arbiter::{Answer, Interval, Seen, Told, Transfer};
use async_trait::async_trait;
use contracts::ledger::{self as books, Act, Command, OpenAccount, Refusal, kinds};
use ids::{AccountId, TransferId};
use ledger::grpc::{
    Batch, Id, LedgerClient, LookupAccountsRequest, QueryHistoryRequest, Side as WireSide, Sum,
};
use money::{Currency, Side};
use rand::{Rng, RngExt, SeedableRng};
use testkit::{Child, Failed, Place};
use tokio::sync::watch;
use tonic::Request;
use tonic::transport::{Channel, Endpoint};

const TOKEN: &str = "remote-clients";
/// Where money comes from: it may be overdrawn.
const MINT: u128 = 71_001;
/// Customers, who may not.
const CUSTOMERS: std::ops::RangeInclusive<u128> = 71_002..=71_006;
/// What each has to begin with; a payment is at most as much, so that some are refused.
const BALANCE: u64 = 100;
const CLIENTS: u64 = 8;
/// Kills on each store.
const KILLS: u32 = 16;

/// A client's way to the bank that serves now, if one does.
struct Way(watch::Receiver<Option<LedgerClient<Channel>>>);

fn with_token<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {TOKEN}").parse().unwrap());
    request
}

fn id_of(account: u128) -> Id {
    Id { high: (account >> 64) as u64, low: account as u64 }
}

fn balance(account: &ledger::grpc::Account) -> i64 {
    let of = |sum: Option<Sum>| sum.map_or(0, |sum| i128::from(sum.high) << 64 | i128::from(sum.low));
    i64::try_from(of(account.credits_posted) - of(account.debits_posted)).unwrap()
}

fn payment(id: u128, from: u128, to: u128, amount: u64) -> Command {
    let act = Act::Transfer(books::Transfer {
        debit: AccountId::from_u128(from),
        credit: AccountId::from_u128(to),
        amount,
        hold_until: None,
        code: 1,
        booked_on: None,
        value_on: None,
        counts_toward_limits: false,
    });
    Command { id: TransferId::from_u128(id), act, linked: false }
}

impl Way {
    /// A connection to the bank that serves, once one does.
    async fn client(&self) -> LedgerClient<Channel> {
        let mut banks = self.0.clone();
        let serving = banks.wait_for(Option::is_some).await.unwrap();
        serving.clone().unwrap()
    }

    /// Nobody heard an answer. A bank that was killed is waited for by the next question.
    async fn unheard<T>(&self) -> Result<T, Unheard> {
        tokio::task::yield_now().await;
        Err(Unheard)
    }
}

#[async_trait]
impl Door for Way {
    async fn pay(&self, id: u128, from: u128, to: u128, amount: u64) -> Result<Paid, Unheard> {
        let mut client = self.client().await;
        let batch = with_token(Batch(vec![payment(id, from, to, amount)]));
        let Ok(answer) = client.create_transfers(batch).await else { return self.unheard().await };
        match answer.into_inner().0[0] {
            Ok(done) => Ok(Paid::Done {
                at: done.at,
                repeated: done.repeated,
                balances: (done.debit_balance.unwrap(), done.credit_balance.unwrap()),
            }),
            Err(Refusal::InsufficientFunds) => Ok(Paid::Refused),
            Err(refusal) => panic!("{refusal}"),
        }
    }

    async fn read(&self, accounts: &[u128]) -> Result<Vec<i64>, Unheard> {
        let accounts = accounts.iter().map(|account| id_of(*account)).collect();
        let mut client = self.client().await;
        match client.lookup_accounts(with_token(LookupAccountsRequest { accounts })).await {
            Ok(looked) => Ok(looked.into_inner().accounts.iter().map(balance).collect()),
            Err(_) => self.unheard().await,
        }
    }
}

/// Opens the accounts and gives every customer something, before anybody kills anything.
async fn begin(place: &Place, plan: &Plan) -> Result<Seen, Failed> {
    let bank = bank::composition::Bank::open(&place.configuration, Arc::new(testkit::SystemClock)).await?;
    let ledger = bank.books()?.ledger;
    let open = |account: u128, floor| {
        let act = Act::OpenAccount(OpenAccount {
            account: AccountId::from_u128(account),
            asset: Currency::CNY.into(),
            normal: Side::Credit,
            kind: kinds::CURRENT,
            floor,
            limits: books::Limits::default(),
        });
        Command { id: TransferId::from_u128(account), act, linked: false }
    };
    let register = Act::RegisterAsset { asset: Currency::CNY.into(), scale: 2 };
    let mut commands = vec![Command { id: TransferId::from_u128(71_000), act: register, linked: false }];
    commands.push(open(MINT, None));
    commands.extend(CUSTOMERS.map(|account| open(account, Some(0))));
    for outcome in ledger.submit(commands).await? {
        outcome?;
    }
    let mut seen = Seen::default();
    for to in CUSTOMERS {
        let (id, asked) = (72_000 + to, plan.now());
        let receipt = ledger.post(vec![payment(id, MINT, to, BALANCE)]).await?[0]?;
        let interval = Interval { asked, answered: Some(plan.now()) };
        let answer = Answer::Done { at: receipt.at, balances: None };
        seen.transfers.push(Transfer { id, from: MINT, to, amount: BALANCE, interval, answer });
    }
    bank.close().await;
    Ok(seen)
}

async fn connect(child: &Child) -> Result<LedgerClient<Channel>, Failed> {
    let address = child.batch.as_deref().ok_or("the batch interface does not listen")?;
    let channel = Endpoint::from_shared(format!("http://{address}"))?.tcp_nodelay(true).connect().await?;
    Ok(LedgerClient::new(channel))
}

/// The histories of all accounts, as the batch interface tells them.
async fn told(client: &mut LedgerClient<Channel>) -> Result<Vec<Told>, Failed> {
    let mut told = vec![];
    for account in std::iter::once(MINT).chain(CUSTOMERS) {
        let query = QueryHistoryRequest { account: Some(id_of(account)), ..QueryHistoryRequest::default() };
        let mut pages = client.query_history(with_token(query)).await?.into_inner();
        while let Some(page) = pages.message().await? {
            for movement in page.movements {
                let transfer = movement.transfer.ok_or("a movement without its transfer")?;
                let amount = i64::try_from(movement.amount)?;
                told.push(Told {
                    account,
                    number: movement.number,
                    transfer: u128::from(transfer.high) << 64 | u128::from(transfer.low),
                    change: if movement.side == i32::from(WireSide::Credit) { amount } else { -amount },
                    balance: movement.balance_after,
                    at: i64::try_from(movement.at_ns)?,
                });
            }
        }
    }
    Ok(told)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_remote_clients_of_a_killed_bank_see_is_strictly_serializable() -> Result<(), Failed> {
    let seed: u64 = rand::rng().next_u64();
    println!("seed {seed}");
    // The whole bank, and the ledger's process of one that is split.
    for (target, kills) in [("all", KILLS), ("ledger", KILLS / 2)] {
        for place in Child::places().await? {
            see_and_judge(place, target, kills, seed).await?;
        }
    }
    Ok(())
}

async fn see_and_judge(place: Place, target: &str, kills: u32, seed: u64) -> Result<(), Failed> {
    let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
    let plan = Arc::new(Plan::new(CUSTOMERS.collect(), BALANCE, 1_000_000));
    let mut seen = begin(&place, &plan).await?;
    let (serving, banks) = watch::channel(None);
    let enough = Arc::new(AtomicBool::new(false));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|seed| {
            let (way, plan, enough) = (Way(banks.clone()), Arc::clone(&plan), Arc::clone(&enough));
            tokio::spawn(async move { plan.client(&way, seed, || enough.load(Ordering::Relaxed)).await })
        })
        .collect();
    for _ in 0..kills {
        let child = Child::serve_batches(&place, TOKEN, target).await?;
        serving.send_replace(Some(connect(&child).await?));
        // The moment of death is random on purpose; nothing is awaited that could make it convenient.
        tokio::time::sleep(Duration::from_millis(random.random_range(5..250))).await;
        child.kill().await?;
        serving.send_replace(None);
    }
    let last = Child::serve_batches(&place, TOKEN, target).await?;
    let mut client = connect(&last).await?;
    enough.store(true, Ordering::Relaxed);
    serving.send_replace(Some(client.clone()));
    for one in clients {
        seen.extend(one.await?);
    }
    let told = told(&mut client).await?;
    last.kill().await?;
    let verdict = arbiter::judge(&seen, &told)
        .map_err(|anomaly| format!("{}, seed {seed}: {anomaly:?}", place.store))?;
    println!("{}: {verdict:?}", place.store);
    assert!(verdict.done > 200 && verdict.reads > 100, "{}: too little to prove anything", place.store);
    let verified = Child::command(&place)?.args(["ledger", "verify"]).output().await?;
    assert!(verified.status.success(), "{}, seed {seed}: {verified:?}", place.store);
    Ok(())
}
