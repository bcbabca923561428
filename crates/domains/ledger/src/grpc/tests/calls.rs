//! Calls over the loopback to a ledger on every store.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use contracts::Unavailable;
use contracts::ledger::{
    Act, Balance, Command, HistoryQuery, Ledger, Movement, Outcome, Receipt, Refusal, Status, Transfer,
    Verification,
};
use futures_util::{FutureExt, StreamExt, stream};
use ids::{AccountId, TransferId};
use secrecy::Secret;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tonic::codec::Codec;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Streaming};

use crate::grpc::codec::{Outgoing, WireCodec};
use crate::grpc::generated::{
    DayKind, Id, LookupAccountsRequest, QueryDayBalancesRequest, QueryHistoryRequest, Side, SignedSum,
};
use crate::grpc::pipeline::Pipeline;
use crate::grpc::rows::{Batch, Results};
use crate::grpc::service::Desk;
use crate::grpc::{Door, LedgerClient};
use crate::tests::kit::{Home, beginning, command, do_all, transfer};

const TOKEN: &str = "batch-token";

/// A ledger behind a door of its own.
struct Behind {
    ledger: Arc<crate::LocalLedger>,
    address: std::net::SocketAddr,
    _stop: oneshot::Sender<()>,
}

async fn behind(home: &Home) -> Behind {
    let ledger = home.open().await;
    do_all(&ledger, beginning(4)).await;
    let door = Door::open("127.0.0.1:0", Secret::new(TOKEN.to_owned())).await.unwrap();
    let address = door.address().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let served = Arc::clone(&ledger) as Arc<dyn Ledger>;
    tokio::spawn(door.serve(served, 262_144, async move {
        let _ = stopped.await;
    }));
    Behind { ledger, address, _stop: stop }
}

async fn connect(address: std::net::SocketAddr) -> LedgerClient<Channel> {
    let channel = Endpoint::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap();
    LedgerClient::new(channel)
}

fn with_token<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {TOKEN}").parse().unwrap());
    request
}

fn moving(ids: std::ops::Range<u128>) -> Batch {
    Batch(ids.map(|number| command(number, Act::Transfer(transfer(2, 3, 1)))).collect())
}

fn id_of(number: u64) -> Id {
    Id { high: 0, low: number }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn batches_are_answered_in_order_and_repeated_without_moving() {
    for home in Home::everywhere().await {
        let bank = behind(&home).await;
        let mut client = connect(bank.address).await;
        let mut first = moving(200_000..200_003);
        first.0.push(command(200_003, Act::Transfer(transfer(2, 99, 1))));
        let Results(results) = client.create_transfers(with_token(first)).await.unwrap().into_inner();
        let balances: Vec<_> = results.iter().flatten().map(|done| done.debit_balance).collect();
        assert_eq!(balances, [Some(999_999), Some(999_998), Some(999_997)], "{}", home.name);
        assert_eq!(results.last(), Some(&Err(Refusal::CreditAccountUnknown)));

        let batches = vec![moving(200_000..200_002), Batch::default(), moving(300_000..308_190)];
        let answers = client.create_transfers_stream(with_token(stream::iter(batches))).await.unwrap();
        let answers: Vec<_> = answers.into_inner().map(|answer| answer.unwrap().0).collect().await;
        assert_eq!(answers.iter().map(Vec::len).collect::<Vec<_>>(), [2, 0, 8_190]);
        assert!(answers[0].iter().flatten().all(|done| done.repeated));
        assert_eq!(answers[2].last().copied().unwrap().unwrap().debit_balance, Some(1_000_000 - 3 - 8_190));

        let accounts = vec![id_of(2), id_of(77), id_of(3)];
        let looked = client.lookup_accounts(with_token(LookupAccountsRequest { accounts })).await.unwrap();
        let accounts = looked.into_inner().accounts;
        assert_eq!(accounts.iter().map(|account| account.known).collect::<Vec<_>>(), [true, false, true]);
        assert_eq!(accounts[2].credits_posted.map(|sum| sum.low), Some(1_000_000 + 3 + 8_190));
        assert_eq!((accounts[0].asset.as_str(), accounts[0].floor), ("CNY", Some(0)));
        bank.ledger.stop().await;
    }
}

/// Small batches are gathered with those of other streams and large ones are not: the order of a stream stays.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn batches_of_any_size_are_executed_in_the_order_of_their_stream() {
    let home = Home::sqlite();
    let bank = behind(&home).await;
    let mut client = connect(bank.address).await;
    let sizes = [1, 1, 300, 1, 300, 300, 2, 2, 2, 2, 2, 500, 1];
    let mut next = 200_000;
    let batches: Vec<_> = sizes
        .iter()
        .map(|size| {
            next += size;
            moving(next - size..next)
        })
        .collect();
    let answers = client.create_transfers_stream(with_token(stream::iter(batches))).await.unwrap();
    let answers: Vec<_> = answers.into_inner().map(|answer| answer.unwrap().0).collect().await;
    assert_eq!(answers.iter().map(|answer| answer.len() as u128).collect::<Vec<_>>(), sizes);
    let instants: Vec<_> = answers.into_iter().flatten().map(|receipt| receipt.unwrap().at).collect();
    assert!(instants.is_sorted_by(|earlier, later| earlier < later));
    bank.ledger.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn history_comes_in_pages_newest_first() {
    let home = Home::sqlite();
    let bank = behind(&home).await;
    let mut client = connect(bank.address).await;
    client.create_transfers(with_token(moving(200_000..202_500))).await.unwrap();
    let ask = |limit, side: Side| QueryHistoryRequest {
        account: Some(id_of(2)),
        limit,
        side: side.into(),
        ..QueryHistoryRequest::default()
    };
    for (query, pages) in [
        (ask(0, Side::Unspecified), vec![1_000, 1_000, 501]),
        (ask(1_001, Side::Debit), vec![1_000, 1]),
        (ask(0, Side::Credit), vec![1]),
        (QueryHistoryRequest { account: Some(id_of(77)), ..ask(0, Side::Unspecified) }, vec![]),
    ] {
        let answers = client.query_history(with_token(query)).await.unwrap().into_inner();
        let answers: Vec<_> = answers.map(|page| page.unwrap().movements).collect().await;
        assert_eq!(answers.iter().map(Vec::len).collect::<Vec<_>>(), pages);
        let numbers: Vec<_> = answers.iter().flatten().map(|movement| movement.number).collect();
        assert!(numbers.is_sorted_by(|newer, older| newer > older));
    }
    for (query, words) in [
        (QueryHistoryRequest::default(), "`account`"),
        (QueryHistoryRequest { side: 9, ..ask(0, Side::Debit) }, "`side`"),
        (QueryHistoryRequest { from: 20_260_230, ..ask(0, Side::Debit) }, "`from`"),
    ] {
        let refused = client.query_history(with_token(query)).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert!(refused.message().contains(words), "{refused}");
    }
    bank.ledger.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn days_come_with_their_balances_oldest_first() {
    let home = Home::sqlite();
    let bank = behind(&home).await;
    let mut client = connect(bank.address).await;
    // Long after the account was funded.
    let first = clock::BusinessDate::from_ymd(2031, 1, 1).unwrap();
    let on = |n: i32| crate::model::day(first.day_number() + n);
    // 1,500 days with a movement each, every third bearing interest from a day later; the last is booked first.
    let pay = |n: i32| {
        let (booked_on, value_on) = (Some(on(n)), Some(on(n + i32::from(n % 3 == 0))));
        let transfer = Transfer { booked_on, value_on, ..transfer(2, 3, 10) };
        command(200_000 + n.unsigned_abs() as u128, Act::Transfer(transfer))
    };
    do_all(&bank.ledger, (0..1_500).rev().map(pay).collect()).await;
    let balance_of = |sum: Option<SignedSum>| sum.map(|sum| (sum.high, sum.low as i64));
    for (kind, from, until, sizes, before, last) in [
        (DayKind::Booking, 0, 0, vec![1_000, 501], 0, 1_000_000 - 15_000),
        (DayKind::Booking, 20_310_102, 20_310_105, vec![4], 999_990, 999_950),
        (DayKind::Value, 20_310_102, 20_310_105, vec![3], 1_000_000, 999_950),
        (DayKind::Value, 19_690_101, 19_691_231, vec![0], 0, 0),
    ] {
        let account = Some(id_of(2));
        let query = QueryDayBalancesRequest { account, kind: kind.into(), from, until };
        let told = client.query_day_balances(with_token(query)).await.unwrap().into_inner();
        let told: Vec<_> = told.map(|message| message.unwrap()).collect().await;
        assert_eq!(
            told.iter().map(|message| message.days.len()).collect::<Vec<_>>(),
            sizes,
            "{kind:?} {from}"
        );
        assert_eq!(balance_of(told[0].before), Some((0, before)));
        assert!(told[1..].iter().all(|message| message.before.is_none()));
        let days: Vec<_> = told.iter().flat_map(|message| &message.days).collect();
        assert!(days.is_sorted_by(|earlier, later| earlier.day < later.day));
        if let Some(day) = days.last() {
            assert_eq!(balance_of(day.balance), Some((0, last)), "{kind:?} {from}");
        }
    }
    for (query, words) in [
        (QueryDayBalancesRequest::default(), "`account`"),
        (QueryDayBalancesRequest { account: Some(id_of(2)), kind: 7, ..Default::default() }, "`kind`"),
        (QueryDayBalancesRequest { account: Some(id_of(2)), until: 3, ..Default::default() }, "`until`"),
    ] {
        let refused = client.query_day_balances(with_token(query)).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert!(refused.message().contains(words), "{refused}");
    }
    bank.ledger.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_call_refuses_the_stranger() {
    let home = Home::sqlite();
    let bank = behind(&home).await;
    let before = bank.ledger.status().await.unwrap().transfers;
    let mut client = connect(bank.address).await;
    for token in
        [None, Some(""), Some("Bearer "), Some("Bearer batch-toke"), Some("Bearer batch-token2"), Some(TOKEN)]
    {
        fn bearing<T>(message: T, token: Option<&str>) -> Request<T> {
            let mut request = Request::new(message);
            if let Some(token) = token {
                request.metadata_mut().insert("authorization", token.parse().unwrap());
            }
            request
        }
        let batch = moving(200_000..200_001);
        let streamed = stream::iter([batch.clone()]);
        let lookup = LookupAccountsRequest { accounts: vec![id_of(2)] };
        let history = QueryHistoryRequest { account: Some(id_of(2)), ..QueryHistoryRequest::default() };
        let days = QueryDayBalancesRequest { account: Some(id_of(2)), ..QueryDayBalancesRequest::default() };
        let codes = [
            client.query_day_balances(bearing(days, token)).await.map(drop).unwrap_err().code(),
            client.create_transfers(bearing(batch, token)).await.map(drop).unwrap_err().code(),
            client.create_transfers_stream(bearing(streamed, token)).await.map(drop).unwrap_err().code(),
            client.lookup_accounts(bearing(lookup, token)).await.map(drop).unwrap_err().code(),
            client.query_history(bearing(history, token)).await.map(drop).unwrap_err().code(),
        ];
        assert_eq!(codes, [Code::Unauthenticated; 5], "{token:?}");
    }
    assert_eq!(bank.ledger.status().await.unwrap().transfers, before);
    bank.ledger.stop().await;
}

/// Bytes that pass for a batch.
struct Junk(Vec<u8>);

impl Outgoing for Junk {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_that_cannot_be_read_does_nothing() {
    let home = Home::sqlite();
    let bank = behind(&home).await;
    let before = bank.ledger.status().await.unwrap();
    let channel = Endpoint::from_shared(format!("http://{}", bank.address)).unwrap().connect().await.unwrap();
    let mut client = tonic::client::Grpc::new(channel);
    let mut good = Vec::new();
    moving(200_000..200_010).write(&mut good);
    let mut ten_good_then_bad = good.clone();
    ten_good_then_bad.extend([0x0a, 0]);
    let path = "/yuanhang.ledger.v1.Ledger/CreateTransfers";
    for (bytes, path, code) in [
        (ten_good_then_bad, path, Code::InvalidArgument),
        (vec![0; 3 << 20], path, Code::OutOfRange),
        (good.clone(), "/yuanhang.ledger.v2.Ledger/CreateTransfers", Code::Unimplemented),
    ] {
        client.ready().await.unwrap();
        let codec = WireCodec::<Junk, Results>::default();
        let answer = client.unary(with_token(Junk(bytes)), path.parse().unwrap(), codec).await;
        assert_eq!(answer.unwrap_err().code(), code);
    }
    let after = bank.ledger.status().await.unwrap();
    assert_eq!((after.transfers, after.head_sequence), (before.transfers, before.head_sequence));
    bank.ledger.stop().await;
}

/// A connection that breaks off in the middle of a batch: what came before is done, the rest is not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_half_sent_batch_does_nothing() {
    let home = Home::sqlite();
    let bank = behind(&home).await;
    let before = bank.ledger.status().await.unwrap().transfers;
    let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = proxy.local_addr().unwrap();
    let to = bank.address;
    let broken = tokio::spawn(async move {
        let (client, _) = proxy.accept().await.unwrap();
        let server = TcpStream::connect(to).await.unwrap();
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = server.into_split();
        let back = tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
        let mut half = (&mut from_client).take(200_000);
        tokio::io::copy(&mut half, &mut to_server).await.unwrap();
        back.abort();
        to_server.shutdown().await.unwrap();
    });
    let mut client = connect(address).await;
    let batches = stream::iter(vec![moving(200_000..208_190)]);
    let answer = client.create_transfers_stream(with_token(batches)).await;
    broken.await.unwrap();
    if let Ok(answers) = answer {
        let answers: Vec<_> = answers.into_inner().collect().await;
        assert!(answers.iter().all(Result::is_err), "{answers:?}");
    }
    assert_eq!(bank.ledger.status().await.unwrap().transfers, before);
    let mut client = connect(bank.address).await;
    let Results(results) =
        client.create_transfers(with_token(moving(200_000..208_190))).await.unwrap().into_inner();
    assert!(results.iter().all(|result| result.as_ref().is_ok_and(|done| !done.repeated)));
    bank.ledger.stop().await;
}

/// A ledger that never answers, and counts what it is asked.
#[derive(Default)]
struct Silent(AtomicUsize);

#[async_trait]
impl Ledger for Silent {
    async fn submit(&self, _: Vec<Command>) -> Result<Vec<Outcome>, Unavailable> {
        Err(Unavailable::Stopping)
    }

    async fn post(&self, _: Vec<Command>) -> Result<Vec<Receipt>, Unavailable> {
        self.0.fetch_add(1, Ordering::Relaxed);
        std::future::pending().await
    }

    async fn balances(&self, _: &[AccountId]) -> Result<Vec<Option<Balance>>, Unavailable> {
        Err(Unavailable::Stopping)
    }

    async fn history(&self, _: HistoryQuery) -> Result<Vec<Movement>, Unavailable> {
        Err(Unavailable::Stopping)
    }

    async fn movement(&self, _: AccountId, _: TransferId) -> Result<Option<Movement>, Unavailable> {
        Err(Unavailable::Stopping)
    }

    async fn outcome(&self, _: TransferId) -> Result<Option<Outcome>, Unavailable> {
        Err(Unavailable::Stopping)
    }

    async fn status(&self) -> Result<Status, Unavailable> {
        Err(Unavailable::Stopping)
    }

    async fn verify(&self) -> Result<Verification, Unavailable> {
        Err(Unavailable::Stopping)
    }
}

/// However much a client sends, four batches of a stream are read until the first is answered.
#[tokio::test]
async fn a_stream_reads_four_batches_ahead_and_no_more() {
    let ledger = Arc::new(Silent::default());
    let desk = Arc::new(Desk::new(Arc::clone(&ledger) as Arc<dyn Ledger>, 262_144));
    let sent = stream::iter((1..=100_u128).map(|at| Ok(moving(at * 200..at * 200 + 200))));
    let body = tonic::codec::EncodeBody::new_client(
        WireCodec::<Batch, Results>::default().encoder(),
        sent,
        None,
        None,
    );
    let decoder = WireCodec::<Results, Batch>::default().decoder();
    let mut pipeline = Pipeline::new(Streaming::new_request(decoder, body, None, None), desk);
    assert!(pipeline.next().now_or_never().is_none());
    assert!(pipeline.next().now_or_never().is_none());
    assert_eq!(ledger.0.load(Ordering::Relaxed), 4);
}
