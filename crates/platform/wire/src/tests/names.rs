//! Neighbors behind a name: processes come and go, and resolvers fail, while they are asked.

use std::io;
use std::net::SocketAddr;
use std::sync::Mutex;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::*;
use crate::resolver::Resolver;

const NAME: &str = "dns:customers.bank.internal:7100";
/// Nothing below takes long; a test that waits for so long fails.
const LONG: Duration = Duration::from_secs(20);

/// What the resolver of a test says.
#[derive(Clone)]
enum Says {
    At(Vec<SocketAddr>),
    Fails,
    Hangs,
}

/// A resolver that says what it is told to.
struct Told {
    says: Mutex<Says>,
    asked: watch::Sender<usize>,
}

impl Told {
    fn to_say(says: Says) -> Arc<Self> {
        Arc::new(Self { says: Mutex::new(says), asked: watch::Sender::new(0) })
    }

    /// From now on; returns once it has been said so often.
    async fn say(&self, says: Says, often: usize) {
        *self.says.lock().unwrap() = says;
        let before = *self.asked.borrow();
        self.asked.subscribe().wait_for(|asked| *asked >= before + often).await.unwrap();
    }
}

#[async_trait]
impl Resolver for Told {
    async fn look_up(&self, name: &str) -> io::Result<Vec<SocketAddr>> {
        assert_eq!(name, "customers.bank.internal:7100");
        let says = self.says.lock().unwrap().clone();
        self.asked.send_modify(|asked| *asked += 1);
        match says {
            Says::At(addresses) => Ok(addresses),
            Says::Fails => Err(io::Error::other("the name server is away")),
            Says::Hangs => std::future::pending().await,
        }
    }
}

fn found_by(told: &Arc<Told>, papers: &Papers, limits: Limits) -> FarCustomers {
    let resolver = Arc::clone(told) as _;
    FarCustomers(Arc::new(Neighbor::found_by(resolver, "customers", NAME, papers, limits).unwrap()))
}

/// Looks up all the time.
fn eager() -> Limits {
    Limits { look_up_every: Duration::from_millis(5), ..Limits::default() }
}

/// A process that runs the service, behind an address that counts its connections.
struct Process {
    at: SocketAddr,
    town: Arc<Town>,
    connections: watch::Receiver<usize>,
    _stop: oneshot::Sender<()>,
}

impl Process {
    async fn start(papers: &Papers) -> Self {
        let town = Arc::new(Town::default());
        let (behind, _stop) = listening(papers, Arc::clone(&town)).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let (open, connections) = watch::channel(0);
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let mut far = TcpStream::connect(&behind).await.unwrap();
                let open = open.clone();
                open.send_modify(|open| *open += 1);
                tokio::spawn(async move {
                    let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
                    open.send_modify(|open| *open -= 1);
                });
            }
        });
        Self { at, town, connections, _stop }
    }

    fn asked(&self) -> usize {
        self.town.asked.load(Ordering::SeqCst)
    }
}

async fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

async fn ask(far: &FarCustomers) {
    assert_eq!(far.by_phone(PHONE).await, Ok(Some(CustomerId::from_u128(7))));
}

async fn in_time<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(LONG, what).await.expect("it comes to an end")
}

#[tokio::test]
async fn processes_come_and_go_while_they_are_asked() {
    let Processes { papers, _folder, .. } = processes();
    let (first, second) = (Process::start(&papers).await, Process::start(&papers).await);
    let told = Told::to_say(Says::At(vec![first.at]));
    let far = found_by(&told, &papers, eager());
    ask(&far).await;
    assert_eq!((first.asked(), second.asked()), (1, 0));
    // One that is not there yet is not asked, not even what is asked once.
    told.say(Says::At(vec![nobody().await, first.at]), 3).await;
    let once = Call { contract: "customers", method: "by_phone", repeatable: false };
    for _ in 0..20 {
        assert!(far.0.carry(&once, br#"{"phone":"1"}"#.to_vec()).await.is_ok());
    }
    assert_eq!(first.asked(), 21);
    // One that comes is asked once the other has gone, whose connection is closed.
    told.say(Says::At(vec![first.at, second.at]), 3).await;
    in_time(second.connections.clone().wait_for(|open| *open == 1)).await.unwrap();
    told.say(Says::At(vec![second.at]), 1).await;
    let until_gone = async {
        let mut connections = first.connections.clone();
        while *connections.borrow_and_update() > 0 {
            ask(&far).await;
        }
    };
    in_time(until_gone).await;
    let (before, after) = (first.asked(), second.asked());
    for _ in 0..20 {
        ask(&far).await;
    }
    assert_eq!((first.asked(), second.asked()), (before, after + 20));
    // All at once are others.
    told.say(Says::At(vec![first.at]), 3).await;
    ask(&far).await;
    assert_eq!(first.asked(), before + 1);
    // Whoever is no longer needed looks nothing up.
    drop(far);
    in_time(first.connections.clone().wait_for(|open| *open == 0)).await.unwrap();
    assert_eq!(Arc::strong_count(&told), 1);
}

#[tokio::test]
async fn what_is_known_is_kept_while_nothing_is_found_out() {
    let Processes { papers, _folder, .. } = processes();
    let process = Process::start(&papers).await;
    let told = Told::to_say(Says::At(vec![process.at]));
    let far = found_by(&told, &papers, eager());
    ask(&far).await;
    for nothing in [Says::At(vec![]), Says::Fails, Says::Hangs] {
        let often = if matches!(nothing, Says::Hangs) { 1 } else { 3 };
        in_time(told.say(nothing, often)).await;
        for _ in 0..20 {
            in_time(ask(&far)).await;
        }
    }
    assert_eq!(*process.connections.borrow(), 1, "the connection is kept, too");
}

#[tokio::test]
async fn a_resolver_that_hangs_from_the_first_holds_up_nobody_beyond_the_deadline() {
    let Processes { papers, _folder, .. } = processes();
    let told = Told::to_say(Says::Hangs);
    let far = found_by(&told, &papers, Limits { deadline: Duration::from_millis(50), ..eager() });
    for _ in 0..3 {
        // Long before the look-up is given up.
        let asked = tokio::time::timeout(Duration::from_secs(3), far.by_phone(PHONE));
        assert_eq!(asked.await, Ok(Err(Unavailable::Unreachable)));
    }
}

#[tokio::test]
async fn where_nobody_answers_it_is_looked_up_at_once() {
    let Processes { papers, _folder, .. } = processes();
    let process = Process::start(&papers).await;
    let hour = Limits { look_up_every: Duration::from_secs(3_600), ..Limits::default() };
    for first in [Says::At(vec![nobody().await]), Says::At(vec![]), Says::Fails] {
        let told = Told::to_say(first);
        let far = found_by(&told, &papers, hour);
        assert_eq!(far.by_phone(PHONE).await, Err(Unavailable::Unreachable));
        *told.says.lock().unwrap() = Says::At(vec![process.at]);
        let found = async {
            while far.by_phone(PHONE).await.is_err() {
                tokio::task::yield_now().await;
            }
        };
        in_time(found).await;
    }
}

/// Through the system's resolver; whoever answers still has to prove that it runs the service.
#[tokio::test]
async fn the_names_of_the_machine_are_looked_up() {
    let Processes { papers, _folder, .. } = processes();
    let process = Process::start(&papers).await;
    let name = format!("dns:localhost:{}", process.at.port());
    let far = |service| FarCustomers(neighbor(service, &name, &papers, Limits::default()));
    ask(&far("customers")).await;
    assert_eq!(far("ledger").by_phone(PHONE).await, Err(Unavailable::Unreachable), "it is not the ledger's");
    assert_eq!(process.asked(), 1);
}

#[tokio::test]
async fn what_is_no_name_is_refused() {
    let Processes { papers, _folder, .. } = processes();
    let check = |text: &str, words: &str| {
        let refused = Neighbor::new("customers", text, &papers, Limits::default()).err().unwrap();
        assert!(refused.to_string().contains(words), "{text}: {refused}");
    };
    for text in [
        "dns:",
        "dns:a",
        "dns:a:",
        "dns:a:0",
        "dns:a:70000",
        "dns::7100",
        "dns:a b:1",
        "dns:a..b:1",
        "dns:a/b:1",
    ] {
        check(text, "must be `dns:` and one name with its port");
    }
    check("dns:a:1,dns:b:1", "stands alone");
    check("10.0.0.1:7100, dns:a:1", "stands alone");
    check("10.0.0.1 :7100", "cannot be used");
    check("", "cannot be used");
    for text in
        ["dns:payments.bank.internal:7100", "dns:payments:1", "dns:a_b.c-d.:65535", "10.0.0.1:7100,b:7100"]
    {
        assert!(Neighbor::new("customers", text, &papers, Limits::default()).is_ok(), "{text}");
    }
}
