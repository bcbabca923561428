//! One suite for every store: posting, reading, repeating, restarting, holds, and a second writer.

use std::sync::Arc;
use std::time::Duration;

use contracts::Unavailable;
use contracts::ledger::{Act, HistoryQuery, Ledger, Movement, Refusal, Transfer};
use futures_util::future::join;
use money::Side;

use super::kit::{Home, account, beginning, command, do_all, id, start, transfer};
use crate::SUBMISSION_MAX;
use crate::journal::memory::{Fault, MemoryJournal};

fn numbers(movements: &[Movement]) -> Vec<(u64, i64)> {
    movements.iter().map(|movement| (movement.number, movement.balance_after)).collect()
}

#[tokio::test]
async fn what_is_answered_is_there_after_a_restart() {
    for home in Home::everywhere().await {
        let ledger = home.open().await;
        do_all(&ledger, beginning(5)).await;
        let outcomes = do_all(&ledger, vec![command(100_001, Act::Transfer(transfer(2, 3, 250)))]).await;
        let applied = outcomes[0].as_ref().unwrap();
        assert_eq!((applied.balances[0].0, applied.balances[1].0), (account(2), account(3)));
        assert_eq!((applied.balances[0].1.posted(), applied.balances[1].1.posted()), (999_750, 1_000_250));
        let before = ledger.balances(&[account(1), account(2), account(3), account(99)]).await.unwrap();
        assert_eq!(before[3], None, "{}", home.name);
        ledger.stop().await;
        assert_eq!(ledger.submit(beginning(2)).await, Err(Unavailable::Stopping));

        let ledger = home.open().await;
        assert_eq!(
            ledger.balances(&[account(1), account(2), account(3), account(99)]).await.unwrap(),
            before,
            "{}",
            home.name
        );
        let again = do_all(&ledger, vec![command(100_001, Act::Transfer(transfer(2, 3, 250)))]).await;
        assert!(again[0].as_ref().unwrap().repeated);
        assert_eq!(again[0].as_ref().unwrap().at, applied.at);
        let other = do_all(&ledger, vec![command(100_001, Act::Transfer(transfer(2, 3, 251)))]).await;
        assert_eq!(other[0], Err(Refusal::IdReused));
        assert!(ledger.outcome(id(100_001)).await.unwrap().unwrap().is_ok());
        assert_eq!(ledger.outcome(id(100_002)).await.unwrap(), None);
        let verification = ledger.verify().await.unwrap();
        assert_eq!(verification.fault, None, "{}", home.name);
        ledger.stop().await;
    }
}

#[tokio::test]
async fn the_history_holds_everything_acknowledged_before_the_call() {
    for home in Home::everywhere().await {
        let ledger = home.open().await;
        do_all(&ledger, beginning(4)).await;
        for n in 0..30_u64 {
            let act = Act::Transfer(Transfer { code: n as u16, ..transfer(2, 3, 10 + n) });
            do_all(&ledger, vec![command(100_000 + u128::from(n), act)]).await;
            let newest = ledger.history(HistoryQuery::newest(account(2), 1)).await.unwrap();
            assert_eq!(newest[0].number, n + 2, "{}", home.name);
        }
        let page = HistoryQuery { before: Some(20), ..HistoryQuery::newest(account(3), 5) };
        let found = ledger.history(page).await.unwrap();
        assert_eq!(
            numbers(&found).iter().map(|(number, _)| *number).collect::<Vec<_>>(),
            [19, 18, 17, 16, 15]
        );
        let filtered = HistoryQuery {
            side: Some(Side::Credit),
            amount_min: Some(12),
            amount_max: Some(14),
            from: Some(found[0].booked_on),
            until: Some(found[0].booked_on),
            ..HistoryQuery::newest(account(3), 100)
        };
        let found = ledger.history(filtered.clone()).await.unwrap();
        assert_eq!(found.iter().map(|movement| movement.amount).collect::<Vec<_>>(), [14, 13, 12]);
        assert_eq!(found[0].counterparty, account(2));
        let debits = HistoryQuery { side: Some(Side::Debit), ..filtered.clone() };
        assert_eq!(ledger.history(debits).await.unwrap(), []);
        let later = HistoryQuery { from: Some(found[0].booked_on.next()), ..filtered };
        assert_eq!(ledger.history(later).await.unwrap(), []);
        assert_eq!(ledger.history(HistoryQuery::newest(account(77), 5)).await.unwrap(), []);

        let movement = ledger.movement(account(3), id(100_003)).await.unwrap().unwrap();
        assert_eq!((movement.side, movement.amount, movement.transfer), (Side::Credit, 13, id(100_003)));
        let other_side = ledger.movement(account(2), id(100_003)).await.unwrap().unwrap();
        assert_eq!((other_side.side, other_side.at), (Side::Debit, movement.at));
        assert_eq!(ledger.movement(account(4), id(100_003)).await.unwrap(), None);
        assert_eq!(ledger.movement(account(3), id(55)).await.unwrap(), None);
        let asked = [(3, 100_003), (4, 100_003), (77, 100_003), (2, 100_003), (3, 55)];
        let asked = asked.map(|(at, transfer)| (account(at), id(transfer)));
        let found = ledger.movements(&asked).await.unwrap();
        assert_eq!(found, [Some(movement), None, None, Some(other_side), None], "{}", home.name);
        ledger.stop().await;
    }
}

#[tokio::test]
async fn an_expired_hold_is_never_shown() {
    for home in Home::everywhere().await {
        let ledger = home.open().await;
        do_all(&ledger, beginning(3)).await;
        let until = start().saturating_add(Duration::from_secs(60)).unwrap();
        let hold = Transfer { hold_until: Some(until), ..transfer(2, 3, 400_000) };
        do_all(&ledger, vec![command(100_001, Act::Transfer(hold))]).await;
        let held = |balance: &[Option<contracts::ledger::Balance>]| balance[0].unwrap().debits_pending;
        assert_eq!(held(&ledger.balances(&[account(2)]).await.unwrap()), 400_000);
        home.clock.advance(Duration::from_secs(59));
        assert_eq!(held(&ledger.balances(&[account(2)]).await.unwrap()), 400_000);
        home.clock.advance(Duration::from_secs(1));
        assert_eq!(held(&ledger.balances(&[account(2)]).await.unwrap()), 0, "{}", home.name);
        assert_eq!(ledger.status().await.unwrap().holds, 0);
        let post = Act::PostHold { hold: id(100_001), amount: None };
        assert_eq!(do_all(&ledger, vec![command(100_002, post)]).await[0], Err(Refusal::HoldExpired));
        ledger.stop().await;
        let ledger = home.open().await;
        assert_eq!(ledger.verify().await.unwrap().fault, None, "{}", home.name);
        ledger.stop().await;
    }
}

#[tokio::test]
async fn however_many_holds_end_at_once_none_is_shown_or_posted() {
    let home = Home::memory(&MemoryJournal::default());
    let ledger = home.open().await;
    do_all(&ledger, beginning(3)).await;
    let until = start().saturating_add(Duration::from_secs(60)).unwrap();
    // More than one record can hold.
    let holds = (0..20_000).map(|n| {
        let hold = Transfer { hold_until: Some(until), ..transfer(2, 3, 1) };
        command(100_001 + n, Act::Transfer(hold))
    });
    do_all(&ledger, holds.collect()).await;
    assert_eq!(ledger.status().await.unwrap().holds, 20_000);
    home.clock.advance(Duration::from_secs(60));
    let post = command(200_000, Act::PostHold { hold: id(120_000), amount: None });
    let of = [account(2)];
    let (balances, outcomes) = tokio::join!(ledger.balances(&of), ledger.submit(vec![post]));
    assert_eq!(balances.unwrap()[0].unwrap().debits_pending, 0);
    assert_eq!(outcomes.unwrap()[0], Err(Refusal::HoldExpired));
    assert_eq!(ledger.verify().await.unwrap().fault, None);
    ledger.stop().await;
}

#[tokio::test]
async fn a_second_writer_makes_the_first_serve_nothing() {
    let mut homes = vec![Home::memory(&MemoryJournal::default())];
    // Nobody can open the SQLite file twice; on PostgreSQL the journal itself must hold.
    homes.extend(Home::everywhere().await.into_iter().filter(|home| home.name == "postgres"));
    for home in homes {
        let first = home.open().await;
        do_all(&first, beginning(3)).await;
        let second = home.open().await;
        let from_second = do_all(&second, vec![command(100_001, Act::Transfer(transfer(2, 3, 5)))]).await;
        assert!(from_second[0].is_ok());
        // Before it has appended anything that would be refused.
        assert_eq!(first.balances(&[account(2)]).await, Err(Unavailable::StoreFailed), "{}", home.name);
        let late = vec![command(100_002, Act::Transfer(transfer(2, 3, 7)))];
        assert!(first.submit(late.clone()).await.is_err(), "{}", home.name);
        assert_eq!(first.balances(&[account(2)]).await, Err(Unavailable::StoreFailed));
        assert!(first.health().is_err());
        let outcome = &do_all(&second, late).await[0];
        assert!(!outcome.as_ref().unwrap().repeated);
        let balance = second.balances(&[account(2)]).await.unwrap()[0].unwrap();
        assert_eq!(balance.posted(), 1_000_000 - 12);
        assert_eq!(second.verify().await.unwrap().fault, None);
        second.stop().await;
    }
}

/// The writer learns that it was superseded while it executes, with more waiting: that is answered, too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_for_a_superseded_writer_is_answered() {
    let journal = MemoryJournal::default();
    let home = Home::memory(&journal);
    let first = home.open().await;
    do_all(&first, beginning(3)).await;
    let second = home.open().await;
    let pay = |from: u128, count: u128| {
        first.submit((from..from + count).map(|n| command(n, Act::Transfer(transfer(2, 3, 1)))).collect())
    };
    // One batch cannot be settled while the head cannot be read. A large one is executed meanwhile, and lasts until
    // the test lets go of it.
    journal.inject([Fault::Lost]);
    journal.go_away(u32::MAX);
    let (executing, is_executing) = tokio::sync::oneshot::channel();
    let (let_go, held) = std::sync::mpsc::channel();
    let look = first.look(move |_| {
        executing.send(()).unwrap();
        held.recv().unwrap()
    });
    let meanwhile = async {
        is_executing.await.unwrap();
        let superseded = async {
            journal.go_away(0);
            while first.health() != Err("another writer has appended to the journal".to_owned()) {
                tokio::task::yield_now().await;
            }
            let_go.send(()).unwrap();
        };
        // Asked before it is known.
        join(pay(300_000, 1), superseded).await.0
    };
    let unclear = async {
        let answer = pay(100_000, 1);
        let settled = async {
            while first.health().is_ok() {
                tokio::task::yield_now().await;
            }
            let (seen, (large, late)) = join(look, join(pay(200_000, 2_000), meanwhile)).await;
            (seen, large, late)
        };
        join(answer, settled).await
    };
    let (answer, (seen, large, late)) = tokio::time::timeout(Duration::from_secs(60), unclear).await.unwrap();
    assert_eq!(answer, Err(Unavailable::StoreFailed));
    assert_eq!((seen, large), (Err(Unavailable::StoreFailed), Err(Unavailable::StoreFailed)));
    assert!(late.is_err());
    first.stop().await;
    second.stop().await;
}

#[tokio::test]
async fn one_process_at_a_time_opens_the_file() {
    let home = Home::sqlite();
    let first = home.open().await;
    do_all(&first, beginning(2)).await;
    assert!(home.try_open().await.is_err());
    first.stop().await;
    home.open().await.stop().await;
}

#[tokio::test]
async fn an_unclear_commit_is_kept_or_taken_back() {
    let journal = MemoryJournal::default();
    let home = Home::memory(&journal);
    let ledger = home.open().await;
    do_all(&ledger, beginning(3)).await;
    let pay = |n: u128| vec![command(100_000 + n, Act::Transfer(transfer(2, 3, 10)))];

    journal.inject([Fault::Ambiguous]);
    journal.go_away(2);
    assert!(ledger.submit(pay(1)).await.unwrap()[0].is_ok(), "it was appended");
    journal.inject([Fault::Lost]);
    assert!(ledger.submit(pay(2)).await.unwrap()[0].is_ok(), "the second try was appended");
    journal.inject([Fault::Lost, Fault::Ambiguous]);
    assert!(ledger.submit(pay(3)).await.unwrap()[0].is_ok(), "the second try was appended and not answered");
    let before = journal.rows().len();
    journal.inject([Fault::Lost, Fault::Lost]);
    assert_eq!(ledger.submit(pay(4)).await, Err(Unavailable::StoreFailed));
    assert_eq!(journal.rows().len(), before);
    let balance = ledger.balances(&[account(2)]).await.unwrap()[0].unwrap();
    assert_eq!(balance.posted(), 1_000_000 - 30);
    assert_eq!(ledger.outcome(id(100_004)).await.unwrap(), None, "what was taken back was never seen");
    let outcome = &ledger.submit(pay(4)).await.unwrap()[0];
    assert!(!outcome.as_ref().unwrap().repeated);
    assert_eq!(ledger.health(), Ok(()));
    assert_eq!(ledger.verify().await.unwrap().fault, None);
    ledger.stop().await;
}

/// A record that is looked up by itself is not followed to: its damage must show then.
#[tokio::test]
async fn an_id_whose_record_is_damaged_or_gone_is_neither_answered_nor_used_again() {
    let journal = MemoryJournal::default();
    let home = Home::memory(&journal);
    let pay = vec![command(100_001, Act::Transfer(transfer(2, 3, 10)))];
    let ledger = home.open().await;
    do_all(&ledger, beginning(3)).await;
    do_all(&ledger, pay.clone()).await;
    ledger.stop().await;
    let ledger = home.open().await;
    let sound = journal.rows();
    let record = sound.iter().position(|row| row.sequence == 3).unwrap();
    let mut flipped = sound.clone();
    let amount = flipped[record].record.len() - 8;
    flipped[record].record[amount] ^= 1;
    let mut gone = sound.clone();
    gone.remove(record);
    for damaged in [flipped, gone] {
        journal.replace(damaged);
        assert_eq!(ledger.submit(pay.clone()).await, Err(Unavailable::StoreFailed));
        assert_eq!(ledger.outcome(id(100_001)).await, Err(Unavailable::StoreFailed));
    }
    journal.replace(sound);
    assert!(ledger.submit(pay).await.unwrap()[0].as_ref().unwrap().repeated);
    assert_eq!(ledger.balances(&[account(3)]).await.unwrap()[0].unwrap().posted(), 1_000_010);
    ledger.stop().await;
}

#[tokio::test]
async fn a_store_that_is_away_does_not_keep_the_ledger_from_stopping() {
    let journal = MemoryJournal::default();
    let home = Home::memory(&journal);
    let ledger = home.open().await;
    do_all(&ledger, beginning(3)).await;
    journal.inject([Fault::Ambiguous]);
    journal.go_away(u32::MAX);
    let pay = vec![command(100_001, Act::Transfer(transfer(2, 3, 10)))];
    let (answer, ()) = tokio::join!(ledger.submit(pay.clone()), ledger.stop());
    assert_eq!(answer, Err(Unavailable::Stopping));
    // What was unclear is settled by the next start: it had been appended.
    journal.go_away(0);
    let ledger = home.open().await;
    assert!(ledger.submit(pay).await.unwrap()[0].as_ref().unwrap().repeated);
    assert_eq!(ledger.balances(&[account(3)]).await.unwrap()[0].unwrap().posted(), 1_000_010);
    ledger.stop().await;
}

/// Random faults under concurrent load: whatever was acknowledged is there once, whatever was not may be.
#[tokio::test]
async fn faults_under_load_lose_and_double_nothing() {
    let journal = MemoryJournal::default();
    let home = Home::memory(&journal);
    let ledger = home.open().await;
    do_all(&ledger, beginning(3)).await;
    let faults = [Fault::None, Fault::Ambiguous, Fault::Lost, Fault::Lost, Fault::Lost, Fault::None];
    journal.inject((0..400_usize).map(|n| faults[(n * n + n / 7) % faults.len()]));
    let callers = (0..20_u128).map(|caller| {
        let ledger = Arc::clone(&ledger);
        tokio::spawn(async move {
            for n in 0..30 {
                let pay = vec![command(200_000 + caller * 1_000 + n, Act::Transfer(transfer(2, 3, 1)))];
                while ledger.submit(pay.clone()).await.is_err() {}
            }
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        caller.await.unwrap();
    }
    let balance = ledger.balances(&[account(3)]).await.unwrap()[0].unwrap();
    assert_eq!(balance.posted(), 1_000_000 + 600);
    journal.heal();
    ledger.stop().await;
    let ledger = home.open().await;
    assert_eq!(ledger.balances(&[account(3)]).await.unwrap()[0].unwrap().posted(), 1_000_000 + 600);
    assert_eq!(ledger.verify().await.unwrap().fault, None);
    ledger.stop().await;
}

#[tokio::test]
async fn callers_beyond_the_queue_are_told_to_come_again() {
    let home = Home::memory(&MemoryJournal::default());
    let settings = crate::Settings { queue_commands: 8_190, ..crate::Settings::default() };
    let ledger = crate::open(home.stores().await.unwrap(), home.clock.clone(), &settings).await.unwrap();
    do_all(&ledger, beginning(2)).await;
    let pay = |n: u128| command(100_000 + n, Act::Transfer(transfer(1, 2, 1)));
    let many: Vec<_> = (0..SUBMISSION_MAX as u128).map(pay).collect();
    // Both are handed in before the writer has its turn: there is room for one.
    let (first, second) = tokio::join!(ledger.submit(many.clone()), ledger.submit(vec![pay(1_000_000)]));
    assert!(first.unwrap().iter().all(Result::is_ok));
    assert_eq!(second, Err(Unavailable::Overloaded));
    let too_many = [many, vec![pay(1_000_001)]].concat();
    assert_eq!(ledger.submit(too_many).await, Err(Unavailable::Overloaded));
    assert_eq!(ledger.submit(vec![]).await, Ok(vec![]));
    ledger.stop().await;
}

#[tokio::test]
async fn concurrent_callers_share_records() {
    for home in Home::everywhere().await {
        let ledger = home.open().await;
        do_all(&ledger, beginning(3)).await;
        let before = ledger.status().await.unwrap();
        let calls = (0..200_u128).map(|n| {
            let ledger = Arc::clone(&ledger);
            tokio::spawn(async move {
                ledger.submit(vec![command(100_000 + n, Act::Transfer(transfer(2, 3, 1)))]).await
            })
        });
        for call in calls.collect::<Vec<_>>() {
            assert!(call.await.unwrap().unwrap()[0].is_ok());
        }
        let after = ledger.status().await.unwrap();
        assert_eq!(after.transfers - before.transfers, 200);
        assert!(after.batches - before.batches < 100, "{}: {} records", home.name, after.batches);
        ledger.stop().await;
    }
}

#[tokio::test]
async fn what_was_accepted_is_finished_before_the_end() {
    let home = Home::sqlite();
    let ledger = home.open().await;
    do_all(&ledger, beginning(3)).await;
    let calls: Vec<_> = (0..50_u128)
        .map(|n| {
            let ledger = Arc::clone(&ledger);
            async move { ledger.submit(vec![command(100_000 + n, Act::Transfer(transfer(2, 3, 1)))]).await }
        })
        .collect();
    let (answers, ()) = tokio::join!(futures_util::future::join_all(calls), ledger.stop());
    assert!(answers.iter().all(|answer| answer.as_ref().is_ok_and(|outcomes| outcomes[0].is_ok())));
    let ledger = home.open().await;
    assert_eq!(ledger.balances(&[account(3)]).await.unwrap()[0].unwrap().posted(), 1_000_050);
    ledger.stop().await;
}

#[tokio::test]
async fn the_business_date_follows_the_calendar_of_china() {
    let home = Home::memory(&MemoryJournal::default());
    let ledger = home.open().await;
    ledger.advance_to_today().await.unwrap();
    assert_eq!(ledger.status().await.unwrap().business_date.to_string(), "2026-11-22");
    // 2026-11-22T02:00Z is 10:00 in China; midnight is fourteen hours away.
    home.clock.advance(Duration::from_secs(14 * 3_600 - 1));
    ledger.advance_to_today().await.unwrap();
    assert_eq!(ledger.status().await.unwrap().business_date.to_string(), "2026-11-22");
    home.clock.advance(Duration::from_secs(1));
    ledger.advance_to_today().await.unwrap();
    ledger.advance_to_today().await.unwrap();
    assert_eq!(ledger.status().await.unwrap().business_date.to_string(), "2026-11-23");
    let back = "2026-11-01".parse().unwrap();
    assert_eq!(
        crate::handle::advance_business_date(&*ledger, back).await.unwrap(),
        Err(Refusal::DateNotLater)
    );
    ledger.stop().await;
}
