//! Every personal field of a whole bank bears a marker, customers do all they can, and then each role of staff asks
//! everything there is to ask: no marker is found in any answer, log, trace, metric or printed line, but where a field was
//! shown whole with a reason that is on record. No secret is found anywhere at all.

mod markers;
mod people;
mod routes;

use std::time::Duration;

use bank::books::Books;
use bank::composition::Bank;
use contracts::payments::TRANSFER_POSTED;
use db::outbox::{self, Event};
use ids::EventId;
use serde_json::{Value, json};
use testkit::{Child, Client, Failed, Place, Said, Split, SystemClock};
use tokio::process::Command;

use self::markers::value;
use self::people::{STAFF, STAFF_PASSWORD, World, live, seed};
use self::routes::{crawl, described, never_answered, undescribed};
use crate::raw::Store;

/// A payload that nobody can read, and what stands in it.
const NEWS: &str = "news.payload";
const UNREADABLE: &str = "翊骧甍的转账";

/// A bank in one process or in five.
enum Served {
    Whole(Box<Child>),
    Parts(Box<Split>),
}

/// As verbose as it can be told to be, and signing its record at once.
fn settings(outbox_whole: bool) -> Vec<String> {
    let whole = format!("messages.outbox_whole={outbox_whole}");
    vec!["telemetry.log_filter=trace".to_owned(), "audit.checkpoint_every_s=1".to_owned(), whole]
}

impl Served {
    fn client(&self) -> Client {
        match self {
            Self::Whole(child) => child.client.clone(),
            Self::Parts(split) => split.client(),
        }
    }

    async fn stop(self) -> Result<(), Failed> {
        match self {
            Self::Whole(child) => child.kill().await,
            Self::Parts(split) => split.stop().await,
        }
    }
}

async fn books_of(place: &Place) -> Result<(Bank, Books), Failed> {
    let bank = Bank::open(&place.configuration, std::sync::Arc::new(SystemClock)).await?;
    let books = bank.books()?;
    Ok((bank, books))
}

/// Signs in with one of the names of [`STAFF`].
async fn desk(client: &Client, name: &str) -> Result<Client, Failed> {
    client.sign_in_staff(name, STAFF_PASSWORD).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_find_nothing_personal_unmasked_in_a_whole_bank() -> Result<(), Failed> {
    for mut place in Child::places().await? {
        let (endpoint, traces) = crate::traces::collecting().await?;
        place.configuration.telemetry.otlp.endpoint = Some(endpoint);
        let said = Said::default();
        let (bank, books) = books_of(&place).await?;
        let mut world = seed(&books).await?;
        unreadable_news(&bank).await?;
        world.markers.add(NEWS, UNREADABLE, false);
        bank.close().await;

        let child = Child::serve_heard(&place, &settings(true), &said).await?;
        let operator = desk(&child.client, "operator").await?;
        live(&mut world, &child.client, &operator).await?;
        child.kill().await?;
        let served = Served::Whole(Box::new(Child::serve_heard(&place, &settings(false), &said).await?));
        set_aside(&desk(&served.client(), "administrator").await?).await?;
        let mut hits = search(&served.client(), &mut world).await?;
        served.stop().await?;
        hits.extend(printed(&place, &world).await?);
        let stores = Store::of(&place)?.bytes().await?;
        // News that was set aside is kept as it came, to be mended and heard after all.
        let mut sealed = world.markers.clone();
        sealed.0.retain(|marker| marker.field != NEWS);
        hits.extend(sealed.hit("a store", &String::from_utf8_lossy(&stores)));
        hits.extend(world.markers.hit("the log", &said.text()));
        assert!(said.text().contains("\"level\":\"DEBUG\""), "the log is not verbose");
        let traces = traces.borrow().text.clone();
        assert!(traces.contains("POST /api/payments/transfers"), "no traces were collected");
        hits.extend(world.markers.hit("a trace", &traces));
        none(place.store, &hits)?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn staff_find_nothing_personal_unmasked_in_a_bank_of_five_processes() -> Result<(), Failed> {
    for place in Child::places().await? {
        let (store, said) = (place.store, Said::default());
        let mut split = Split::start_heard(place, &settings(true), &said).await?;
        let mut world = seed(&split.books()?).await?;
        let operator = desk(&split.client(), "operator").await?;
        live(&mut world, &split.client(), &operator).await?;
        split.kill("messages,identity").await?;
        split.set("messages,identity", 0, "messages.outbox_whole=false");
        split.restart("messages,identity").await?;
        let served = Served::Parts(Box::new(split));
        let mut hits = search(&served.client(), &mut world).await?;
        served.stop().await?;
        hits.extend(world.markers.hit("a log", &said.text()));
        none(store, &hits)?;
    }
    Ok(())
}

/// # Errors
/// Something was found.
fn none(store: &str, hits: &[String]) -> Result<(), Failed> {
    if hits.is_empty() {
        return Ok(());
    }
    Err(format!("{store}: {} hits, the first:\n{}", hits.len(), hits[..hits.len().min(12)].join("\n")).into())
}

/// Everything over HTTP, by strangers and by each role: where a marker was found.
async fn search(stranger: &Client, world: &mut World) -> Result<Vec<String>, Failed> {
    let (routes, description) = described(stranger).await?;
    assert_eq!(
        undescribed(&description),
        Default::default(),
        "fields of answers are not described as personal"
    );
    let mut shown = unmask(stranger, world).await?;
    shown += &world.told;
    let found = world.markers.in_text(&shown);
    let hidden: Vec<_> =
        world.markers.0.iter().filter(|marker| marker.shown && !found.contains(marker.field)).collect();
    assert!(hidden.is_empty(), "nobody is shown these, so that the crawl proves nothing of them: {hidden:?}");

    two_pairs_of_eyes(stranger, world).await?;
    let (mut answers, mut hits) = (Vec::new(), Vec::new());
    for answered in crawl(stranger, &routes, world).await? {
        hits.extend(
            world.markers.hit(&format!("the answer to a stranger, {},", answered.line), &answered.text),
        );
    }
    for (name, role) in STAFF.iter().take(3) {
        let client = desk(stranger, name).await?;
        for answered in crawl(&client, &routes, world).await? {
            hits.extend(
                world.markers.hit(&format!("the answer to {role:?}, {},", answered.line), &answered.text),
            );
            answers.push(answered);
        }
        client.post("/api/identity/console/sign-out", &json!({})).await?.expect(204)?;
    }
    assert_eq!(never_answered(&routes, &answers), Default::default(), "routes that no role was answered");
    assert!(answers.len() > 500, "{} answers", answers.len());
    Ok(hits)
}

/// Something that waits for a second pair of eyes, and an emergency that is over.
async fn two_pairs_of_eyes(stranger: &Client, world: &mut World) -> Result<(), Failed> {
    let administrator = desk(stranger, "administrator").await?;
    let person = world.customers.first().ok_or("no customer")?;
    let path = format!("/api/identity/console/erasures/{person}");
    let waits = administrator.post(&path, &json!({})).await?.expect(403)?;
    world.countersignatures.push(waits.text("/countersignature").to_owned());
    let path = "/api/identity/console/emergencies";
    let why = json!({"reason": "outage", "reference": "CASE-9"});
    let emergency = administrator.post(path, &why).await?.expect(201)?;
    let id = emergency.text("/id").to_owned();
    administrator.call(reqwest::Method::DELETE, &format!("{path}/{id}"), None, None).await?.expect(200)?;
    world.emergencies.push(id);
    Ok(())
}

/// Each field whole, once, by an operator; and each time what the record says of it. Gives what was shown.
async fn unmask(stranger: &Client, world: &World) -> Result<String, Failed> {
    let (operator, administrator) =
        (desk(stranger, "operator").await?, desk(stranger, "administrator").await?);
    let [person, business, joined] = world.customers.as_slice() else { return Err("three customers".into()) };
    let [own, theirs, third] = world.accounts.as_slice() else { return Err("three accounts".into()) };
    let transfer = world.transfers.first().ok_or("no transfer")?;
    let of = |id: &dyn std::fmt::Display| format!("/api/customers/console/{id}/unmask");
    let account = |id: &dyn std::fmt::Display| format!("/api/accounts/console/{id}/unmask");
    let movement = format!("/api/accounts/console/{own}/movements/{transfer}/unmask");
    let number = |field: &str| {
        world.markers.0.iter().find(|marker| marker.field == field).map(|marker| marker.value.clone())
    };
    let mut shown = String::new();
    let rows: Vec<(String, &str, Option<String>)> = vec![
        (of(person), "name", Some(value("person.name").into())),
        (of(person), "id_number", Some(value("person.id_number").into())),
        (of(person), "phone", Some(value("person.phone").into())),
        (of(person), "born_on", Some(value("person.born_on").into())),
        (of(person), "address", Some(value("person.address").into())),
        (of(business), "name", Some(value("business.name").into())),
        (of(business), "id_number", Some(value("business.credit_code").into())),
        (of(business), "phone", Some(value("business.phone").into())),
        (of(business), "representative", Some(value("business.representative").into())),
        (of(business), "address", Some(value("business.address").into())),
        (of(joined), "name", Some(value("joined.name").into())),
        (of(joined), "id_number", Some(value("joined.id_number").into())),
        (of(joined), "phone", Some(value("joined.phone").into())),
        (account(own), "account_number", number("person.account")),
        (account(theirs), "account_number", number("business.account")),
        (account(third), "account_number", number("joined.account")),
        (movement.clone(), "counterparty_name", Some(value("business.name").into())),
        (movement, "memo", Some(value("transfer.memo").into())),
    ];
    for (at, (path, field, whole)) in rows.iter().enumerate() {
        let (reference, purpose) = (format!("CASE-{at}"), ["complaint", "identity_check"][at % 2]);
        let body = json!({"field": field, "purpose": purpose, "reference": reference});
        let answer = operator.post(path, &body).await?.expect(200)?;
        assert_eq!(Some(answer.text("/value")), whole.as_deref(), "{path} {field}");
        shown += &answer.body.to_string();
        let viewer = desk(stranger, "viewer").await?.post(path, &body).await?;
        assert_eq!((viewer.status.as_u16(), viewer.code()), (403, "not_allowed"), "{path}");
        let record = record_of(&administrator, &reference).await?;
        assert_eq!(record["unmasked"], json!({"field": field, "purpose": purpose, "reference": reference}));
        assert_eq!(record["outcome"], "done");
    }
    let refused = operator
        .post(&of(person), &json!({"field": "memo", "purpose": "complaint", "reference": "C-1"}))
        .await?;
    assert_eq!((refused.status.as_u16(), refused.code()), (422, "invalid_field"));
    Ok(shown)
}

/// The record that bears this reference.
async fn record_of(administrator: &Client, reference: &str) -> Result<Value, Failed> {
    let path = "/api/audit/console/records?limit=100&action=POST%20";
    let found = administrator.get(path).await?.expect(200)?;
    let records = found.body["records"].as_array().cloned().unwrap_or_default();
    let of_case = records.into_iter().find(|record| record["unmasked"]["reference"] == reference);
    of_case.ok_or_else(|| format!("`{reference}` is not on record").into())
}

/// What the commands print, with a log as verbose as it can be.
async fn printed(place: &Place, world: &World) -> Result<Vec<String>, Failed> {
    let (proof, archive) = (place.folder().join("proof.json"), place.folder().join("archive"));
    let transfer = world.transfers.first().ok_or("no transfer")?;
    let commands: [Vec<&str>; 9] = [
        vec!["audit", "verify", "--json"],
        vec!["audit", "key"],
        vec!["audit", "prove", "--record", "0"],
        vec!["audit", "prove-growth", "--since", "1"],
        vec!["ledger", "verify"],
        vec!["ledger", "stat", "--json"],
        vec!["ledger", "prove", "--transfer", transfer, "--out", proof.to_str().unwrap_or_default()],
        vec!["ledger", "archive", "--to", archive.to_str().unwrap_or_default()],
        vec!["config"],
    ];
    let (mut read, mut hits) = (0, Vec::new());
    for arguments in commands {
        let mut command: Command = Child::command(place)?;
        let output = command.args(["--set", "telemetry.log_filter=trace"]).args(&arguments).output().await?;
        for bytes in [&output.stdout, &output.stderr] {
            let what = format!("what {arguments:?} prints");
            hits.extend(world.markers.hit(&what, &String::from_utf8_lossy(bytes)));
            read += bytes.len();
        }
    }
    assert!(read > 2_000, "the commands print {read} bytes");
    Ok(hits)
}

/// News that no reaction can read, and that holds what a payload may: it is set aside and shown to staff without it.
async fn unreadable_news(bank: &Bank) -> Result<(), Failed> {
    let event = Event {
        id: EventId::mint(),
        topic: TRANSFER_POSTED.to_owned(),
        key: String::new(),
        payload: json!({"transfer": UNREADABLE, "payer": UNREADABLE}),
        occurred_at: clock::Clock::now(&SystemClock),
    };
    let written = bank.store().write(move |tx| {
        let event = event.clone();
        Box::pin(async move { outbox::announce(tx, &event).await })
    });
    Ok(written.await?)
}

/// Waits until it is set aside.
async fn set_aside(administrator: &Client) -> Result<(), Failed> {
    let asked = async {
        loop {
            let seen = administrator.get("/api/payments/console/news").await?.expect(200)?;
            if seen.body["dead"] == 1 {
                return Ok(());
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), asked).await.map_err(|_| "nothing was set aside")?
}
