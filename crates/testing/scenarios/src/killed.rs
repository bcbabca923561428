//! A bank that is killed again and again under load keeps every promise it made.
//!
//! The built binary serves in a process of its own and is killed with SIGKILL at random moments. What it acknowledged is
//! there exactly once; what it did not acknowledge is there at most once, and exactly once after the client asked again
//! with the same key.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::{Rng, RngExt, SeedableRng};
use serde_json::json;
use testkit::{Child, Client, Failed, Place, Someone, enroll};
use uuid::Uuid;

/// Kills on each store.
const KILLS: u32 = 52;
/// Customers paying at the same time.
const PAYERS: usize = 8;
/// What each has to begin with, fen.
const BALANCE: i64 = 100_000_000;

/// Orders by idempotency key: who pays whom, and the transfer once it was acknowledged.
type Orders = Arc<Mutex<BTreeMap<String, Order>>>;

#[derive(Clone)]
struct Order {
    payer: usize,
    payee: usize,
    transfer: Option<String>,
}

fn body(people: &[Someone], order: &Order) -> serde_json::Value {
    people[order.payer].order(&people[order.payee], "0.01", "")
}

/// Pays one order after another until the bank is gone.
async fn pay_on(client: Client, people: Arc<Vec<Someone>>, payer: usize, orders: Orders) {
    let mut next = payer;
    loop {
        next = (next + 1) % people.len();
        if next == payer {
            continue;
        }
        let key = Uuid::now_v7().to_string();
        let order = Order { payer, payee: next, transfer: None };
        orders.lock().unwrap().insert(key.clone(), order.clone());
        let answer = client.post_keyed("/api/payments/transfers", &body(&people, &order), &key).await;
        let Ok(answer) = answer else { return };
        if answer.status.as_u16() == 201 {
            let transfer = answer.text("/transfer_id").to_owned();
            orders.lock().unwrap().get_mut(&key).unwrap().transfer = Some(transfer);
        }
    }
}

/// Serves, lets everybody pay for a while, kills.
async fn one_life(
    place: &Place,
    tokens: &[String],
    people: &Arc<Vec<Someone>>,
    orders: &Orders,
    life: Duration,
) -> Result<(), Failed> {
    let child = Child::serve(place).await?;
    let paying: Vec<_> = tokens
        .iter()
        .enumerate()
        .map(|(payer, token)| {
            let client = child.client.clone().with_token(token);
            tokio::spawn(pay_on(client, Arc::clone(people), payer, Arc::clone(orders)))
        })
        .collect();
    // The moment of death is random on purpose; nothing is awaited that could make it convenient.
    tokio::time::sleep(life).await;
    child.kill().await?;
    for task in paying {
        task.await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_bank_keeps_every_promise() -> Result<(), Failed> {
    let seed: u64 = rand::rng().next_u64();
    println!("seed {seed}");
    for place in Child::places().await? {
        let mut random = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
        let people = Arc::new(settle(&place).await?);
        let tokens = sign_in_all(&place, &people).await?;
        let orders: Orders = Orders::default();
        for _ in 0..KILLS {
            let life = Duration::from_millis(random.random_range(5..350));
            one_life(&place, &tokens, &people, &orders, life).await?;
        }
        settle_accounts(&place, &tokens, &people, &orders, seed).await?;
    }
    Ok(())
}

/// Enrolls the payers in the bank at `place`.
async fn settle(place: &Place) -> Result<Vec<Someone>, Failed> {
    let clock = Arc::new(testkit::SystemClock);
    let bank = bank::composition::Bank::open(&place.configuration, clock).await?;
    let people = enroll(&bank.books()?, PAYERS, BALANCE).await?;
    bank.close().await;
    Ok(people)
}

async fn sign_in_all(place: &Place, people: &[Someone]) -> Result<Vec<String>, Failed> {
    let child = Child::serve(place).await?;
    let mut tokens = Vec::new();
    for someone in people {
        let body = json!({"name": someone.phone, "password": someone.password});
        let answer = child.client.post("/api/identity/sign-in", &body).await?.expect(200)?;
        tokens.push(answer.text("/token").to_owned());
    }
    child.kill().await?;
    Ok(tokens)
}

/// The final read: every order exactly once, every balance explained, the journal verified.
async fn settle_accounts(
    place: &Place,
    tokens: &[String],
    people: &Arc<Vec<Someone>>,
    orders: &Orders,
    seed: u64,
) -> Result<(), Failed> {
    let store = place.store;
    let child = Child::serve(place).await?;
    let orders = orders.lock().unwrap().clone();
    let acknowledged = orders.values().filter(|order| order.transfer.is_some()).count();
    println!("{store}: {} orders, {acknowledged} acknowledged", orders.len());
    assert!(acknowledged > KILLS as usize, "{store}: too little load to prove anything");
    let mut expected: BTreeMap<usize, i64> = (0..people.len()).map(|at| (at, BALANCE)).collect();
    let mut transfers: Vec<BTreeMap<String, u32>> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        transfers.push(all_movements(&child.client.clone().with_token(token), &people[at]).await?);
    }
    for (key, order) in &orders {
        *expected.entry(order.payer).or_default() -= 1;
        *expected.entry(order.payee).or_default() += 1;
        let Some(transfer) = &order.transfer else {
            // Never acknowledged: the client asks again with the same key and learns what became of it.
            let client = child.client.clone().with_token(&tokens[order.payer]);
            client.post_keyed("/api/payments/transfers", &body(people, order), key).await?.expect(201)?;
            continue;
        };
        for side in [order.payer, order.payee] {
            let times = transfers[side].get(transfer).copied().unwrap_or(0);
            assert_eq!(times, 1, "{store}, seed {seed}: acknowledged {transfer} is there {times} times");
        }
    }
    for (at, token) in tokens.iter().enumerate() {
        let client = child.client.clone().with_token(token);
        let answer = client.get(&format!("/api/accounts/{}", people[at].account.id)).await?.expect(200)?;
        let minor = expected[&at];
        let decimal = format!("{}.{:02}", minor / 100, minor % 100);
        assert_eq!(answer.text("/balance/amount"), decimal, "{store}, seed {seed}: payer {at}");
    }
    child.kill().await?;
    let output = Child::command(place)?.args(["ledger", "verify"]).output().await?;
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{store}, seed {seed}: {said}");
    Ok(())
}

/// How often each transfer appears in the whole history of an account.
async fn all_movements(client: &Client, someone: &Someone) -> Result<BTreeMap<String, u32>, Failed> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/accounts/{}/movements?limit=100{cursor}", someone.account.id);
        let page = client.get(&path).await?.expect(200)?;
        for movement in page.body["movements"].as_array().into_iter().flatten() {
            let transfer = movement["transfer_id"].as_str().unwrap_or_default();
            *seen.entry(transfer.to_owned()).or_default() += 1;
        }
        match page.body["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return Ok(seen),
        }
    }
}
