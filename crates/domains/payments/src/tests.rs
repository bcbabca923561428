//! Payments as customers meet them, and what becomes of transfers that were cut off; on both databases.

mod approval;
mod book;
mod erasure;
mod neighbors;
mod recovery;
mod routes;

use std::sync::Arc;

use clock::ManualClock;
use contracts::accounts::{Accounts as _, Class, Right, State};
use contracts::identity::{Assurance, Channel, Principal, Session};
use contracts::ledger::{Act, Asset, Ledger as _, Limits, OpenAccount, codes, kinds};
use db::testing::Store;
use ids::{AccountId, CustomerId, DeviceId, PayeeId, SessionId};
use keys::Keys;
use money::{Currency, Money, Side};
use secrecy::Secret;
use tokio::sync::mpsc;

use self::book::Book;
use self::neighbors::{Desk, People, Pins};
use crate::error::PaymentsRefused;
use crate::model::tries::Tries;
use crate::service::{Done, Order, Shards, Target};
use crate::store::{Fate, Row};
use crate::{CustomerPayments, MIGRATIONS, Settings};

pub(crate) struct Bench {
    payments: Arc<CustomerPayments>,
    book: Arc<Book>,
    desk: Arc<Desk>,
    people: Arc<People>,
    pins: Arc<Pins>,
    clock: Arc<ManualClock>,
    fates: mpsc::Receiver<(Row, Fate)>,
    store: Store,
    /// Pays with [`Bench::from`]; has a second account.
    payer: CustomerId,
    from: AccountId,
    second: AccountId,
    /// 李四, 13800000002, number ending in 0002.
    payee: CustomerId,
    to: AccountId,
}

const PAYEE_NUMBER: &str = "6288990000000000002";

async fn benches() -> Vec<Bench> {
    let mut benches = Vec::new();
    for store in db::testing::stores().await.unwrap() {
        benches.push(bench(store).await);
    }
    benches
}

async fn bench(store: Store) -> Bench {
    db::outbox::MIGRATIONS.apply(&store.db).await.unwrap();
    MIGRATIONS.apply(&store.db).await.unwrap();
    let clock = Arc::new(ManualClock::new("2026-11-22T04:00:00Z".parse().unwrap()));
    let keys =
        Keys::open(&store.db, &store.folder.path().join("keys/bank.key"), clock.clone()).await.unwrap();
    let (book, desk) = (Arc::new(Book::default()), Arc::new(Desk::default()));
    let (people, pins) = (Arc::new(People::default()), Arc::new(Pins::default()));
    let settings = Settings { approval_from_fen: 20_000, ..Settings::default() };
    let (settled, fates) = mpsc::channel(1000);
    let payments = Arc::new(CustomerPayments {
        db: store.db.clone(),
        keys,
        clock: clock.clone(),
        accounts: desk.clone(),
        customers: people.clone(),
        identity: pins.clone(),
        ledger: book.clone(),
        checks: Tries::new(settings.payee_checks_hourly_max),
        third_party_checks: Tries::new(settings.third_party_checks_hourly_max),
        misses: Tries::new(settings.payee_misses_hourly_max),
        filling: Shards::new(),
        settled,
        settings,
    });
    let (payer, payee) = (people.add("张三", "13800000001"), people.add("李四", "13800000002"));
    let none = AccountId::mint();
    let mut bench = Bench {
        payments,
        book,
        desk,
        people,
        pins,
        clock,
        fates,
        store,
        payer,
        from: none,
        second: none,
        payee,
        to: none,
    };
    bench.from = bench.account(payer, "6288990000000000001", Currency::CNY, Class::I, 100_000).await;
    bench.second = bench.account(payer, "6288990000000000003", Currency::CNY, Class::II, 0).await;
    bench.to = bench.account(payee, PAYEE_NUMBER, Currency::CNY, Class::I, 0).await;
    bench
}

impl Bench {
    async fn account(
        &self,
        owner: CustomerId,
        number: &str,
        currency: Currency,
        class: Class,
        minor: u64,
    ) -> AccountId {
        let account = self.desk.add(owner, number, currency, class);
        let open = OpenAccount {
            account,
            asset: Asset::from(currency),
            normal: Side::Credit,
            kind: kinds::CURRENT,
            floor: Some(0),
            limits: Limits { per_transfer: Some(50_000), per_day: Some(80_000), per_month: Some(90_000) },
        };
        self.book.one(Act::OpenAccount(open)).await.unwrap();
        if minor > 0 {
            let vault = self.book.vault(Asset::from(currency)).await;
            self.book.pay(vault, account, minor, codes::CASH_DEPOSIT).await;
        }
        account
    }

    fn order(&self, minor: i64) -> Order {
        Order {
            from: self.from,
            to: Target::Number(PAYEE_NUMBER.to_owned()),
            name: Some("李四".to_owned()),
            amount: Money::new(minor, Currency::CNY),
            memo: "房租".to_owned(),
            approval: None,
        }
    }

    async fn pay(&self, key: u8, order: Order) -> Result<Done, PaymentsRefused> {
        self.pay_as(self.payer, key, order, "135790").await
    }

    async fn pay_as(
        &self,
        who: CustomerId,
        key: u8,
        order: Order,
        pin: &str,
    ) -> Result<Done, PaymentsRefused> {
        let pin = Secret::new(pin.to_owned());
        self.payments.transfer(&session(who), who, [key; 16], order, &pin).await
    }

    async fn pay_in(&self, session: &Session, key: u8, order: Order) -> Result<Done, PaymentsRefused> {
        let pin = Secret::new("135790".to_owned());
        self.payments.transfer(session, self.payer, [key; 16], order, &pin).await
    }

    /// Writes the fates that wait, as the loop would.
    async fn settle(&mut self) {
        let mut batch = Vec::new();
        while let Ok(one) = self.fates.try_recv() {
            batch.push(one);
        }
        self.payments.settle_batch(batch).await;
    }

    async fn topics(&self) -> Vec<String> {
        db::outbox::waiting(&self.store.db, None, 100)
            .await
            .unwrap()
            .into_iter()
            .map(|event| event.topic)
            .collect()
    }
}

fn session(who: CustomerId) -> Session {
    let now = clock::Timestamp::UNIX_EPOCH;
    Session {
        id: SessionId::mint(),
        principal: Principal::Customer(who),
        channel: Channel::App,
        device: DeviceId::mint(),
        assurance: Assurance::OneFactor,
        started_at: now,
        expires_at: now,
        device_key: None,
        emergency_until: None,
    }
}

/// The code that a refusal has on the wire.
fn code<T>(answer: &Result<T, PaymentsRefused>) -> &'static str {
    answer.as_ref().map_or_else(|refused| http::Refusal::consequence(refused).code, |_| "")
}

#[tokio::test]
async fn a_transfer_moves_money_once_and_tells_both_sides() {
    for mut bench in benches().await {
        let done = bench.pay(1, bench.order(12_30)).await.unwrap();
        assert_eq!(done.balance.unwrap().to_string(), "987.70 CNY");
        assert_eq!((done.words.payee_name_masked.as_str(), done.verification_code.len()), ("*四", 19));
        let again = bench.pay_as(bench.payer, 1, bench.order(12_30), "000000").await.unwrap();
        assert_eq!((again.row.id, again.posted), (done.row.id, done.posted), "a retry needs no PIN");
        assert_eq!((bench.book.posted(bench.from), bench.book.posted(bench.to)), (98_770, 1_230));
        let told = bench.desk.narratives.lock().unwrap().clone();
        let payer = &told[&(bench.from, done.row.transfer)];
        let payee = &told[&(bench.to, done.row.transfer)];
        assert_eq!((payer.counterparty_name.as_str(), payer.memo.as_str()), ("李四", "房租"));
        assert_eq!(payer.counterparty_account, "6288 **** **** 0002");
        assert_eq!(
            (payee.counterparty_name.as_str(), payee.counterparty_account.as_str()),
            ("张三", "6288 **** **** 0001")
        );
        bench.settle().await;
        bench.settle().await;
        assert_eq!(bench.topics().await, ["payments.transfer_posted"]);
        let found = bench.payments.look_up(bench.payer, done.row.id).await.unwrap();
        assert_eq!((found.posted, found.refusal), (done.posted, None));
        let stranger = bench.payments.look_up(bench.payee, done.row.id).await;
        assert_eq!(code(&stranger), "not_found");
    }
}

#[tokio::test]
async fn the_same_key_with_other_content_is_refused() {
    for bench in benches().await {
        bench.pay(1, bench.order(100)).await.unwrap();
        let base = bench.order(100);
        for other in [
            bench.order(101),
            Order { memo: "其他".to_owned(), ..base.clone() },
            Order { to: Target::Account(bench.second), ..base.clone() },
            Order { name: None, ..base.clone() },
            Order { from: bench.second, ..base.clone() },
        ] {
            assert_eq!(code(&bench.pay(1, other.clone()).await), "idempotency_key_reused", "{other:?}");
        }
        // Another customer may use the same key.
        let back = Order {
            from: bench.to,
            to: Target::Phone("13800000001".to_owned()),
            name: Some("张三".to_owned()),
            ..bench.order(100)
        };
        bench.pay_as(bench.payee, 1, back, "135790").await.unwrap();
        assert_eq!((bench.book.posted(bench.from), bench.book.posted(bench.to)), (100_000, 0));
    }
}

#[tokio::test]
async fn the_table_of_refusals_moves_nothing() {
    for bench in benches().await {
        let dollars = bench.account(bench.payer, "6288990000000000004", Currency::USD, Class::I, 5_000).await;
        let closed = bench.account(bench.payee, "6288990000000000005", Currency::CNY, Class::II, 0).await;
        bench.desk.set_state(closed, State::Closed);
        let base = bench.order(100);
        let number = |text: &str| Target::Number(text.to_owned());
        let rows = [
            (Order { amount: Money::new(100_001, Currency::CNY), ..base.clone() }, "limit_per_transfer"),
            (Order { from: bench.to, ..base.clone() }, "not_found"),
            (Order { from: AccountId::mint(), ..base.clone() }, "not_found"),
            (Order { from: dollars, ..base.clone() }, "currency_mismatch"),
            (
                Order { from: dollars, amount: Money::new(100, Currency::USD), ..base.clone() },
                "currency_mismatch",
            ),
            (Order { to: number("6288990000000000009"), ..base.clone() }, "payee_unknown"),
            (Order { to: number("6288990000000000005"), ..base.clone() }, "payee_account_closed"),
            (Order { to: Target::Phone("13811111111".to_owned()), ..base.clone() }, "payee_unknown"),
            (Order { to: Target::Account(bench.to), ..base.clone() }, "payee_unknown"),
            (Order { to: Target::Account(bench.from), ..base.clone() }, "same_account"),
            (Order { to: Target::Payee(PayeeId::mint()), ..base.clone() }, "payee_unknown"),
            (Order { name: Some("李五".to_owned()), ..base.clone() }, "payee_name_mismatch"),
            (Order { name: None, ..base.clone() }, "invalid_field"),
            (Order { from: bench.second, ..base.clone() }, "insufficient_funds"),
        ];
        for (at, (order, expected)) in rows.into_iter().enumerate() {
            let answer = bench.pay(u8::try_from(at).unwrap() + 10, order.clone()).await;
            assert_eq!(code(&answer), expected, "{order:?} {answer:?}");
        }
        for (pin, expected) in [("000000", "pin_wrong"), ("", "pin_wrong")] {
            assert_eq!(code(&bench.pay_as(bench.payer, 50, bench.order(100), pin).await), expected);
        }
        // A mistyped PIN spoils no key.
        bench.pay(50, bench.order(100)).await.unwrap();
        bench.pins.locked.lock().unwrap().push(bench.payer);
        assert_eq!(code(&bench.pay(51, bench.order(100)).await), "pin_locked");
        bench.pins.missing.lock().unwrap().push(bench.payer);
        assert_eq!(code(&bench.pay(52, bench.order(100)).await), "pin_not_set");
        assert_eq!(bench.book.posted(bench.from), 99_900);
    }
}

#[tokio::test]
async fn states_of_an_account_stop_what_leaves_it() {
    for bench in benches().await {
        for (at, state, expected) in [
            (1, State::Frozen, "account_frozen"),
            (2, State::Dormant, "account_dormant"),
            (3, State::Closed, "account_closed"),
        ] {
            bench.desk.set_state(bench.from, state);
            assert_eq!(code(&bench.pay(at, bench.order(100)).await), expected);
        }
        bench.desk.set_state(bench.from, State::Active);
        // Frozen in the ledger a moment ago: the ledger decides.
        bench.book.one(Act::SetFreeze { account: bench.from, debits: true, credits: false }).await.unwrap();
        assert_eq!(code(&bench.pay(4, bench.order(100)).await), "account_frozen");
        bench.book.one(Act::SetFreeze { account: bench.from, debits: false, credits: false }).await.unwrap();
        assert_eq!(
            code(&bench.pay(4, bench.order(100)).await),
            "account_frozen",
            "a refused key stays refused"
        );
        bench.pay(5, bench.order(100)).await.unwrap();
    }
}

#[tokio::test]
async fn limits_name_what_was_hit_and_do_not_bind_own_accounts() {
    for bench in benches().await {
        bench.pay(1, bench.order(50_000)).await.unwrap();
        for (key, minor, expected, limit, used) in [
            (2, 50_001, "limit_per_transfer", "500.00 CNY", "0.00 CNY"),
            (3, 30_001, "limit_per_day", "800.00 CNY", "500.00 CNY"),
        ] {
            let Err(PaymentsRefused::Transfer { word, limit: Some(hit) }) =
                bench.pay(key, bench.order(minor)).await
            else {
                panic!("{expected}");
            };
            assert_eq!(
                (word, hit.0.to_string().as_str(), hit.1.to_string().as_str()),
                (expected, limit, used)
            );
        }
        let own = Order { to: Target::Account(bench.second), name: None, ..bench.order(50_000) };
        bench.pay(4, own).await.unwrap();
        assert_eq!((bench.book.posted(bench.from), bench.book.posted(bench.second)), (0, 50_000));
    }
}

#[tokio::test]
async fn classes_ii_and_iii_have_bounds_of_the_year_and_of_the_balance() {
    for bench in benches().await {
        let third =
            bench.account(bench.payee, "6288990000000000006", Currency::CNY, Class::III, 190_000).await;
        let to_third =
            |minor| Order { to: Target::Number("6288990000000000006".to_owned()), ..bench.order(minor) };
        assert_eq!(code(&bench.pay(1, to_third(10_001)).await), "payee_balance_limit");
        bench.pay(2, to_third(10_000)).await.unwrap();
        assert_eq!(bench.book.posted(third), 200_000);
        // Class III: ¥50,000 a year.
        let own =
            bench.account(bench.payer, "6288990000000000007", Currency::CNY, Class::III, 9_000_000).await;
        let free = Limits { per_transfer: None, per_day: None, per_month: None };
        bench.book.one(Act::SetLimits { account: own, limits: free }).await.unwrap();
        let from_own = |minor| Order { from: own, ..bench.order(minor) };
        bench.pay(3, from_own(4_999_999)).await.unwrap();
        let Err(PaymentsRefused::Transfer { word, limit: Some(hit) }) = bench.pay(4, from_own(2)).await
        else {
            panic!("above the year");
        };
        assert_eq!((word, hit.1.to_string().as_str()), ("limit_per_year", "49999.99 CNY"));
        bench.pay(5, from_own(1)).await.unwrap();
        assert!(bench.pay(5, from_own(1)).await.is_ok(), "a repeated key is answered as before");
    }
}

#[tokio::test]
async fn who_was_granted_may_move_and_who_may_see_may_not() {
    for bench in benches().await {
        let own = Order { to: Target::Account(bench.to), name: None, ..bench.order(100) };
        let as_payee = async |key| bench.pay_as(bench.payee, key, own.clone(), "135790").await;
        assert_eq!(code(&as_payee(1).await), "not_found");
        bench.desk.grant_many(vec![(bench.from, bench.payee, Right::See)]).await.unwrap();
        assert_eq!(code(&as_payee(2).await), "not_allowed");
        bench.desk.grant_many(vec![(bench.from, bench.payee, Right::Move)]).await.unwrap();
        let done = as_payee(3).await.unwrap();
        assert!(!done.row.own, "it leaves its owner and counts toward limits");
        assert_eq!(bench.book.balances(&[bench.from]).await.unwrap()[0].unwrap().used.day, 100);
        assert_eq!(done.row.payer, bench.payer);
    }
}

#[tokio::test]
async fn twenty_at_once_under_one_key_move_money_once() {
    for bench in benches().await {
        let bench = Arc::new(bench);
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let bench = Arc::clone(&bench);
                tokio::spawn(async move { bench.pay(7, bench.order(1_000)).await.unwrap().row.transfer })
            })
            .collect();
        let mut transfers = Vec::new();
        for task in tasks {
            transfers.push(task.await.unwrap());
        }
        transfers.dedup();
        assert_eq!(transfers.len(), 1, "{}", bench.store.name);
        assert_eq!(bench.book.posted(bench.to), 1_000);
    }
}

#[tokio::test]
async fn of_two_spends_of_the_same_money_one_is_refused() {
    for bench in benches().await {
        let bench = Arc::new(bench);
        let vault = bench.book.vault(Asset::from(Currency::CNY)).await;
        bench.book.pay(bench.from, vault, 60_000, codes::CASH_WITHDRAWAL).await;
        let spend = |key| {
            let bench = Arc::clone(&bench);
            tokio::spawn(async move { code(&bench.pay(key, bench.order(25_000)).await) })
        };
        let (first, second) = (spend(1), spend(2));
        let mut codes = [first.await.unwrap(), second.await.unwrap()];
        codes.sort_unstable();
        assert_eq!(codes, ["", "insufficient_funds"]);
        assert_eq!(bench.book.posted(bench.from), 15_000);
    }
}

#[tokio::test]
async fn a_phone_stands_for_the_best_account_of_the_currency() {
    for bench in benches().await {
        bench.account(bench.payee, "6288990000000000010", Currency::CNY, Class::II, 0).await;
        let dollars = bench.account(bench.payee, "6288990000000000011", Currency::USD, Class::II, 0).await;
        let mine = bench.account(bench.payer, "6288990000000000012", Currency::USD, Class::I, 5_000).await;
        let to_phone = Order { to: Target::Phone("13800000002".to_owned()), ..bench.order(100) };
        assert_eq!(bench.pay(1, to_phone.clone()).await.unwrap().row.to, bench.to);
        let in_dollars = Order { from: mine, amount: Money::new(100, Currency::USD), ..to_phone };
        assert_eq!(bench.pay(2, in_dollars).await.unwrap().row.to, dollars);
    }
}

#[tokio::test]
async fn name_checks_answer_masked_and_only_so_often() {
    for bench in benches().await {
        let long = bench.people.add("欧阳小明", "13800000009");
        bench.account(long, "6288990000000000013", Currency::CNY, Class::I, 0).await;
        let number = Target::Number("6288990000000000013".to_owned());
        let check = async |target: &Target, name: &str| {
            bench.payments.check_name(bench.payer, target, name, Currency::CNY).await
        };
        for (name, word, masked) in
            [("欧阳小明", "match", "***明"), ("欧阳晓明", "close", "***明"), ("王小明", "no_match", "")]
        {
            let answer = check(&number, name).await.unwrap();
            assert_eq!((answer.likeness.word(), answer.masked_name.as_str()), (word, masked), "{name}");
            assert_eq!(answer.masked_account.is_empty(), word == "no_match");
        }
        for _ in 0..9 {
            let unknown = check(&Target::Number("6288990000000009999".to_owned()), "欧阳小明").await;
            assert_eq!(code(&unknown), "payee_unknown");
        }
        assert_eq!(code(&check(&number, "欧阳小明").await), "too_many_tries");
        assert_eq!(code(&bench.pay(1, bench.order(100)).await), "too_many_tries", "nor by trying transfers");
        let saved = Order { to: Target::Account(bench.second), name: None, ..bench.order(100) };
        bench.pay(2, saved).await.unwrap();
        bench.clock.advance(std::time::Duration::from_secs(3_601));
        assert_eq!(check(&number, "欧阳小明").await.unwrap().likeness.word(), "match");
    }
}

#[tokio::test]
async fn payees_are_saved_once_and_paid_by_their_saved_name() {
    for bench in benches().await {
        let number = Target::Number(PAYEE_NUMBER.to_owned());
        let save = async |name: &str, nickname: &str| {
            bench.payments.save_payee(bench.payer, number.clone(), name, nickname).await
        };
        assert_eq!(code(&save("李五", "").await), "payee_name_mismatch");
        let saved = save("李四", "房东").await.unwrap();
        assert_eq!(save("李四", "李房东").await.unwrap().id, saved.id);
        bench
            .payments
            .save_payee(bench.payer, Target::Phone("13800000002".to_owned()), "李四", "")
            .await
            .unwrap();
        bench.clock.advance(std::time::Duration::from_secs(1));
        let order = Order { to: Target::Payee(saved.id), name: None, ..bench.order(100) };
        bench.pay(1, order.clone()).await.unwrap();
        let payees = bench.payments.payees(bench.payer).await.unwrap();
        let listed: Vec<_> = payees.iter().map(|one| (one.nickname.clone(), one.masked())).collect();
        assert_eq!(
            listed,
            [
                ("李房东".to_owned(), "6288 **** **** 0002".to_owned()),
                (String::new(), "138****0002".to_owned()),
            ]
        );
        // Somebody else's payee is unknown.
        assert_eq!(code(&bench.payments.remove_payee(bench.payee, saved.id).await), "not_found");
        bench.payments.remove_payee(bench.payer, saved.id).await.unwrap();
        assert_eq!(code(&bench.pay(2, order).await), "payee_unknown");
    }
}

#[tokio::test]
async fn standing_orders_are_taken_over_once() {
    use contracts::payments::{Payments as _, StandingOrder};
    for bench in benches().await {
        let order = |account| StandingOrder {
            id: ids::StandingOrderId::mint(),
            account,
            payee_bank: "YZ".to_owned(),
            payee_account: "87144583".to_owned(),
            amount: Money::new(245_200, Currency::CZK),
            code: codes::HOUSEHOLD,
            from: None,
        };
        let orders = vec![order(bench.from), order(bench.to), order(AccountId::mint())];
        for _ in 0..2 {
            bench.payments.import_standing_orders(orders.clone()).await.unwrap();
        }
        let reader = bench.store.db.reader();
        let sql = "SELECT COUNT(*) FROM payments_standing_order";
        let statement = crate::store::statement(reader, sql, []);
        let counted = sea_orm::ConnectionTrait::query_one_raw(reader, statement).await.unwrap().unwrap();
        assert_eq!(counted.try_get_by_index::<i64>(0).unwrap(), 2, "an order of no account is nobody's");
    }
}
