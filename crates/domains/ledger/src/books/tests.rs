//! Transfers between books of which either fails at any moment: each is whole or absent on both sides.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clock::Timestamp;
use contracts::Unavailable;
use contracts::far::{Call, Carrier, Desk};
use contracts::ledger::{Act, FarLedger, Ledger, LedgerDesk, Refusal};
use money::Side;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use super::{NamedBook, Reconciliation, SeveralBooks};
use crate::LocalLedger;
use crate::journal::memory::MemoryJournal;
use crate::tests::kit::{Home, account, cny, command, do_all, open_account, transfer};

/// Customers of each book.
const CUSTOMERS: u128 = 20;
/// Clients at once, and what each pays.
const CLIENTS: u128 = 8;
const TRANSFERS: u128 = 1_250;

/// Between a client and a book: loses one question or one answer in some.
struct Shaky {
    desk: LedgerDesk,
    asked: AtomicU64,
    seed: u64,
    one_in: u64,
}

#[async_trait::async_trait]
impl Carrier for Shaky {
    async fn carry(&self, call: &Call, question: Vec<u8>) -> Result<Vec<u8>, Unavailable> {
        let asked = self.asked.fetch_add(1, Ordering::Relaxed);
        let fate: u64 = StdRng::seed_from_u64(self.seed ^ asked).random_range(0..self.one_in * 2);
        if fate == 0 {
            return Err(Unavailable::Unreachable);
        }
        let answer = self.desk.answer(call.method, &question).await;
        if fate == 1 { Err(Unavailable::Unreachable) } else { answer.map_err(|_| Unavailable::Misunderstood) }
    }
}

fn shaky(ledger: &Arc<LocalLedger>, seed: u64, one_in: u64) -> Arc<dyn Ledger> {
    let desk = LedgerDesk(Arc::clone(ledger) as Arc<dyn Ledger>);
    Arc::new(FarLedger(Arc::new(Shaky { desk, asked: AtomicU64::new(0), seed, one_in })))
}

fn books(ledgers: &[Arc<LocalLedger>; 2], seed: u64, one_in: u64) -> Arc<SeveralBooks> {
    let named = ["north", "south"].iter().zip(ledgers).zip(0..).map(|((name, ledger), at)| NamedBook {
        name: (*name).to_owned(),
        ledger: shaky(ledger, seed + at, one_in),
    });
    Arc::new(SeveralBooks::new(named.collect(), "north"))
}

/// Customer `number` of book `book`.
fn customer(book: u128, number: u128) -> u128 {
    (book + 1) * 1_000 + number
}

/// Two books, and where they live.
async fn towns() -> ([Arc<LocalLedger>; 2], Vec<Home>) {
    let (mut ledgers, mut homes) = (Vec::new(), Vec::new());
    for book in 0..2_u128 {
        let home = Home::memory(&MemoryJournal::default());
        let ledger = home.open().await;
        homes.push(home);
        let mint = 100 + book;
        let mut commands = vec![
            command(1, Act::RegisterAsset { asset: cny(), scale: 2 }),
            command(2, open_account(mint, Side::Debit, None)),
        ];
        for number in 1..=CUSTOMERS {
            let customer = customer(book, number);
            commands.push(command(10 * customer, open_account(customer, Side::Credit, Some(0))));
            commands.push(command(10 * customer + 1, Act::Transfer(transfer(mint, customer, 5_000))));
        }
        assert!(do_all(&ledger, commands).await.iter().all(Result::is_ok));
        ledgers.push(ledger);
    }
    (ledgers.try_into().unwrap_or_else(|_| panic!("two")), homes)
}

fn payment(client: u128, at: u128) -> contracts::ledger::Command {
    let mut dice = StdRng::seed_from_u64((client * TRANSFERS + at) as u64);
    let from = dice.random_range(0..2_u128);
    let [payer, payee] = [from, 1 - from].map(|book| customer(book, dice.random_range(1..=CUSTOMERS)));
    let amount = dice.random_range(1..=400);
    command(1_000_000 + (client * TRANSFERS + at) * 7, Act::Transfer(transfer(payer, payee, amount)))
}

async fn total(ledger: &LocalLedger, book: u128) -> i128 {
    let accounts: Vec<_> = (1..=CUSTOMERS).map(|number| account(customer(book, number))).collect();
    let balances = ledger.balances(&accounts).await.unwrap();
    balances.iter().map(|balance| balance.as_ref().unwrap().posted()).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_transfers_between_failing_books_are_whole_or_absent() {
    let (ledgers, _homes) = towns().await;
    let books_of = |seed| books(&ledgers, seed, 8);
    let clients = (0..CLIENTS).map(|client| {
        let books = books_of(u64::try_from(client).unwrap() * 10);
        tokio::spawn(async move {
            let (mut paid, mut refused) = (0_u64, 0_u64);
            for at in 0..TRANSFERS {
                // Every seventh is left as it is after one try: its client has died.
                let dies = at % 7 == 6;
                loop {
                    match books.submit(vec![payment(client, at)]).await {
                        Ok(outcomes) => {
                            match &outcomes[0] {
                                Ok(applied) => {
                                    assert_eq!(applied.balances.len(), 2, "payer and payee");
                                    paid += 1;
                                }
                                Err(refusal) => {
                                    assert_eq!(*refusal, Refusal::InsufficientFunds);
                                    refused += 1;
                                }
                            }
                            break;
                        }
                        Err(_) if dies => break,
                        Err(_) => {}
                    }
                }
            }
            (paid, refused)
        })
    });
    let (mut paid, mut refused) = (0, 0);
    for client in clients.collect::<Vec<_>>() {
        let (some, others) = client.await.unwrap();
        (paid, refused) = (paid + some, refused + others);
    }
    assert!(refused > 100, "some had not enough: {refused}");
    // Those whose clients died are ended, one way or the other, and both books say the same.
    let books = books(&ledgers, 99, 1_000_000);
    let reconciliation = Reconciliation::new(Arc::clone(&books));
    let found = reconciliation.turn(Timestamp::MAX).await.unwrap();
    let [found] = found.as_slice() else { panic!("one asset: {found:?}") };
    assert_eq!((found.open, found.unmatched.len()), (0, 0), "{found:?}");
    assert!(found.transfers >= paid, "{} of {paid}", found.transfers);
    assert_eq!(ledgers[0].status().await.unwrap().holds + ledgers[1].status().await.unwrap().holds, 0);
    let both = total(&ledgers[0], 0).await + total(&ledgers[1], 1).await;
    assert_eq!(both, 2 * 5_000 * i128::try_from(CUSTOMERS).unwrap(), "nothing was made or lost");
    let [north, south] = [
        ledgers[0].balances(&[books.transit(0, 1, cny())]).await.unwrap(),
        ledgers[1].balances(&[books.transit(1, 0, cny())]).await.unwrap(),
    ]
    .map(|balances| balances[0].as_ref().unwrap().posted());
    assert_eq!(north, -south);
    // Asked again, each has the outcome that it had, or the one that it was given when it was ended.
    let mut known = 0;
    for client in 0..CLIENTS {
        for at in 0..TRANSFERS {
            let payment = payment(client, at);
            let first = books.outcome(payment.id).await.unwrap();
            let again = books.submit(vec![payment]).await.unwrap().remove(0);
            if let Some(first) = first {
                assert_eq!(first.is_ok(), again.is_ok(), "{first:?} {again:?}");
                known += u64::from(again.is_ok());
            }
        }
    }
    assert_eq!(known, found.transfers, "what both books have is what is told");
    for ledger in &ledgers {
        let verified = ledger.verify().await.unwrap();
        assert!(verified.verified, "{:?}", verified.fault);
    }
}

#[tokio::test]
async fn what_the_books_do_not_agree_on_is_named() {
    let (ledgers, _homes) = towns().await;
    let books = books(&ledgers, 1, 1_000_000);
    let pay = |id: u128, amount| command(id, Act::Transfer(transfer(customer(0, 1), customer(1, 1), amount)));
    assert!(books.submit(vec![pay(500, 10), pay(507, 10_000)]).await.unwrap()[0].is_ok());
    // Somebody posts to a transit account by hand.
    let (transit, wrong) = (books.transit(1, 0, cny()), command(999, Act::Transfer(transfer(0, 1, 3))));
    let Act::Transfer(by_hand) = wrong.act else { panic!("a transfer") };
    let by_hand = contracts::ledger::Transfer { debit: transit, credit: account(customer(1, 2)), ..by_hand };
    let by_hand = command(999, Act::Transfer(by_hand));
    assert!(ledgers[1].submit(vec![by_hand.clone()]).await.unwrap()[0].is_ok());
    let found = Reconciliation::new(books).turn(Timestamp::MAX).await.unwrap();
    assert_eq!((found[0].transfers, &found[0].unmatched), (1, &vec![by_hand.id]));
}

/// What concerns one book goes there; what cannot be between books is refused as either book would.
#[tokio::test]
async fn each_book_is_asked_for_its_own() {
    let (ledgers, _homes) = towns().await;
    let books = books(&ledgers, 1, 1_000_000);
    let moves = |id, from, to| command(id, Act::Transfer(transfer(from, to, 1)));
    let [north, south] = [customer(0, 1), customer(1, 1)];
    let commands = vec![
        moves(600, north, customer(0, 2)),
        moves(601, south, customer(1, 2)),
        moves(602, south, 77),
        moves(603, 77, south),
        command(604, open_account(7_000, Side::Credit, Some(0))),
        moves(605, north, 7_000),
        moves(606, south, 7_000),
    ];
    let outcomes = books.submit(commands).await.unwrap();
    let refusals: Vec<_> = outcomes.iter().map(|outcome| outcome.as_ref().err().copied()).collect();
    let expected = [
        None,
        None,
        Some(Refusal::CreditAccountUnknown),
        Some(Refusal::DebitAccountUnknown),
        None,
        None,
        None,
    ];
    assert_eq!(refusals, expected);
    let opened = books.balances(&[account(7_000)]).await.unwrap().remove(0).unwrap();
    assert_eq!(opened.posted(), 2, "also from afar, though it was opened in the same submission");
    let freeze = command(607, Act::SetFreeze { account: account(south), debits: true, credits: false });
    assert!(books.submit(vec![freeze]).await.unwrap()[0].is_ok());
    let frozen = books.submit(vec![moves(608, south, north)]).await.unwrap();
    assert_eq!(frozen[0].as_ref().err(), Some(&Refusal::DebitAccountFrozen));
    let mut chained = [moves(609, north, customer(0, 2)), moves(610, customer(1, 2), north)];
    chained[0].linked = true;
    let chained = books.submit(chained.to_vec()).await.unwrap();
    assert!(chained.iter().all(|outcome| outcome.as_ref().err() == Some(&Refusal::ChainBroken)));
    let balances = books.balances(&[account(north), account(south), account(78)]).await.unwrap();
    assert!(balances[0].is_some() && balances[1].is_some() && balances[2].is_none());
    let arrived = books.submit(vec![moves(611, customer(1, 2), north)]).await.unwrap();
    assert!(arrived[0].is_ok());
    for (side, id) in [(customer(1, 2), 611), (north, 611)] {
        let told = books.movement(account(side), crate::tests::kit::id(id)).await.unwrap();
        assert_eq!(told.map(|told| told.amount), Some(1), "both see it under its own id");
    }
    let asked = [(customer(1, 2), 611), (79, 611), (north, 611), (north, 601)];
    let asked = asked.map(|(side, id)| (account(side), crate::tests::kit::id(id)));
    let told = books.movements(&asked).await.unwrap();
    let sides: Vec<_> = told.into_iter().map(|told| told.map(|told| told.side)).collect();
    assert_eq!(sides, [Some(Side::Debit), None, Some(Side::Credit), None], "in the order of the questions");
}
