//! Transfers over HTTP: the file of a payroll, its bad rows, its interruptions; and one at a time.

use std::sync::Arc;
use std::time::Instant;

use ::http::Visitor;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Request, StatusCode};
use contracts::identity::{Assurance, Channel, Principal, Role, Session};
use contracts::ledger::{Act, Asset, Ledger};
use futures_util::stream;
use ids::{AccountId, CustomerId, DeviceId, SessionId, StaffId, TransferId};
use money::Side;
use serde_json::Value;
use tower::ServiceExt;

use super::lines::{LINE_BYTES_MAX, Line, Lines};
use super::{bare_router, upload};
use crate::LocalLedger;
use crate::tests::kit::{Home, beginning, command, do_all, open_account};

const NDJSON: &str = "application/x-ndjson";
const PATH: &str = "/api/ledger/batch/transfers";

async fn ledger(home: &Home, accounts: u128) -> Arc<LocalLedger> {
    let ledger = home.open().await;
    do_all(&ledger, beginning(accounts)).await;
    ledger
}

fn router(ledger: &Arc<LocalLedger>) -> Router {
    let authority = Arc::new(policies::PolicySet::embedded().unwrap());
    upload::routes(Arc::clone(ledger) as Arc<dyn Ledger>).governed(authority).into_router()
}

fn visitor(principal: Principal) -> Visitor {
    let now = clock::Timestamp::now();
    let session = Session {
        id: SessionId::mint(),
        principal: principal.clone(),
        channel: Channel::Console,
        device: DeviceId::mint(),
        assurance: Assurance::TwoFactor,
        started_at: now,
        expires_at: now,
        device_key: None,
        // What takes two pairs of eyes is countersigned elsewhere.
        emergency_until: Some(now),
    };
    match principal {
        Principal::Customer(_) => Visitor { customer: Some(session), ..Visitor::default() },
        Principal::Staff(..) => Visitor { staff: Some(session), ..Visitor::default() },
        Principal::ThirdParty(..) => Visitor { third_party: Some(session), ..Visitor::default() },
    }
}

fn administrator() -> Visitor {
    visitor(Principal::Staff(StaffId::mint(), Role::Administrator))
}

fn file(visitor: Visitor, media_type: &str, language: &str, body: Body) -> Request<Body> {
    let request = Request::post(PATH).header("content-type", media_type).header("accept-language", language);
    let mut request = request.body(body).unwrap();
    request.extensions_mut().insert(visitor);
    request
}

async fn answers(router: &Router, request: Request<Body>) -> Vec<Value> {
    let response = router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-type"], NDJSON);
    let bytes = to_bytes(response.into_body(), 1 << 30).await.unwrap();
    bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect()
}

async fn upload_english(router: &Router, text: String) -> Vec<Value> {
    answers(router, file(administrator(), NDJSON, "en", Body::from(text))).await
}

fn row(number: u128, debit: u128, credit: u128, amount: &str) -> String {
    row_in(number, debit, credit, amount, "CNY")
}

fn row_in(number: u128, debit: u128, credit: u128, amount: &str, currency: &str) -> String {
    let (id, debit, credit) =
        (TransferId::from_u128(number), AccountId::from_u128(debit), AccountId::from_u128(credit));
    format!(
        "{{\"id\":\"{id}\",\"debit\":\"{debit}\",\"credit\":\"{credit}\",\
         \"amount\":{{\"amount\":\"{amount}\",\"currency\":\"{currency}\"}},\"code\":40}}"
    )
}

fn statuses(answers: &[Value]) -> Vec<(u64, &str)> {
    answers
        .iter()
        .map(|answer| (answer["row"].as_u64().unwrap(), answer["status"].as_str().unwrap()))
        .collect()
}

/// 100,000 salaries, 50 of them wrong in one of five ways.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payroll_of_100_000_rows_posts_all_but_the_50_bad_ones() {
    const ROWS: u128 = 100_000;
    let home = Home::sqlite();
    let ledger = ledger(&home, 1_000).await;
    let before = ledger.status().await.unwrap().transfers;
    let mut text = String::new();
    for at in 0..ROWS {
        let (id, payee) = (1_000_000 + at, 2 + at % 999);
        let line = match at {
            _ if at % 2_000 != 7 => row(id, 1, payee, "85.20"),
            _ if at % 10_000 == 7 => row(id, 1, 5_000_000, "85.20"),
            _ if at % 10_000 == 2_007 => row(id, 1, payee, "85.205"),
            _ if at % 10_000 == 4_007 => row_in(id, 1, payee, "85.20", "USD"),
            _ if at % 10_000 == 6_007 => row(id, payee, 1, "99999999.00"),
            _ => "{\"id\":\"not an id\"}".to_owned(),
        };
        text.push_str(&line);
        text.push('\n');
    }
    let router = router(&ledger);
    let bytes = Bytes::from(text);
    let chunks: Vec<Bytes> =
        (0..bytes.len()).step_by(65_536).map(|at| bytes.slice(at..(at + 65_536).min(bytes.len()))).collect();
    let in_pieces =
        || Body::from_stream(stream::iter(chunks.clone().into_iter().map(Ok::<_, std::io::Error>)));
    let started = Instant::now();
    let answered = answers(&router, file(administrator(), NDJSON, "en", in_pieces())).await;
    println!("100,000 rows answered in {:?}", started.elapsed());
    assert_eq!(answered.len(), 100_000);
    assert!(answered.iter().zip(1..).all(|(answer, row)| answer["row"] == row));
    let bad: Vec<_> = answered.iter().filter(|answer| answer["status"] != "ok").collect();
    assert_eq!(bad.len(), 50);
    assert!(bad.iter().all(
        |answer| answer["reason"].as_str().unwrap().ends_with('.') || answer["status"] == "malformed_row"
    ));
    for status in [
        "credit_account_unknown",
        "amount_over_scale",
        "currency_mismatch",
        "insufficient_funds",
        "malformed_row",
    ] {
        assert_eq!(bad.iter().filter(|answer| answer["status"] == status).count(), 10, "{status}");
    }
    assert_eq!(ledger.status().await.unwrap().transfers, before + 99_950);
    assert_eq!(answered[0]["credit_balance"]["amount"], "10085.20");

    // The same file again, and broken off in the middle: nothing moves twice.
    let again = answers(&router, file(administrator(), NDJSON, "en", in_pieces())).await;
    assert_eq!(again.iter().filter(|answer| answer["status"] == "repeated").count(), 99_950);
    assert_eq!(ledger.status().await.unwrap().transfers, before + 99_950);
    ledger.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_rows_are_named_and_stop_no_other() {
    let home = Home::sqlite();
    let ledger = ledger(&home, 4).await;
    let usd = Asset::try_new("USD").unwrap();
    let mut dollars = open_account(50, Side::Credit, None);
    if let Act::OpenAccount(open) = &mut dollars {
        open.asset = usd;
    }
    do_all(
        &ledger,
        vec![command(90_001, Act::RegisterAsset { asset: usd, scale: 2 }), command(90_002, dollars)],
    )
    .await
    .into_iter()
    .for_each(|outcome| drop(outcome.unwrap()));
    let router = router(&ledger);
    let good = |number| row(number, 2, 3, "0.01");
    let long = format!("{}{}", " ".repeat(LINE_BYTES_MAX), good(9));
    let unknown_field = good(6).replace("\"code\"", "\"memo\":\"x\",\"code\"");
    let text = [
        good(200_001),
        String::new(),
        long,
        "\r".to_owned(),
        unknown_field,
        "[1,2".to_owned(),
        good(200_002).replace("\"code\":40", "\"code\":0"),
        row(200_003, 2, 2, "1.00"),
        row(200_004, 2, 3, "0.00"),
        row(200_005, 50, 3, "1.00"),
        row_in(200_006, 2, 3, "1.00", "ZZZ"),
        good(200_001),
        row(200_001, 2, 3, "0.02"),
        good(200_007),
    ]
    .join("\n");
    let answered = upload_english(&router, text.clone()).await;
    let expected = [
        (1, "ok"),
        (3, "line_too_long"),
        (5, "malformed_row"),
        (6, "malformed_row"),
        (7, "invalid_field"),
        (8, "same_account"),
        (9, "amount_not_positive"),
        (10, "currency_mismatch"),
        (11, "unknown_currency"),
        (12, "repeated"),
        (13, "id_reused"),
        (14, "ok"),
    ];
    assert_eq!(statuses(&answered), expected);
    assert_eq!(answered[5]["reason"], "Debit and credit name the same account.");
    assert!(answered[2]["reason"].as_str().unwrap().contains("memo"));
    let chinese = answers(&router, file(administrator(), NDJSON, "zh-CN", Body::from(text))).await;
    assert_eq!(chinese[5]["reason"], "付款账户与收款账户相同。");
    ledger.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_that_breaks_off_may_be_sent_again() {
    let home = Home::sqlite();
    let ledger = ledger(&home, 4).await;
    let router = router(&ledger);
    let lines: Vec<String> = (0..100).map(|at| row(200_000 + at, 2, 3, "0.01")).collect();
    let whole = lines.join("\n");
    let half = whole.as_bytes()[..whole.len() / 2 + 10].to_vec();
    let complete = half.iter().filter(|byte| **byte == b'\n').count();
    let broken = stream::iter([Ok(half), Err(std::io::Error::other("gone"))]);
    let answered = answers(&router, file(administrator(), NDJSON, "en", Body::from_stream(broken))).await;
    assert_eq!(answered.len(), complete);
    let answered = upload_english(&router, whole).await;
    let repeated = answered.iter().filter(|answer| answer["status"] == "repeated").count();
    assert_eq!((repeated, answered.len()), (complete, 100));
    assert_eq!(answered[99]["debit_balance"]["amount"], "9999.00");
    ledger.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_administrators_send_files_of_the_right_kind() {
    let home = Home::sqlite();
    let ledger = ledger(&home, 4).await;
    let router = router(&ledger);
    let staff = |role| visitor(Principal::Staff(StaffId::mint(), role));
    for (visitor, media_type, status) in [
        (Visitor::default(), NDJSON, 401),
        (visitor(Principal::Customer(CustomerId::mint())), NDJSON, 401),
        (staff(Role::Viewer), NDJSON, 403),
        (staff(Role::Operator), NDJSON, 403),
        (administrator(), "application/json", 415),
        (administrator(), "", 415),
        (administrator(), "application/x-ndjson; charset=utf-8", 200),
    ] {
        let request = file(visitor, media_type, "en", Body::empty());
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{media_type}");
    }
    ledger.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_transfer_is_answered_by_one_result() {
    let home = Home::sqlite();
    let ledger = ledger(&home, 4).await;
    let router = bare_router(Arc::clone(&ledger) as Arc<dyn Ledger>);
    for (body, status, code) in [
        (row(200_001, 2, 3, "0.01"), 200, "ok"),
        (row(200_001, 2, 3, "0.01"), 200, "repeated"),
        (row(200_002, 2, 77, "0.01"), 409, "credit_account_unknown"),
        (row(200_003, 77, 2, "0.01"), 409, "debit_account_unknown"),
        (row_in(200_004, 2, 3, "0.01", "USD"), 422, "currency_mismatch"),
        ("{}".to_owned(), 422, "malformed_row"),
    ] {
        let request = Request::post("/transfers").body(Body::from(body)).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status().as_u16(), status);
        let answer: Value =
            serde_json::from_slice(&to_bytes(response.into_body(), 4_096).await.unwrap()).unwrap();
        assert_eq!(answer["status"], code);
    }
    ledger.stop().await;
}

#[test]
fn lines_are_put_together_from_pieces_of_any_size() {
    let text = b"one\n\ntwo and more\r\nthree";
    for size in 1..text.len() {
        let mut lines = Lines::default();
        let mut found = Vec::new();
        for piece in text.chunks(size) {
            let mut piece = piece;
            while let Some(line) = lines.next(&mut piece) {
                found.push(line);
            }
        }
        found.extend(lines.last());
        let whole = |text: &str| Line::Whole(text.as_bytes().to_vec());
        assert_eq!(found, [whole("one"), whole(""), whole("two and more\r"), whole("three")]);
    }
}
