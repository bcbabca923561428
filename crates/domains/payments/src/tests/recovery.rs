//! Transfers that were cut off at each point reach their end by themselves.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::{benches, code};
use crate::service::Order;
use crate::service::Target;

#[tokio::test]
async fn cut_off_before_the_ledger_or_before_its_answer_it_is_posted_once() {
    for mut bench in benches().await {
        for (key, before) in [(1, true), (2, false)] {
            let counter = if before { &bench.book.fail_before } else { &bench.book.fail_after };
            counter.store(1, Ordering::SeqCst);
            assert_eq!(code(&bench.pay(key, bench.order(1_000)).await), "unavailable");
        }
        assert_eq!(bench.book.posted(bench.to), 1_000, "the second was posted, its answer lost");
        bench.clock.advance(Duration::from_secs(10));
        assert_eq!(bench.payments.recover(Duration::from_secs(5)).await.unwrap(), 2);
        assert_eq!(bench.payments.recover(Duration::from_secs(5)).await.unwrap(), 0);
        assert_eq!(bench.book.posted(bench.to), 2_000);
        // The client that asks again learns of it and moves nothing.
        for key in [1, 2] {
            let done = bench.pay(key, bench.order(1_000)).await.unwrap();
            assert_eq!(bench.desk.told(done.row.transfer), 2);
        }
        bench.settle().await;
        assert_eq!(bench.book.posted(bench.to), 2_000);
        assert_eq!(bench.topics().await, ["payments.transfer_posted"; 2]);
    }
}

#[tokio::test]
async fn the_client_that_asks_again_finishes_it_before_the_loop_does() {
    for mut bench in benches().await {
        bench.book.fail_before.store(1, Ordering::SeqCst);
        assert_eq!(code(&bench.pay(1, bench.order(1_000)).await), "unavailable");
        bench.pay(1, bench.order(1_000)).await.unwrap();
        bench.settle().await;
        bench.clock.advance(Duration::from_secs(60));
        assert_eq!(bench.payments.recover(Duration::ZERO).await.unwrap(), 0);
        assert_eq!((bench.book.posted(bench.to), bench.topics().await.len()), (1_000, 1));
    }
}

#[tokio::test]
async fn both_sides_are_told_though_telling_failed_at_first() {
    for mut bench in benches().await {
        bench.desk.fail_telling.store(1, Ordering::SeqCst);
        let done = bench.pay(1, bench.order(1_000)).await.unwrap();
        assert_eq!((bench.desk.told(done.row.transfer), done.verification_code.as_str()), (0, ""));
        bench.settle().await;
        assert_eq!(bench.topics().await.len(), 0, "it is not settled before both sides are told");
        bench.clock.advance(Duration::from_secs(10));
        assert_eq!(bench.payments.recover(Duration::from_secs(5)).await.unwrap(), 1);
        assert_eq!((bench.desk.told(done.row.transfer), bench.topics().await.len()), (2, 1));
    }
}

#[tokio::test]
async fn what_the_ledger_refused_is_refused_for_ever() {
    for mut bench in benches().await {
        let poor = Order { from: bench.second, ..bench.order(1_000) };
        assert_eq!(code(&bench.pay(1, poor.clone()).await), "insufficient_funds");
        bench.settle().await;
        bench
            .pay(2, Order { to: Target::Account(bench.second), name: None, ..bench.order(5_000) })
            .await
            .unwrap();
        assert_eq!(code(&bench.pay(1, poor.clone()).await), "insufficient_funds", "the key stays refused");
        bench.pay(3, poor).await.unwrap();
        bench.settle().await;
        assert_eq!(bench.topics().await.len(), 2);
    }
}

#[tokio::test]
async fn after_a_long_outage_nothing_is_posted_behind_the_payers_back() {
    for bench in benches().await {
        bench.book.fail_before.store(1, Ordering::SeqCst);
        assert_eq!(code(&bench.pay(1, bench.order(1_000)).await), "unavailable");
        bench.clock.advance(Duration::from_secs(3 * 24 * 3_600));
        assert_eq!(bench.payments.recover(Duration::from_secs(5)).await.unwrap(), 1);
        assert_eq!(bench.book.posted(bench.to), 0);
        assert_eq!(code(&bench.pay(1, bench.order(1_000)).await), "transfer_expired");
        assert_eq!(bench.book.posted(bench.to), 0);
        assert_eq!(bench.topics().await.len(), 0);
    }
}
