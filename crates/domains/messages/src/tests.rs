//! The outbox on both databases, its route, and what customers are told of.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use clock::{BusinessDate, Clock, ManualClock, Timestamp};
use contracts::Unavailable;
use contracts::accounts::{
    Account, Accounts, Class, Narrative, OpenRefused, OpenRequest, Right, State, StateChanged,
};
use contracts::customers::{
    Agreement, ConsentPurpose, Customers, Erased, Kyc, Person, Profile, RegisterRefused,
};
use contracts::identity::{Assurance, Channel, Principal, Role, Session};
use contracts::ledger::{Balance, Command, HistoryQuery, Ledger, Movement, Outcome, Status, Verification};
use contracts::messages::{Content, Language, Message, MessageGateway};
use contracts::payments::TransferPosted;
use db::outbox::Event;
use db::testing::Store;
use ids::{AccountId, CustomerId, DeviceId, MessageId, SessionId, StaffId, TransferId};
use keys::Keys;
use money::{Currency, Side};
use runtime::React;
use tower::ServiceExt;

use crate::reactions::{Erasures, Freezes, Movements, Neighbors};
use crate::{MIGRATIONS, Outbox, Settings};

struct Bench {
    outbox: Arc<Outbox>,
    keys: Keys,
    clock: Arc<ManualClock>,
    store: Store,
}

async fn benches() -> Vec<Bench> {
    let mut benches = Vec::new();
    for store in db::testing::stores().await.unwrap() {
        MIGRATIONS.apply(&store.db).await.unwrap();
        let clock = Arc::new(ManualClock::new("2026-11-22T04:00:00Z".parse().unwrap()));
        let keys =
            Keys::open(&store.db, &store.folder.path().join("keys/local.key"), clock.clone()).await.unwrap();
        let outbox =
            Arc::new(Outbox::new(store.db.clone(), keys.clone(), clock.clone(), Settings::default()));
        benches.push(Bench { outbox, keys, clock, store });
    }
    benches
}

fn code(to: &str, code: &str) -> Message {
    Message {
        id: MessageId::mint(),
        to: to.to_owned(),
        content: Content::OneTimeCode { code: code.to_owned(), purpose: "sign_in".to_owned(), minutes: 5 },
        language: Language::English,
    }
}

#[tokio::test]
async fn a_message_is_kept_once_sealed_and_not_for_ever() {
    for Bench { outbox, clock, store, .. } in benches().await {
        let first = code("13800000001", "111111");
        outbox.send(vec![first.clone(), code("13800000002", "222222")]).await.unwrap();
        outbox.send(vec![first]).await.unwrap();
        outbox.send(vec![]).await.unwrap();
        let kept = outbox.page(None, None, 10).await.unwrap();
        assert_eq!(kept.len(), 2, "{}", store.name);
        assert!(kept[0].text.contains("222222") && kept[0].to == "13800000002", "newest first");

        // The next month has a key of its own, and the first message is out of date some days later.
        clock.set("2026-12-15T00:00:00Z".parse().unwrap());
        outbox.send(vec![code("13800000001", "333333")]).await.unwrap();
        assert_eq!(outbox.prune().await.unwrap(), 0);
        assert_eq!(outbox.page(None, Some("13800000001"), 10).await.unwrap().len(), 2);
        clock.set("2026-12-23T00:00:00Z".parse().unwrap());
        assert_eq!(outbox.prune().await.unwrap(), 2);
        let left = outbox.page(None, None, 10).await.unwrap();
        assert!(left.len() == 1 && left[0].text.contains("333333"));

        if store.name == "sqlite" {
            store.db.close().await;
            let mut bytes = std::fs::read(&store.address).unwrap();
            bytes.extend(std::fs::read(format!("{}-wal", store.address)).unwrap_or_default());
            assert!(!bytes.windows(6).any(|window| window == b"333333"));
        }
    }
}

async fn get(bench: &Bench, path: &str, role: Role) -> (u16, serde_json::Value) {
    let session = Session {
        id: SessionId::mint(),
        principal: Principal::Staff(StaffId::mint(), role),
        channel: Channel::Console,
        device: DeviceId::mint(),
        assurance: Assurance::OneFactor,
        started_at: bench.clock.now(),
        expires_at: bench.clock.now(),
        device_key: None,
        emergency_until: None,
    };
    let visitor = http::Visitor { staff: Some(session), ..http::Visitor::default() };
    let request = Request::get(path).extension(visitor).body(Body::empty()).unwrap();
    let authority = Arc::new(policies::PolicySet::embedded().unwrap());
    let routes = crate::http::routes(Arc::clone(&bench.outbox)).governed(authority);
    let response = routes.into_router().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

async fn codes(outbox: &Outbox) -> Vec<String> {
    let kept = outbox.page(None, None, 100).await.unwrap();
    kept.iter().map(|kept| kept.text["[Yuanhang Bank] ".len()..][..6].to_owned()).collect()
}

/// Where no message leaves the machine, the outbox is the customer's phone.
#[tokio::test]
async fn codes_are_read_where_the_settings_say_so() {
    for mut bench in benches().await {
        let settings = Settings { outbox_whole: true, ..Settings::default() };
        let (db, keys) = (bench.store.db.clone(), bench.keys.clone());
        bench.outbox = Arc::new(Outbox::new(db, keys, bench.clock.clone(), settings));
        bench.outbox.send(vec![code("13812345678", "424242")]).await.unwrap();
        let (_, body) = get(&bench, "/api/messages/console/outbox", Role::Operator).await;
        assert!(body["messages"][0]["text"].as_str().unwrap().contains("424242"), "{body}");
        assert_eq!(body["messages"][0]["masked_to"], "138****5678");
    }
}

#[tokio::test]
async fn operators_read_the_outbox_page_by_page() {
    const PATH: &str = "/api/messages/console/outbox";
    for bench in benches().await {
        for number in 0..5 {
            bench.outbox.send(vec![code("13812345678", &format!("00000{number}"))]).await.unwrap();
        }
        let mut seen = 0;
        let mut path = format!("{PATH}?limit=2");
        loop {
            let (status, body) = get(&bench, &path, Role::Operator).await;
            assert_eq!(status, 200);
            for message in body["messages"].as_array().unwrap() {
                assert_eq!(message["masked_to"], "138****5678");
                assert_eq!((&message["kind"], &message["state"]), (&"one_time_code".into(), &"kept".into()));
                assert_eq!(message["at"], "2026-11-22T04:00:00Z");
                let text = message["text"].as_str().unwrap();
                assert!(text.starts_with("[Yuanhang Bank] ****** is your code"), "{text}");
                seen += 1;
            }
            let Some(cursor) = body["next_cursor"].as_str() else { break };
            path = format!("{PATH}?limit=2&cursor={cursor}");
        }
        assert_eq!(seen, 5, "{}", bench.store.name);
        assert_eq!(codes(&bench.outbox).await, ["000004", "000003", "000002", "000001", "000000"]);

        let (_, none) = get(&bench, &format!("{PATH}?to=13800000000"), Role::Operator).await;
        assert_eq!(none, serde_json::json!({"messages": []}));
        for (query, status) in [("limit=0", 422), ("limit=101", 422), ("cursor=x", 422), ("page=2", 400)] {
            assert_eq!(get(&bench, &format!("{PATH}?{query}"), Role::Operator).await.0, status, "{query}");
        }
        assert_eq!(get(&bench, PATH, Role::Viewer).await.0, 403);
    }
}

/// Neighbors that answer from tables.
#[derive(Default)]
struct Town {
    phones: HashMap<CustomerId, Option<String>>,
    accounts: HashMap<AccountId, Account>,
    balances: HashMap<(AccountId, TransferId), i64>,
}

#[async_trait]
impl Customers for Town {
    async fn register(&self, _: CustomerId, _: Profile, _: Kyc) -> Result<(), RegisterRefused> {
        Err(Unavailable::Stopping.into())
    }
    async fn register_many(
        &self,
        _: Vec<(CustomerId, Profile, Kyc)>,
    ) -> Result<(), (usize, RegisterRefused)> {
        Err((0, Unavailable::Stopping.into()))
    }
    async fn profile(&self, id: CustomerId) -> Result<Option<(Profile, Kyc)>, Unavailable> {
        Ok(self.phones.get(&id).map(|phone| {
            let person = Person {
                name: "陈示例".to_owned(),
                id_number: None,
                foreign_number: Some("1".to_owned()),
                phone: phone.clone(),
                born_on: None,
                division: None,
                address: None,
            };
            (Profile::Person(person), Kyc::Verified)
        }))
    }
    async fn by_phone(&self, _: &str) -> Result<Option<CustomerId>, Unavailable> {
        Ok(None)
    }

    async fn agree(&self, _: CustomerId, _: Vec<Agreement>, _: Channel) -> Result<(), Unavailable> {
        Ok(())
    }

    async fn consents_to(&self, _: CustomerId, _: ConsentPurpose) -> Result<bool, Unavailable> {
        Ok(false)
    }

    async fn erase(&self, _: CustomerId, _: Option<Timestamp>) -> Result<bool, Unavailable> {
        Err(Unavailable::Stopping)
    }
}

#[async_trait]
impl Accounts for Town {
    async fn open(&self, _: OpenRequest) -> Result<Account, OpenRefused> {
        Err(Unavailable::Stopping.into())
    }
    async fn open_many(&self, _: Vec<OpenRequest>) -> Result<Vec<Account>, (usize, OpenRefused)> {
        Err((0, Unavailable::Stopping.into()))
    }
    async fn account(&self, id: AccountId) -> Result<Option<Account>, Unavailable> {
        Ok(self.accounts.get(&id).cloned())
    }
    async fn by_number(&self, _: &str) -> Result<Option<Account>, Unavailable> {
        Ok(None)
    }
    async fn of_customer(&self, _: CustomerId) -> Result<Vec<(Account, Right)>, Unavailable> {
        Ok(Vec::new())
    }
    async fn right(&self, _: CustomerId, _: AccountId) -> Result<Option<Right>, Unavailable> {
        Ok(None)
    }
    async fn grant_many(&self, _: Vec<(AccountId, CustomerId, Right)>) -> Result<(), Unavailable> {
        Ok(())
    }
    async fn record_narratives(&self, _: Vec<Narrative>) -> Result<(), Unavailable> {
        Ok(())
    }
}

#[async_trait]
impl Ledger for Town {
    async fn submit(&self, _: Vec<Command>) -> Result<Vec<Outcome>, Unavailable> {
        Err(Unavailable::Stopping)
    }
    async fn balances(&self, _: &[AccountId]) -> Result<Vec<Option<Balance>>, Unavailable> {
        Err(Unavailable::Stopping)
    }
    async fn history(&self, _: HistoryQuery) -> Result<Vec<Movement>, Unavailable> {
        Err(Unavailable::Stopping)
    }
    async fn movement(
        &self,
        account: AccountId,
        transfer: TransferId,
    ) -> Result<Option<Movement>, Unavailable> {
        let day = BusinessDate::from_ymd(2026, 11, 22).unwrap();
        Ok(self.balances.get(&(account, transfer)).map(|balance| Movement {
            number: 1,
            transfer,
            side: Side::Credit,
            amount: 1230,
            balance_after: *balance,
            counterparty: account,
            code: 1,
            booked_on: day,
            value_on: day,
            at: Timestamp::UNIX_EPOCH,
        }))
    }
    async fn outcome(&self, _: TransferId) -> Result<Option<Outcome>, Unavailable> {
        Ok(None)
    }
    async fn status(&self) -> Result<Status, Unavailable> {
        Err(Unavailable::Stopping)
    }
    async fn verify(&self) -> Result<Verification, Unavailable> {
        Err(Unavailable::Stopping)
    }
}

impl Town {
    fn settle(&mut self, phone: Option<&str>, number: &str) -> (CustomerId, AccountId) {
        let (customer, id) = (CustomerId::mint(), AccountId::mint());
        self.phones.insert(customer, phone.map(str::to_owned));
        let account = Account {
            id,
            customer,
            number: number.to_owned(),
            currency: Currency::CNY,
            class: Class::II,
            state: State::Active,
            nickname: String::new(),
            opened_on: BusinessDate::from_ymd(2026, 1, 1).unwrap(),
        };
        self.accounts.insert(id, account);
        (customer, id)
    }

    fn neighbors(self, bench: &Bench) -> Arc<Neighbors> {
        let town = Arc::new(self);
        Arc::new(Neighbors {
            customers: town.clone(),
            accounts: town.clone(),
            ledger: town,
            gateway: bench.outbox.clone(),
            keys: bench.keys.clone(),
        })
    }
}

#[tokio::test]
async fn payer_and_payee_are_told_once_with_the_balance_right_after() {
    for bench in benches().await {
        let mut town = Town::default();
        let (payer, debit) = town.settle(Some("13800000001"), "6230580000000000011");
        let (payee, credit) = town.settle(Some("13800000002"), "6230580000000000029");
        let (silent, mute) = town.settle(None, "6230580000000000037");
        let event = |credit: AccountId, payee: CustomerId, town: &mut Town| {
            let transfer = TransferId::mint();
            town.balances.insert((debit, transfer), -500);
            town.balances.insert((credit, transfer), 98_770);
            let posted = TransferPosted {
                transfer,
                debit,
                credit,
                amount_minor: 1230,
                currency: Currency::CNY,
                payer,
                payee,
            };
            Event::try_new("k", &posted, bench.clock.now()).unwrap()
        };
        let events = [event(credit, payee, &mut town), event(mute, silent, &mut town)];
        let movements = Movements(town.neighbors(&bench));
        movements.react(&events).await.unwrap();
        movements.react(&events[..1]).await.unwrap();

        let mut told: Vec<(String, String)> = bench
            .outbox
            .page(None, None, 100)
            .await
            .unwrap()
            .into_iter()
            .map(|kept| (kept.to, kept.text))
            .collect();
        told.sort();
        let paid = "【远行银行】您尾号0011的账户支出12.30 CNY，余额-5.00 CNY。";
        let received = "【远行银行】您尾号0029的账户收入12.30 CNY，余额987.70 CNY。";
        let expected = [("13800000001", paid), ("13800000001", paid), ("13800000002", received)];
        assert_eq!(told, expected.map(|(to, text)| (to.to_owned(), text.to_owned())), "{}", bench.store.name);

        let mut unreadable = events[0].clone();
        unreadable.payload = serde_json::json!({});
        assert!(movements.react(&[unreadable]).await.is_err());
    }
}

#[tokio::test]
async fn owners_are_told_of_a_freeze_and_its_end() {
    let bench = benches().await.remove(0);
    let mut town = Town::default();
    let (customer, account) = town.settle(Some("13800000001"), "6230580000000000011");
    let freezes = Freezes(town.neighbors(&bench));
    let mut told = Vec::new();
    for (from, to) in [
        (State::Active, State::Frozen),
        (State::Frozen, State::Active),
        (State::Active, State::Dormant),
        (State::Active, State::Closed),
    ] {
        let changed = StateChanged { account, customer, from, to };
        let event = Event::try_new("k", &changed, bench.clock.now()).unwrap();
        freezes.react(&[event]).await.unwrap();
        told.push(bench.outbox.page(None, None, 100).await.unwrap().len());
    }
    assert_eq!(told, [1, 2, 2, 2]);
}

#[tokio::test]
async fn nothing_that_was_sent_to_an_erased_customer_is_left() {
    for Bench { outbox, keys, store, .. } in benches().await {
        let (theirs, other) = ("13800000001", "13800000002");
        for to in [theirs, other, theirs] {
            outbox.send(vec![code(to, "111111")]).await.unwrap();
        }
        let hash = keys.index(contracts::messages::RECIPIENT, theirs);
        let recipient = Some(hex::encode(hash));
        let erased = |recipient| {
            let news = Erased { customer: CustomerId::mint(), kept_until: None, recipient };
            Event::try_new("", &news, "2026-11-22T04:00:00Z".parse().unwrap()).unwrap()
        };
        let reaction = Erasures(Arc::clone(&outbox));
        reaction.react(&[erased(None)]).await.unwrap();
        assert_eq!(outbox.page(None, None, 10).await.unwrap().len(), 3, "who had no phone was sent nothing");
        for _ in 0..2 {
            reaction.react(&[erased(recipient.clone())]).await.unwrap();
        }
        let left = outbox.page(None, None, 10).await.unwrap();
        assert!(left.len() == 1 && left[0].to == other, "{}", store.name);
        let odd = reaction.react(&[erased(Some("13800000002".to_owned()))]).await;
        assert!(matches!(odd, Err(runtime::ReactFailed::Refused(_))), "{}", store.name);
    }
}
