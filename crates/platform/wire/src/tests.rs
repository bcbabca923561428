//! Neighbors over the loopback, with real certificates: who is let in, what is repeated, what is refused.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::routing::get;
use clock::Timestamp;
use contracts::Unavailable;
use contracts::customers::{
    Agreement, ConsentPurpose, Customers, CustomersDesk, FarCustomers, Kyc, Profile, RegisterRefused,
};
use contracts::far::{Call, Carrier};
use contracts::identity::Channel;
use http_body_util::BodyExt;
use ids::CustomerId;
use tokio::sync::oneshot;

use super::*;

mod names;

const PHONE: &str = "19900000001";

/// Knows one phone, and counts how often it was asked.
#[derive(Default)]
struct Town {
    asked: AtomicUsize,
    slow: bool,
}

#[async_trait]
impl Customers for Town {
    async fn register(&self, _: CustomerId, _: Profile, _: Kyc) -> Result<(), RegisterRefused> {
        Err(RegisterRefused::Invalid { field: "phone".to_owned() })
    }

    async fn register_many(
        &self,
        batch: Vec<(CustomerId, Profile, Kyc)>,
    ) -> Result<(), (usize, RegisterRefused)> {
        Err((batch.len(), RegisterRefused::TooYoung))
    }

    async fn profile(&self, _: CustomerId) -> Result<Option<(Profile, Kyc)>, Unavailable> {
        Err(Unavailable::StoreFailed)
    }

    async fn by_phone(&self, phone: &str) -> Result<Option<CustomerId>, Unavailable> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.slow {
            std::future::pending::<()>().await;
        }
        Ok((phone == PHONE).then(|| CustomerId::from_u128(7)))
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

struct Processes {
    _folder: tempfile::TempDir,
    papers: Papers,
    /// Of the same bank, but of a process that may not ask.
    cards: Papers,
    stranger: Papers,
    /// Of a process that may ask, but whose certificate has ended.
    expired: Papers,
}

fn papers_of(authority: &Authority, folder: &std::path::Path, services: &[&str]) -> Papers {
    authority.certify(services.iter().copied(), folder).unwrap();
    Papers::read(folder).unwrap()
}

fn processes() -> Processes {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let authority = Authority::in_folder(&at("authority")).unwrap();
    let papers = papers_of(&authority, &at("customers"), &["customers", "accounts"]);
    let cards = papers_of(&authority, &at("cards"), &["cards"]);
    // Another bank's authority.
    let other = Authority::in_folder(&at("other")).unwrap();
    let stranger = papers_of(&other, &at("stranger"), &["customers"]);
    let ended = std::time::SystemTime::now() - Duration::from_secs(60);
    authority.certify_until(["customers", "accounts"], &at("expired"), ended).unwrap();
    let expired = Papers::read(&at("expired")).unwrap();
    Processes { _folder: folder, papers, cards, stranger, expired }
}

async fn listening(papers: &Papers, town: Arc<Town>) -> (String, oneshot::Sender<()>) {
    let listener = Listener::open("127.0.0.1:0", papers).await.unwrap();
    serving(listener, town)
}

fn serving(listener: Listener, town: Arc<Town>) -> (String, oneshot::Sender<()>) {
    let address = listener.address().to_string();
    let (stop, stopped) = oneshot::channel();
    let answered = Answered { desk: Arc::new(CustomersDesk(town)), callers: vec!["accounts", "messages"] };
    let routes = Router::new().route("/api/customers/echo", get(async || "served"));
    tokio::spawn(listener.serve(vec![answered], routes, "accounts", async move {
        let _ = stopped.await;
    }));
    (address, stop)
}

fn neighbor(service: &'static str, address: &str, papers: &Papers, limits: Limits) -> Arc<Neighbor> {
    Arc::new(Neighbor::new(service, address, papers, limits).unwrap())
}

#[tokio::test]
async fn a_contract_answers_far_as_it_does_near() {
    let Processes { papers, _folder, .. } = processes();
    let town = Arc::new(Town::default());
    let (address, _stop) = listening(&papers, Arc::clone(&town)).await;
    let far = FarCustomers(neighbor("customers", &address, &papers, Limits::default()));
    assert_eq!(far.by_phone(PHONE).await, Ok(Some(CustomerId::from_u128(7))));
    assert_eq!(far.by_phone("1").await, Ok(None));
    assert_eq!(far.profile(CustomerId::from_u128(1)).await.err(), Some(Unavailable::StoreFailed));
    assert_eq!(far.profiles(&[CustomerId::from_u128(1)]).await.err(), Some(Unavailable::StoreFailed));
    assert_eq!(far.register_many(vec![]).await, Err((0, RegisterRefused::TooYoung)));
    let request = Request::get("/api/customers/echo").body(Body::empty()).unwrap();
    let passed = neighbor("accounts", &address, &papers, Limits::default()).forward(request).await.unwrap();
    assert_eq!(passed.into_body().collect().await.unwrap().to_bytes(), "served");
}

/// Neither a certificate of another authority, nor none, nor one of a process that does not run the service.
#[tokio::test]
async fn whoever_has_not_the_right_papers_is_not_heard() {
    let Processes { papers, cards, stranger, expired, _folder } = processes();
    let town = Arc::new(Town::default());
    let (address, _stop) = listening(&papers, Arc::clone(&town)).await;
    let limits = Limits { deadline: Duration::from_secs(2), ..Limits::default() };
    let call = |service, papers: &Papers| {
        let far = FarCustomers(neighbor(service, &address, papers, limits));
        async move { far.by_phone(PHONE).await }
    };
    assert_eq!(call("customers", &stranger).await, Err(Unavailable::Unreachable), "another authority");
    assert_eq!(call("customers", &expired).await, Err(Unavailable::Unreachable), "a caller's has ended");
    assert_eq!(
        call("ledger", &papers).await,
        Err(Unavailable::Unreachable),
        "it is not the ledger's process"
    );
    assert_eq!(call("customers", &cards).await, Err(Unavailable::Misunderstood), "it may not ask customers");
    let request = Request::get("/api/customers/echo").body(Body::empty()).unwrap();
    let refused = neighbor("customers", &address, &cards, limits).forward(request).await.unwrap();
    assert_eq!(refused.status(), axum::http::StatusCode::FORBIDDEN, "nor pass on what strangers ask");
    let mut plain = tokio::net::TcpStream::connect(&address).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut plain, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
    let mut heard = Vec::new();
    let _ = tokio::io::AsyncReadExt::read_to_end(&mut plain, &mut heard).await;
    assert!(!heard.windows(6).any(|some| some == b"served"));
    let (outdated, _stop) = listening(&expired, Arc::clone(&town)).await;
    let far = FarCustomers(neighbor("customers", &outdated, &papers, limits));
    assert_eq!(far.by_phone(PHONE).await, Err(Unavailable::Unreachable), "the answerer's has ended");
    assert_eq!(town.asked.load(Ordering::SeqCst), 0, "nobody was heard");
    assert_eq!(call("customers", &papers).await, Ok(Some(CustomerId::from_u128(7))));
}

#[tokio::test]
async fn what_the_other_version_does_not_know_is_said_so() {
    let Processes { papers, _folder, .. } = processes();
    let (address, _stop) = listening(&papers, Arc::default()).await;
    let neighbor = neighbor("customers", &address, &papers, Limits::default());
    let ask = |contract, method, question: &str| {
        let (neighbor, question) = (Arc::clone(&neighbor), question.as_bytes().to_vec());
        async move { neighbor.carry(&Call { contract, method, repeatable: true }, question).await }
    };
    for (contract, method, question) in [
        ("customers", "of_a_later_version", "{}"),
        ("payments", "import_standing_orders", "{\"orders\":[]}"),
        ("customers", "by_phone", "{}"),
        ("customers", "by_phone", "garbage"),
    ] {
        assert_eq!(
            ask(contract, method, question).await,
            Err(Unavailable::Misunderstood),
            "{method} {question}"
        );
    }
    // An argument of a later version is passed over.
    let answer = ask("customers", "by_phone", "{\"phone\":\"1\",\"since\":\"2026-01-01\"}").await.unwrap();
    assert_eq!(answer, b"{\"Ok\":null}");
}

#[tokio::test]
async fn a_neighbor_that_hangs_is_left_alone_and_found_again() {
    let Processes { papers, _folder, .. } = processes();
    let hanging = Arc::new(Town { slow: true, ..Town::default() });
    let (address, _stop) = listening(&papers, Arc::clone(&hanging)).await;
    let limits = Limits { deadline: Duration::from_millis(100), in_progress_max: 3, ..Limits::default() };
    let neighbor = neighbor("customers", &address, &papers, limits);
    let far = Arc::new(FarCustomers(Arc::clone(&neighbor) as Arc<dyn Carrier>));
    let many = (0..20).map(|_| {
        let far = Arc::clone(&far);
        tokio::spawn(async move { far.by_phone(PHONE).await })
    });
    let mut refused = std::collections::BTreeMap::new();
    for call in many.collect::<Vec<_>>() {
        *refused.entry(format!("{:?}", call.await.unwrap())).or_insert(0) += 1;
    }
    assert_eq!(refused.get("Err(Unreachable)"), Some(&3), "{refused:?}");
    assert_eq!(refused.get("Err(Overloaded)"), Some(&17), "{refused:?}");
    assert_eq!(neighbor.rests_for(), None, "it is asked until it has failed eight times");
    while hanging.asked.load(Ordering::SeqCst) < 8 {
        assert_eq!(far.by_phone(PHONE).await, Err(Unavailable::Unreachable));
    }
    let before = hanging.asked.load(Ordering::SeqCst);
    for _ in 0..100 {
        assert_eq!(far.by_phone(PHONE).await, Err(Unavailable::Unreachable));
    }
    let asked = hanging.asked.load(Ordering::SeqCst) - before;
    assert!(asked < 10, "it is hardly asked while it rests: {asked}");
    let rests = || neighbor.rests_for().is_some_and(|left| left <= Duration::from_millis(500));
    while !rests() {
        assert_eq!(far.by_phone(PHONE).await, Err(Unavailable::Unreachable));
    }
}

/// Three processes run the service: one is not there, one sends everybody on, and one answers, sometimes.
#[tokio::test]
async fn the_next_one_is_asked_where_one_does_not_answer() {
    let Processes { papers, _folder, .. } = processes();
    let nobody = {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        socket.local_addr().unwrap().to_string()
    };
    let signpost = Listener::open("127.0.0.1:0", &papers).await.unwrap();
    let signpost_address = signpost.address().to_string();
    let asked = Arc::new(AtomicUsize::new(0));
    let desk = Arc::new(Signpost(Arc::clone(&asked)));
    let answered = Answered { desk, callers: vec!["accounts"] };
    tokio::spawn(signpost.serve(vec![answered], Router::new(), "gateway", std::future::pending()));
    let (address, stop) = listening(&papers, Arc::default()).await;
    let all = format!("{nobody}, {signpost_address}, {address}");
    let neighbor = neighbor("customers", &all, &papers, Limits::default());
    let far = FarCustomers(Arc::clone(&neighbor) as Arc<dyn Carrier>);
    for _ in 0..50 {
        assert_eq!(far.by_phone(PHONE).await, Ok(Some(CustomerId::from_u128(7))));
    }
    assert!(asked.load(Ordering::SeqCst) < 10, "whoever sends us on is asked after the others for a while");
    // What counts each time is not asked twice; but the next time another one is asked.
    let once = Call { contract: "customers", method: "by_phone", repeatable: false };
    let question = || br#"{"phone":"1"}"#.to_vec();
    let mut answers = 0;
    for _ in 0..5 {
        answers += usize::from(neighbor.carry(&once, question()).await.is_ok());
    }
    assert!(answers >= 3, "{answers}");
    let passed_on = async |method: axum::http::Method, key: &str| {
        let request = Request::builder().method(method).uri("/api/customers/echo").header(key, "k");
        neighbor.forward(request.body(Body::from("{}")).unwrap()).await
    };
    assert!(passed_on(axum::http::Method::GET, "accept").await.is_ok());
    assert!(passed_on(axum::http::Method::POST, "idempotency-key").await.is_ok());
    drop(stop);
}

/// Nothing was done there, so that even what counts each time is asked of the next one, and any request passed on.
#[tokio::test]
async fn one_whose_store_is_away_sends_everybody_on() {
    let Processes { papers, _folder, .. } = processes();
    let (fit, seen) = tokio::sync::watch::channel(false);
    let ailing = Listener::open("127.0.0.1:0", &papers).await.unwrap().while_fit(seen);
    let unasked = Arc::new(Town::default());
    let (first, _stop) = serving(ailing, Arc::clone(&unasked));
    let (second, stop) = listening(&papers, Arc::default()).await;
    let two = |service| neighbor(service, &format!("{first},{second}"), &papers, Limits::default());
    let once = Call { contract: "customers", method: "by_phone", repeatable: false };
    let passed_on = async || {
        let request = Request::get("/api/customers/echo").header("content-length", "2");
        two("accounts").forward(request.body(Body::from("{}")).unwrap()).await
    };
    for _ in 0..5 {
        assert!(two("customers").carry(&once, br#"{"phone":"1"}"#.to_vec()).await.is_ok());
        assert_eq!(passed_on().await.unwrap().status(), axum::http::StatusCode::OK);
    }
    assert_eq!(unasked.asked.load(Ordering::SeqCst), 0);
    assert!(two("customers").check().await.is_ok(), "it is there, though");
    // It is asked again once it can do something.
    stop.send(()).unwrap();
    fit.send_replace(true);
    let comes_back = async {
        while two("customers").carry(&once, br#"{"phone":"1"}"#.to_vec()).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), comes_back).await.expect("it is asked again");
    assert!(unasked.asked.load(Ordering::SeqCst) > 0);
}

/// Sends everybody on.
struct Signpost(Arc<AtomicUsize>);

#[async_trait]
impl contracts::far::Desk for Signpost {
    fn contract(&self) -> &'static str {
        "customers"
    }

    fn methods(&self) -> &'static [&'static str] {
        &["by_phone"]
    }

    async fn answer(&self, _: &str, _: &[u8]) -> Result<Vec<u8>, contracts::far::Misunderstood> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Err(contracts::far::Misunderstood::Elsewhere)
    }
}

#[tokio::test]
async fn a_neighbor_that_comes_back_is_asked_again() {
    let Processes { papers, _folder, .. } = processes();
    let (address, stop) = listening(&papers, Arc::default()).await;
    let far = FarCustomers(neighbor("customers", &address, &papers, Limits::default()));
    assert!(far.by_phone(PHONE).await.is_ok());
    stop.send(()).unwrap();
    // Until it is gone.
    while far.by_phone(PHONE).await.is_ok() {
        tokio::task::yield_now().await;
    }
    let listener = loop {
        if let Ok(listener) = Listener::open(&address, &papers).await {
            break listener;
        }
        tokio::task::yield_now().await;
    };
    let desk = Arc::new(CustomersDesk(Arc::new(Town::default())));
    let answered = Answered { desk, callers: vec!["accounts"] };
    tokio::spawn(listener.serve(vec![answered], Router::new(), "gateway", std::future::pending()));
    let came_back = async {
        while far.by_phone(PHONE).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), came_back).await.expect("it is found again");
}
