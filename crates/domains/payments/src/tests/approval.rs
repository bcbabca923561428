//! Large transfers are approved by those who have something to approve with.

use contracts::identity::{ApprovalUse, Channel, Session};
use ids::ApprovalId;

use super::{Bench, benches, code, session};
use crate::error::PaymentsRefused;
use crate::service::{Order, Target};

/// From here on it is large in these tests, fen.
const LARGE: i64 = 20_000;

impl Bench {
    /// Orders, is asked for an approval, and gives its id.
    async fn asked(&self, key: u8, order: Order) -> ApprovalId {
        match self.pay(key, order).await {
            Err(PaymentsRefused::ApprovalNeeded(asked)) => asked.id,
            other => panic!("an approval is asked for, not {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_large_transfer_waits_for_its_payers_word() {
    for bench in benches().await {
        bench.pay(1, bench.order(LARGE)).await.unwrap();
        bench.pins.with_passkey.lock().unwrap().push(bench.payer);
        bench.pay(2, bench.order(100)).await.unwrap();
        let own = Order { to: Target::Account(bench.second), name: None, ..bench.order(100) };
        bench.pay(3, own).await.unwrap();
        let before = bench.book.posted(bench.from);

        let order = bench.order(LARGE - 100);
        assert_eq!(code(&bench.pay_as(bench.payer, 4, bench.order(LARGE), "000000").await), "pin_wrong");
        assert!(bench.pins.approvals.lock().unwrap().is_empty(), "nobody is asked before the PIN is right");
        bench.pay(5, order).await.unwrap();
        let approval = bench.asked(6, bench.order(LARGE)).await;
        {
            let approvals = bench.pins.approvals.lock().unwrap();
            let terms = &approvals.last().unwrap().1;
            assert_eq!((terms.payee.as_str(), terms.account.as_str()), ("李四", super::PAYEE_NUMBER));
            assert_eq!((terms.amount.as_str(), terms.currency.as_str()), ("200.00", "CNY"));
            assert_eq!(terms.from, "6288990000000000001");
        }
        let with = |order: Order| Order { approval: Some(approval), ..order };
        for (came, refused) in [
            (ApprovalUse::Waiting, "approval_waiting"),
            (ApprovalUse::Refused, "approval_refused"),
            (ApprovalUse::Expired, "approval_expired"),
            (ApprovalUse::Other, "approval_other"),
        ] {
            bench.pins.decide(came);
            assert_eq!(code(&bench.pay(6, with(bench.order(LARGE))).await), refused);
        }
        bench.pins.decide(ApprovalUse::Approved);
        let unknown = Order { approval: Some(ApprovalId::mint()), ..bench.order(LARGE) };
        assert_eq!(code(&bench.pay(6, unknown).await), "not_found");
        // What was approved is not this.
        for other in [
            bench.order(LARGE + 1),
            Order { memo: "其他".to_owned(), ..bench.order(LARGE) },
            Order { from: bench.second, ..bench.order(LARGE) },
            Order { to: Target::Phone("13800000002".to_owned()), ..bench.order(LARGE) },
        ] {
            assert_eq!(code(&bench.pay(6, with(other.clone())).await), "approval_other", "{other:?}");
        }
        let small = i128::from(LARGE - 100);
        assert_eq!(bench.book.posted(bench.from), before - small, "nothing moved but what was small");
        bench.pay(6, with(bench.order(LARGE))).await.unwrap();
        assert_eq!(bench.book.posted(bench.from), before - small - i128::from(LARGE));
    }
}

#[tokio::test]
async fn what_is_ordered_outside_the_app_is_approved_in_it_whatever_its_amount() {
    for bench in benches().await {
        let own = |amount| Order { to: Target::Account(bench.second), name: None, ..bench.order(amount) };
        for (key, channel) in [(1, Channel::MiniProgram), (3, Channel::Phone)] {
            let from = Session { channel, ..session(bench.payer) };
            for (key, order) in [(key, bench.order(1)), (key + 1, own(1))] {
                assert_eq!(code(&bench.pay_in(&from, key, order.clone()).await), "approval_impossible");
                bench.pins.with_passkey.lock().unwrap().push(bench.payer);
                let Err(PaymentsRefused::ApprovalNeeded(asked)) =
                    bench.pay_in(&from, key, order.clone()).await
                else {
                    panic!("an approval is asked for in {channel:?}");
                };
                let approved = Order { approval: Some(asked.id), ..order };
                assert_eq!(code(&bench.pay_in(&from, key, approved.clone()).await), "approval_waiting");
                bench.pins.decide(ApprovalUse::Approved);
                bench.pay_in(&from, key, approved).await.unwrap();
                bench.pins.with_passkey.lock().unwrap().clear();
            }
        }
        assert_eq!(code(&bench.pay(9, bench.order(1)).await), "", "in the app a small one needs none");
    }
}
