//! One customer is erased after a whole life at the bank: nothing personal of theirs is readable in any store, log or
//! copy made afterwards, and the books and the record still prove themselves.

mod life;

use std::time::Duration;

use bank::targets::PARTS;
use serde_json::{Value, json};
use testkit::{Child, Client, Failed, Split, enroll};

use self::life::{Life, MARKERS};
use crate::raw::{self, Store, Trace, found};

const PATIENCE: Duration = Duration::from_secs(60);
const WHOLE: &str = "ledger,audit,customers,accounts,messages,identity,payments,gateway";
/// No time to think it over, and nothing that the law would keep, so that all of it is gone today; a second code within
/// the minute, for signing up anew; and logs say what they can.
const SETTINGS: [&str; 5] = [
    "identity.erasure_wait_days=0",
    "identity.erasure_kept_years=0",
    "identity.code_resend_s=0",
    "telemetry.log_filter=debug",
    "messages.outbox_whole=true",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_an_erased_customer_is_left_in_one_process() -> Result<(), Failed> {
    for place in Child::places().await? {
        live(Split::of_with(place, &[WHOLE], 1, &SETTINGS).await?).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_an_erased_customer_is_left_in_several_processes() -> Result<(), Failed> {
    for place in Child::places().await? {
        live(Split::of_with(place, &PARTS, 1, &SETTINGS).await?).await?;
    }
    Ok(())
}

async fn live(bank: Split) -> Result<(), Failed> {
    let name = bank.place().store;
    let friend = enroll(&bank.books()?, 1, 100_000).await?.remove(0);
    let staff = bank.client().sign_in_staff("administrator", "Box-administrator-1").await?;
    let life = Life::live(&bank, &staff, &friend).await?;
    let store = Store::of(bank.place())?;
    let traces = store.traces(life.id).await?;
    assert!(traces.len() > 20, "{name}: {traces:?}");
    let before = store.bytes().await?;
    let unseen: Vec<_> = traces.iter().filter(|trace| !found(&before, trace)).collect();
    assert!(unseen.is_empty(), "{name}: the search would not find {unseen:?}");

    life.leave(&friend).await?;
    gone(&staff, &life).await?;
    nothing_is_left(&store, &traces).await?;
    assert_eq!(life.client.get("/api/customers/me").await?.status, 401, "{name}");
    let stranger = bank.client();
    let nobody = refusal(&stranger, "19911112222").await?;
    assert_eq!(refusal(&stranger, life::PHONE).await?, nobody, "{name}");
    staff_see_nothing(&staff, &life, name).await?;
    friends_keep_their_own(&bank, &staff, &friend, name).await?;
    // What the friend saved of them is the friend's, sealed: nobody else reads it. Nor does a log say anything.
    unread(&store.bytes().await?, name);
    unread(bank.log().as_bytes(), name);

    let again = life::sign_up(&bank.client(), &staff).await?;
    let session = again.get("/api/identity/session").await?.expect(200)?;
    assert_ne!(session.text("/customer/id"), life.id.to_string(), "{name}: a new customer");
    verifies(bank, &store, &traces).await
}

async fn refusal(client: &Client, phone: &str) -> Result<(u16, Value), Failed> {
    let body = json!({"name": phone, "password": life::PASSWORD});
    let answer = client.post("/api/identity/sign-in", &body).await?;
    let mut problem = answer.body;
    problem.as_object_mut().map(|problem| problem.remove("trace_id"));
    Ok((answer.status.as_u16(), problem))
}

/// Waits until staff find nobody.
async fn gone(staff: &Client, life: &Life) -> Result<(), Failed> {
    let asked = async {
        loop {
            let shown = staff.get(&format!("/api/customers/console/{}", life.id)).await?;
            let outbox =
                staff.get(&format!("/api/messages/console/outbox?to={}", life::PHONE)).await?.expect(200)?;
            if shown.status == 404 && outbox.body["messages"] == json!([]) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asked).await.map_err(|_| "the customer is never erased")?
}

/// Waits until no trace is in the store any more.
async fn nothing_is_left(store: &Store, traces: &[Trace]) -> Result<(), Failed> {
    let began = std::time::Instant::now();
    loop {
        let bytes = store.bytes().await?;
        let left: Vec<&Trace> = traces.iter().filter(|trace| found(&bytes, trace)).collect();
        if left.is_empty() {
            return Ok(());
        }
        if began.elapsed() > PATIENCE {
            return Err(format!("{}: still there: {left:?}", store.name).into());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// No personal field stands in `bytes` as its owner would write it.
fn unread(bytes: &[u8], name: &str) {
    for marker in MARKERS {
        assert!(!raw::contains(bytes, marker.as_bytes()), "{name}: `{marker}` can be read");
    }
}

/// Every route by which staff look at a customer, an account, a message or the record.
async fn staff_see_nothing(staff: &Client, life: &Life, name: &str) -> Result<(), Failed> {
    for query in [life::PHONE, &life::number(), life::NAME, &life.id.to_string()] {
        let path = format!("/api/customers/console/search?query={}", life::encoded(query));
        let answer = staff.get(&path).await?.expect(200)?;
        assert_eq!(answer.body["customers"], json!([]), "{name}: {query}");
    }
    let (customer, account) = (life.id, life.account.as_str());
    for path in [
        format!("/api/customers/console/{customer}"),
        format!("/api/accounts/console/search?query={}", life.account_number),
        format!("/api/accounts/console/of-customer/{customer}"),
        format!("/api/accounts/console/{account}"),
        format!("/api/accounts/console/{account}/movements"),
        format!("/api/accounts/console/{account}/state-changes"),
        format!("/api/identity/console/erasures/{customer}"),
        "/api/messages/console/outbox?limit=100".to_owned(),
        format!("/api/audit/console/records?limit=100&subject=customer:{customer}"),
        "/api/audit/console/records?limit=100".to_owned(),
        "/api/identity/console/news".to_owned(),
        "/api/customers/console/news".to_owned(),
        "/api/identity/console/staff".to_owned(),
    ] {
        let answer = staff.get(&path).await?;
        assert!(answer.status == 200 || answer.status == 404, "{name}: {path}: {answer:?}");
        let body = answer.body.to_string();
        unread(body.as_bytes(), &format!("{name}: {path}"));
        assert!(!body.contains(life::DEVICE), "{name}: {path}: {body}");
    }
    Ok(())
}

/// The friend's history says whom they paid, as it did, to the friend alone: it is their record, under their key. Staff
/// who look at it see it masked, as ever.
async fn friends_keep_their_own(
    bank: &Split,
    staff: &Client,
    friend: &testkit::Someone,
    name: &str,
) -> Result<(), Failed> {
    let client = friend.sign_in(&bank.client()).await?;
    let history = client.get(&format!("/api/accounts/{}/movements", friend.account.id)).await?.expect(200)?;
    assert!(history.body.to_string().contains(life::NAME), "{name}: {history:?}");
    let looked =
        staff.get(&format!("/api/accounts/console/{}/movements", friend.account.id)).await?.expect(200)?;
    for marker in [life::NAME, life::PHONE] {
        assert!(!looked.body.to_string().contains(marker), "{name}: {looked:?}");
    }
    let persons = format!("/api/accounts/{}/authorized-persons", friend.account.id);
    assert_eq!(client.get(&persons).await?.expect(200)?.body["persons"], json!([]), "{name}");
    let accounts = client.get("/api/accounts").await?.expect(200)?;
    unread(accounts.body.to_string().as_bytes(), name);
    Ok(())
}

/// After everything has stopped: the files are searched as whoever steals them would, the books verified.
async fn verifies(mut bank: Split, store: &Store, traces: &[Trace]) -> Result<(), Failed> {
    let mut ledger = bank.command_of("ledger")?;
    let mut audit = bank.command_of("audit")?;
    let log = bank.log();
    bank.kill_all().await?;
    unread(log.as_bytes(), store.name);
    for (command, words) in [(&mut ledger, ["ledger", "verify"]), (&mut audit, ["audit", "verify"])] {
        let checked = command.args(words).output().await?;
        assert!(checked.status.success(), "{}: {words:?}: {checked:?}", store.name);
    }
    let bytes = store.bytes().await?;
    assert!(bytes.len() > 100_000, "{}: it is still there", store.name);
    // The phone and the identity number are somebody's again, under another key.
    let key = traces.iter().filter(|trace| trace.what == "keys_data_key.wrapped");
    for trace in key {
        assert!(!found(&bytes, trace), "{}: {trace:?}", store.name);
    }
    unread(&bytes, store.name);
    Ok(())
}
