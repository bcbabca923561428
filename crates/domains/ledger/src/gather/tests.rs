//! Whoever is gathered hears their own answers.

use std::sync::Arc;

use contracts::ledger::{Act, Command, Ledger, Refusal};

use super::{GATHERED_COMMANDS_MAX, Gather};
use crate::journal::memory::MemoryJournal;
use crate::tests::kit::{Home, beginning, command, do_all, transfer};

fn payments(from: u128, first: u128, count: u128) -> Vec<Command> {
    (0..count).map(|at| command(from << 64 | (first + at), Act::Transfer(transfer(from, 1, 1)))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_caller_hears_its_own_answers() {
    let home = Home::memory(&MemoryJournal::default());
    let ledger = home.open().await;
    do_all(&ledger, beginning(60)).await;
    let before = ledger.status().await.unwrap();
    let gather = Gather::new(Arc::clone(&ledger) as Arc<dyn Ledger>);
    let callers: Vec<_> = (2..=60_u128)
        .map(|from| {
            let gather = Arc::clone(&gather);
            tokio::spawn(async move {
                let mut left = 1_000_000;
                for call in 0..20_u128 {
                    let receipts = gather.post(payments(from, 1 + call * 10, 1 + from % 5)).await.unwrap();
                    assert_eq!(receipts.len(), 1 + from as usize % 5);
                    for receipt in receipts {
                        left -= 1;
                        assert_eq!(receipt.unwrap().debit_balance, Some(left));
                    }
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
    let after = ledger.status().await.unwrap();
    assert!(after.head_sequence - before.head_sequence < 59 * 20, "every call made a record of its own");
    ledger.stop().await;
}

/// A chain without an end is refused, not completed by whoever comes next.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_chain_is_nobodys_beginning() {
    let home = Home::memory(&MemoryJournal::default());
    let ledger = home.open().await;
    do_all(&ledger, beginning(3)).await;
    let gather = Gather::new(Arc::clone(&ledger) as Arc<dyn Ledger>);
    let mut open = payments(2, 1, 1);
    open[0].linked = true;
    assert!(!Gather::takes(&open));
    let (open, other) = tokio::join!(gather.post(open), gather.post(payments(3, 1, 1)));
    assert_eq!(open.unwrap(), [Err(Refusal::ChainOpen)]);
    assert!(other.unwrap()[0].is_ok());
    assert!(!Gather::takes(&payments(2, 1, 1 + GATHERED_COMMANDS_MAX as u128)));
    assert!(!Gather::takes(&[]));
    ledger.stop().await;
}
