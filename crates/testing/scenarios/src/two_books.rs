//! A bank of two books, each led by a process of its own, which is killed, and cut off from everybody, while money goes
//! between them: each transfer is whole or absent on both sides, and the reconciliation proves it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use contracts::ledger::{Act, Command, Ledger, Transfer, codes};
use ids::TransferId;
use ledger::{Reconciliation, SeveralBooks};
use testkit::{BESIDE_LEDGER, Child, Client, Failed, Someone, Split, enroll_some};
use uuid::Uuid;

use crate::processes::{balance, pay_until_answered};

/// Transfers of one submission, and how many of them each client makes.
const BATCH: u64 = 100;
const BATCHES: u64 = 25;
const CLIENTS: u64 = 4;
/// How long a book is cut off: until everybody has given its connections up.
const CUT: Duration = Duration::from_secs(4);
/// What everybody begins with, fen.
const BALANCE: i64 = 1_000_000;

/// Payments over HTTP from one book into the other and back.
async fn pay_each_other(client: &Client, payer: &Someone, payee: &Someone, count: u64) -> Result<(), Failed> {
    for _ in 0..count {
        let key = Uuid::now_v7().to_string();
        pay_until_answered(client, payer, payee, &key).await?.expect(201)?;
    }
    Ok(())
}

/// Moves a fen at a time between `here` and `there`, in batches that are submitted until they are answered.
async fn move_much(ledger: Arc<dyn Ledger>, here: Someone, there: Someone, answered: Arc<AtomicUsize>) {
    for batch in 0..BATCHES {
        let [debit, credit] = match batch % 2 {
            0 => [&here, &there],
            _ => [&there, &here],
        }
        .map(|someone| someone.account.id);
        let one = Transfer {
            debit,
            credit,
            amount: 1,
            hold_until: None,
            code: codes::TRANSFER,
            booked_on: None,
            value_on: None,
            counts_toward_limits: false,
        };
        let command = |_| Command { id: TransferId::mint(), act: Act::Transfer(one.clone()), linked: false };
        let commands: Vec<Command> = (0..BATCH).map(command).collect();
        loop {
            match ledger.submit(commands.clone()).await {
                Ok(outcomes) => {
                    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
                    answered.fetch_add(outcomes.len(), Ordering::Relaxed);
                    break;
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transfers_between_two_books_are_whole_or_absent_whoever_dies() -> Result<(), Failed> {
    for place in Child::places().await? {
        let store = place.store;
        let mut split = Split::with_books(place).await?;
        let north = enroll_some(&split.books()?, 0..2, BALANCE).await?;
        split.kill_one(BESIDE_LEDGER, 0).await?;
        split.set(BESIDE_LEDGER, 0, "ledger.opens_in=south");
        split.restart_one(BESIDE_LEDGER, 0).await?;
        let south = enroll_some(&split.books()?, 2..4, BALANCE).await?;
        let ([n0, n1], [s0, s1]) = (north.as_slice(), south.as_slice()) else { return Err("four".into()) };

        // Customers do not notice that there are two books.
        let client = n0.sign_in(&split.client()).await?;
        pay_each_other(&client, n0, s0, 5).await?;
        assert_eq!(balance(&client, n0).await?, "9995.00", "{store}");
        let paid = client.get(&format!("/api/accounts/{}/movements", n0.account.id)).await?.expect(200)?;
        assert!(paid.body.to_string().contains(&s0.name), "{store}: {}", paid.body);
        tokio::time::timeout(Duration::from_secs(60), split.wait_for_messages(&s0.phone, 5)).await??;

        // Ten thousand, while each ledger is killed again and again, and cut off once.
        let books: Arc<dyn Ledger> = Arc::new(SeveralBooks::new(split.both_books()?, "main"));
        let answered = Arc::new(AtomicUsize::new(0));
        let moving: Vec<_> = (0..CLIENTS)
            .map(|_| {
                tokio::spawn(move_much(Arc::clone(&books), n1.clone(), s1.clone(), Arc::clone(&answered)))
            })
            .collect();
        let mut kills = 0;
        while !moving.iter().all(tokio::task::JoinHandle::is_finished) {
            let before = answered.load(Ordering::Relaxed);
            let at = kills % 2;
            if kills == 1 || kills == 4 {
                split.cut(at, true);
                tokio::time::sleep(CUT).await;
                split.cut(at, false);
            }
            split.kill_one("ledger", at).await?;
            split.restart_one("ledger", at).await?;
            kills += 1;
            while answered.load(Ordering::Relaxed) < before + 300
                && !moving.iter().all(tokio::task::JoinHandle::is_finished)
            {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        for client in moving {
            client.await?;
        }
        assert!(kills >= 6, "{store}: {kills} kills");
        let count = CLIENTS * BATCHES * BATCH;
        assert_eq!(answered.load(Ordering::Relaxed) as u64, count);

        // Both say the same; four were paid in from the main book: two of them and five payments went across.
        let comparing = Reconciliation::new(Arc::new(SeveralBooks::new(split.both_books()?, "main")));
        let found = comparing.turn(clock::Timestamp::now()).await?;
        let [found] = found.as_slice() else { return Err(format!("{store}: {found:?}").into()) };
        assert_eq!((found.transfers, found.open, found.unmatched.len()), (count + 7, 0, 0), "{store}");
        // An even number of batches went either way.
        let [odd, even] = [BATCHES.div_ceil(2), BATCHES / 2].map(|batches| batches * BATCH * CLIENTS);
        let expected = |more: u64, less: u64| {
            let fen = BALANCE + i64::try_from(more).unwrap_or(0) - i64::try_from(less).unwrap_or(0);
            format!("{}.{:02}", fen / 100, fen % 100)
        };
        let [here, there] = [n1.sign_in(&split.client()).await?, s1.sign_in(&split.client()).await?];
        assert_eq!(balance(&here, n1).await?, expected(even, odd), "{store}");
        assert_eq!(balance(&there, s1).await?, expected(odd, even), "{store}");
        for book in split.both_books()? {
            let verified = book.ledger.verify().await?;
            assert!(verified.verified, "{store}, {}: {:?}", book.name, verified.fault);
        }
        split.stop().await?;
    }
    Ok(())
}
