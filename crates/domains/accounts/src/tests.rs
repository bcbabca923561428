//! Accounts as their owners, their neighbors and staff meet them, on both databases.

mod book;
mod people;
mod receipts;
mod routes;

use std::collections::HashSet;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use clock::{Clock as _, ManualClock};
use contracts::accounts::{Account, Accounts, Class, Narrative, OpenRefused, OpenRequest, Right, State};
use contracts::customers::Erased;
use contracts::ledger::{Asset, HistoryQuery, Ledger as _, codes};
use db::outbox::Event;
use db::testing::Store;
use ids::{AccountId, CustomerId, StaffId};
use keys::{Keys, Subject};
use money::Currency;

use self::book::Book;
use self::people::People;
use crate::briefs::Briefs;
use crate::error::AccountsRefused;
use crate::model::number;
use crate::model::state::Change;
use crate::receipt::font::ReceiptFont;
use crate::service::{Filter, TextIs};
use crate::{DepositAccounts, MIGRATIONS, Settings};

pub(crate) struct Bench {
    pub(crate) accounts: Arc<DepositAccounts>,
    pub(crate) book: Arc<Book>,
    pub(crate) people: Arc<People>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) keys: Keys,
    pub(crate) store: Store,
}

pub(crate) async fn benches() -> Vec<Bench> {
    let mut benches = Vec::new();
    for store in db::testing::stores().await.unwrap() {
        db::outbox::MIGRATIONS.apply(&store.db).await.unwrap();
        MIGRATIONS.apply(&store.db).await.unwrap();
        let clock = Arc::new(ManualClock::new("2026-11-22T04:00:00Z".parse().unwrap()));
        let key_file = store.folder.path().join("keys/bank.key");
        let keys = Keys::open(&store.db, &key_file, clock.clone()).await.unwrap();
        let (book, people) = (Arc::new(Book::default()), Arc::new(People::default()));
        let accounts = Arc::new(DepositAccounts {
            db: store.db.clone(),
            keys: keys.clone(),
            clock: clock.clone(),
            customers: people.clone(),
            ledger: book.clone(),
            settings: Settings::default().check().unwrap(),
            font: ReceiptFont::new(&Settings::default(), None),
            briefs: Briefs::with_capacity(1000, false),
            registered: Mutex::new(HashSet::new()),
        });
        benches.push(Bench { accounts, book, people, clock, keys, store });
    }
    benches
}

pub(crate) fn request(customer: CustomerId, class: Class) -> OpenRequest {
    OpenRequest {
        id: AccountId::mint(),
        customer,
        currency: Currency::CNY,
        class,
        number: None,
        nickname: "日常".to_owned(),
        opened_on: None,
        overdraft_minor: 0,
    }
}

impl Bench {
    pub(crate) async fn opened(&self, customer: CustomerId) -> Account {
        self.accounts.open(request(customer, Class::II)).await.unwrap()
    }

    /// Pays `count` amounts of 1, 2, 3, … fen into an account, each with a memo.
    async fn salaries(&self, account: &Account, count: u64) {
        let vault = self.book.vault(Asset::from(account.currency)).await;
        let mut narratives = Vec::new();
        for amount in 1..=count {
            let transfer = self.book.pay(vault, account.id, amount, codes::SALARY).await;
            narratives.push(Narrative {
                account: account.id,
                transfer,
                counterparty_name: "远行科技".to_owned(),
                counterparty_account: "6288 **** **** 0421".to_owned(),
                counterparty_bank: String::new(),
                memo: format!("第{amount}笔 Salary"),
            });
        }
        self.accounts.record_narratives(narratives.clone()).await.unwrap();
        self.accounts.record_narratives(narratives).await.unwrap();
    }
}

#[tokio::test]
async fn opening_twice_opens_once_here_and_in_the_ledger() {
    for bench in benches().await {
        let owner = bench.people.add("张三", "13800000001");
        let request = request(owner, Class::II);
        let first = bench.accounts.open(request.clone()).await.unwrap();
        assert_eq!(first, bench.accounts.open(request.clone()).await.unwrap(), "{}", bench.store.name);
        assert_eq!(number::parse(&first.number), Some(first.number.clone()));
        assert!(first.number.starts_with("628899"));
        assert_eq!(bench.accounts.by_number(&first.number).await.unwrap(), Some(first.clone()));
        assert_eq!(bench.accounts.of_customer(owner).await.unwrap(), [(first.clone(), Right::Own)]);
        let balance = bench.book.balances(&[first.id]).await.unwrap()[0].unwrap();
        assert_eq!((balance.floor, balance.limits.per_day), (Some(0), Some(1_000_000)));
        // Somebody else cannot take the id.
        let other = bench.people.add("李四", "13800000002");
        let stolen = OpenRequest { customer: other, ..request };
        assert_eq!(bench.accounts.open(stolen).await, Err(OpenRefused::CustomerNotEligible));
    }
}

#[tokio::test]
async fn refusals_of_opening() {
    for bench in benches().await {
        let owner = bench.people.add("张三", "13800000001");
        let stranger = CustomerId::mint();
        let suspended = bench.people.suspended("王五", "13800000003");
        for customer in [stranger, suspended] {
            let refused = bench.accounts.open(request(customer, Class::II)).await;
            assert_eq!(refused, Err(OpenRefused::CustomerNotEligible));
        }
        let first = bench.accounts.open(request(owner, Class::I)).await.unwrap();
        for (class, number, refused) in [
            (Class::I, None, OpenRefused::TooMany),
            (Class::II, Some("6288990000000000421".to_owned()), OpenRefused::NumberInvalid),
            (Class::II, Some("1".to_owned()), OpenRefused::NumberInvalid),
            (Class::II, Some(first.number.clone()), OpenRefused::NumberInvalid),
        ] {
            let request = OpenRequest { number, ..request(owner, class) };
            assert_eq!(bench.accounts.open(request).await, Err(refused));
        }
        // Another currency is counted by itself, and so is what was closed.
        let yen = OpenRequest { currency: Currency::JPY, ..request(owner, Class::I) };
        let yen = bench.accounts.open(yen).await.unwrap();
        assert_eq!(yen.currency, Currency::JPY);
        for _ in 0..5 {
            bench.opened(owner).await;
        }
        assert_eq!(bench.accounts.open(request(owner, Class::II)).await, Err(OpenRefused::TooMany));
        bench.accounts.change_state(&first, Change::Close, None, "").await.unwrap();
        bench.accounts.open(request(owner, Class::I)).await.unwrap();
    }
}

#[tokio::test]
async fn an_opening_that_was_cut_off_is_finished_by_itself_or_by_the_same_call() {
    for bench in benches().await {
        let owner = bench.people.add("张三", "13800000001");
        let (by_call, by_loop) = (request(owner, Class::II), request(owner, Class::II));
        for (request, counter) in [(&by_call, &bench.book.fail_before), (&by_loop, &bench.book.fail_after)] {
            counter.store(1, Ordering::SeqCst);
            assert!(matches!(bench.accounts.open(request.clone()).await, Err(OpenRefused::Unavailable(_))));
        }
        assert_eq!(
            bench.accounts.of_customer(owner).await.unwrap(),
            [],
            "nobody sees what is not in the ledger"
        );
        assert_eq!(bench.accounts.right(owner, by_call.id).await.unwrap(), None);
        let opened = bench.accounts.open(by_call.clone()).await.unwrap();
        assert_eq!(opened.id, by_call.id);
        bench.clock.advance(std::time::Duration::from_secs(60));
        bench.accounts.finish_openings(std::time::Duration::from_secs(10)).await.unwrap();
        let found: Vec<_> = bench
            .accounts
            .of_customer(owner)
            .await
            .unwrap()
            .into_iter()
            .map(|(account, _)| account.id)
            .collect();
        assert_eq!(found, [by_call.id, by_loop.id]);
    }
}

#[tokio::test]
async fn many_are_opened_in_order_and_the_first_bad_one_is_named() {
    for bench in benches().await {
        let owners: Vec<_> = (0..3).map(|at| bench.people.add("客户", &format!("1380000000{at}"))).collect();
        let requests: Vec<_> = (0..1200).map(|at| request(owners[at % 3], Class::I)).collect();
        let opened = bench.accounts.open_many(requests.clone()).await.unwrap();
        assert!(opened.iter().zip(&requests).all(|(account, request)| account.id == request.id));
        assert_eq!(bench.accounts.open_many(requests.clone()).await.unwrap(), opened);
        let taken = OpenRequest { number: Some(opened[0].number.clone()), ..request(owners[0], Class::I) };
        let batch = vec![request(owners[0], Class::I), taken];
        assert_eq!(bench.accounts.open_many(batch).await, Err((1, OpenRefused::NumberInvalid)));
    }
}

#[tokio::test]
async fn rights_follow_grants_and_nothing_else() {
    for bench in benches().await {
        let owner = bench.people.add("张三", "13800000001");
        let helper = bench.people.add("李四", "13800000002");
        let account = bench.opened(owner).await;
        let right = async || bench.accounts.right(helper, account.id).await.unwrap();
        assert_eq!(right().await, None);
        for granted in [Right::See, Right::Move] {
            bench.accounts.grant_many(vec![(account.id, helper, granted)]).await.unwrap();
            assert_eq!(right().await, Some(granted));
        }
        assert_eq!(bench.accounts.of_customer(helper).await.unwrap(), [(account.clone(), Right::Move)]);
        bench.accounts.withdraw(account.id, helper).await.unwrap();
        assert_eq!(right().await, None);
        assert_eq!(bench.accounts.right(owner, account.id).await.unwrap(), Some(Right::Own));
        assert_eq!(bench.accounts.right(owner, AccountId::mint()).await.unwrap(), None);
        for (phone, name) in [("13800000002", "李五"), ("13899999999", "李四")] {
            let refused = bench.accounts.authorize(&account, phone, name, Right::See).await;
            assert!(matches!(refused, Err(AccountsRefused::PersonUnknown)), "{phone} {name}");
        }
        bench.accounts.authorize(&account, "13800000002", " 李四", Right::See).await.unwrap();
        assert_eq!(right().await, Some(Right::See));
    }
}

#[tokio::test]
async fn a_freeze_is_in_the_ledger_noted_with_its_reason_and_announced() {
    for bench in benches().await {
        let owner = bench.people.add("张三", "13800000001");
        let account = bench.opened(owner).await;
        let staff = StaffId::mint();
        let frozen =
            bench.accounts.change_state(&account, Change::Freeze, Some(staff), "法院冻结").await.unwrap();
        assert_eq!(frozen.state, State::Frozen);
        let in_ledger = async || bench.book.balances(&[account.id]).await.unwrap()[0].unwrap();
        assert!(in_ledger().await.frozen_debits && !in_ledger().await.frozen_credits);
        let refused = bench.accounts.change_state(&frozen, Change::Close, None, "").await;
        assert!(matches!(refused, Err(AccountsRefused::StateForbids(State::Frozen))));
        // Cut off between the ledger and here: the loop finishes it.
        bench.book.fail_after.store(1, Ordering::SeqCst);
        let cut_off = bench.accounts.change_state(&frozen, Change::Unfreeze, Some(staff), "解除").await;
        assert!(matches!(cut_off, Err(AccountsRefused::Unavailable(_))));
        bench.clock.advance(std::time::Duration::from_secs(60));
        bench.accounts.finish_changes(std::time::Duration::from_secs(10)).await.unwrap();
        assert_eq!(bench.accounts.account(account.id).await.unwrap().unwrap().state, State::Active);
        let noted: Vec<_> = bench
            .accounts
            .changes_of(account.id)
            .await
            .unwrap()
            .into_iter()
            .map(|noted| (noted.row.from, noted.row.to, noted.row.staff, noted.reason))
            .collect();
        assert_eq!(
            noted,
            [
                (State::Frozen, State::Active, Some(staff), "解除".to_owned()),
                (State::Active, State::Frozen, Some(staff), "法院冻结".to_owned()),
            ]
        );
        let topics: Vec<_> = db::outbox::waiting(&bench.store.db, None, 10)
            .await
            .unwrap()
            .into_iter()
            .map(|event| event.topic)
            .collect();
        assert_eq!(topics, ["accounts.opened", "accounts.state_changed", "accounts.state_changed"]);
    }
}

#[tokio::test]
async fn only_an_empty_account_is_closed() {
    for bench in benches().await {
        let owner = bench.people.add("张三", "13800000001");
        let account = bench.opened(owner).await;
        bench.salaries(&account, 1).await;
        let refused = bench.accounts.change_state(&account, Change::Close, None, "").await;
        assert!(matches!(refused, Err(AccountsRefused::NotEmpty)));
        assert_eq!(bench.accounts.account(account.id).await.unwrap().unwrap().state, State::Active);
        let vault = bench.book.vault(Asset::from(Currency::CNY)).await;
        bench.book.pay(account.id, vault, 1, codes::TRANSFER).await;
        let closed = bench.accounts.change_state(&account, Change::Close, None, "").await.unwrap();
        assert_eq!(closed.state, State::Closed);
    }
}

#[tokio::test]
async fn history_is_paged_searched_and_bounded() {
    for bench in benches().await {
        let owner = bench.people.add("张三", "13800000001");
        let account = bench.opened(owner).await;
        bench.salaries(&account, 45).await;
        let page = async |text: &str, before: Option<u64>, limit: u32| {
            let query = HistoryQuery { before, ..HistoryQuery::newest(account.id, limit) };
            let page = bench
                .accounts
                .page(&account, Filter { query, text: text.to_owned(), text_is: TextIs::Part })
                .await
                .unwrap();
            (page.shown.iter().map(|shown| shown.movement.number).collect::<Vec<_>>(), page.next)
        };
        assert_eq!(page("", None, 20).await, ((26..=45).rev().collect(), Some(26)));
        assert_eq!(page("", Some(26), 20).await, ((6..=25).rev().collect(), Some(6)));
        assert_eq!(page("", Some(6), 20).await, ((1..=5).rev().collect(), None));
        assert_eq!(page("第7笔", None, 20).await, (vec![7], None));
        assert_eq!(page("SALARY", None, 3).await, (vec![45, 44, 43], Some(43)));
        assert_eq!(page("0421", None, 2).await, (vec![45, 44], Some(44)));
        assert_eq!(page("科技", Some(2), 20).await, (vec![1], None));
        assert_eq!(page("没有", None, 20).await, (vec![], None));
    }
}

#[tokio::test]
async fn what_is_personal_lies_sealed_and_is_gone_with_its_key() {
    for bench in benches().await {
        let owner = bench.people.add("张三", "13800000001");
        let account = bench.opened(owner).await;
        bench.salaries(&account, 2).await;
        bench.store.db.write(|_| Box::pin(async { Ok::<(), sea_orm::DbErr>(()) })).await.unwrap();
        if bench.store.name == "sqlite" {
            let mut files = Vec::new();
            for entry in std::fs::read_dir(bench.store.folder.path()).unwrap() {
                let path = entry.unwrap().path();
                if path.is_file() {
                    files.extend(std::fs::read(path).unwrap());
                }
            }
            for secret in [account.number.as_bytes(), "日常".as_bytes(), "远行科技".as_bytes()] {
                assert!(!files.windows(secret.len()).any(|window| window == secret));
            }
        }
        bench.keys.destroy(Subject::from(owner)).await.unwrap();
        bench.accounts.briefs.forget_account(account.id);
        let erased = bench.accounts.account(account.id).await.unwrap().unwrap();
        assert_eq!((erased.number.as_str(), erased.nickname.as_str()), ("", ""));
    }
}

#[tokio::test]
async fn an_overview_adds_up_own_accounts_only() {
    for bench in benches().await {
        let owner = bench.people.add("张三", "13800000001");
        let other = bench.people.add("李四", "13800000002");
        let renminbi = bench.opened(owner).await;
        let dollars = OpenRequest { currency: Currency::USD, ..request(owner, Class::II) };
        let dollars = bench.accounts.open(dollars).await.unwrap();
        let granted = bench.opened(other).await;
        bench.accounts.grant_many(vec![(granted.id, owner, Right::See)]).await.unwrap();
        for (account, minor) in [(&renminbi, 1_000), (&dollars, 10_000), (&granted, 7)] {
            let vault = bench.book.vault(Asset::from(account.currency)).await;
            bench.book.pay(vault, account.id, minor, codes::CASH_DEPOSIT).await;
        }
        let overview = bench.accounts.overview(owner).await.unwrap();
        let totals: Vec<_> = overview.totals.iter().map(ToString::to_string).collect();
        assert_eq!(totals, ["10.00 CNY", "100.00 USD"]);
        // 10.00 + 100.00 × 7.0875
        assert_eq!(overview.converted.to_string(), "718.75 CNY");
        assert_eq!(overview.holdings.len(), 3);
        let owner_names: Vec<_> = overview.holdings.iter().filter_map(|one| one.owner_name.clone()).collect();
        assert_eq!(owner_names, ["李四"]);
    }
}

#[tokio::test]
async fn the_erased_have_no_rights_and_nothing_of_theirs_is_remembered() {
    for bench in benches().await {
        let (erased, other) =
            (bench.people.add("张三", "13800000001"), bench.people.add("李四", "13800000002"));
        let (own, others) = (bench.opened(erased).await, bench.opened(other).await);
        bench.accounts.grant_many(vec![(others.id, erased, Right::Move)]).await.unwrap();
        assert_eq!(bench.accounts.right(erased, others.id).await.unwrap(), Some(Right::Move));
        let news = Erased { customer: erased, kept_until: None, recipient: None };
        let event = Event::try_new("", &news, bench.clock.now()).unwrap();
        let reaction = crate::reactions::erasures(Arc::clone(&bench.accounts));
        reaction.react.react(&[event.clone(), event]).await.unwrap();
        assert_eq!(bench.accounts.right(erased, others.id).await.unwrap(), None, "{}", bench.store.name);
        let left = bench.accounts.account(own.id).await.unwrap().unwrap();
        assert_eq!((left.number, left.nickname), (String::new(), String::new()), "{}", bench.store.name);
        assert_eq!(bench.accounts.account(others.id).await.unwrap().unwrap().number, others.number);
    }
}
