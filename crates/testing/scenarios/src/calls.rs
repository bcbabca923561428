//! A customer calls: the telephone system signs them in by their PIN or their word in the app, and asks in their name for what
//! policies leave to a call.

use reqwest::Method;
use serde_json::{Value, json};
use testkit::{BankBox, Client, Failed, Someone, enroll};
use uuid::Uuid;

use crate::third_parties::Program;

const CALLS: &str = "/api/identity/third-party/calls";
const SESSION: &str = "/api/identity/session";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_who_calls_is_signed_in_and_moves_nothing_alone() -> Result<(), Failed> {
    for bank in BankBox::on_each_store().await? {
        let people = enroll(&bank.books()?, 2, 100_000).await?;
        let mut system = Program::register(&bank.administrator().await?, &["phone_channel"]).await?;
        story(&bank.client(), &mut system, &people).await?;
        others_sign_nobody_in(&bank.administrator().await?, &people[0]).await?;
        bank.close().await;
    }
    Ok(())
}

/// Somebody calls: where the call is signed in, and the number that is read out.
async fn call(system: &mut Program, phone: &str) -> Result<(String, Value), Failed> {
    system.enter(None).await?.expect(200)?;
    let begun =
        system.call(Method::POST, CALLS, Some(&json!({"caller_number": phone}))).await?.expect(201)?;
    Ok((format!("{CALLS}/{}/session", begun.text("/id")), begun.body["number"].clone()))
}

async fn story(stranger: &Client, system: &mut Program, people: &[Someone]) -> Result<(), Failed> {
    let [owner, payee] = people else { return Err("two people".into()) };
    assert_eq!(system.enter(None).await?.expect(200)?.text("/scope"), "phone_channel");
    assert_eq!(system.get("/api/accounts").await?, (401, "not_signed_in".to_owned()), "without a call");

    let (session, _) = call(system, &owner.phone).await?;
    let wrong = system.call(Method::POST, &session, Some(&json!({"pin": "000000"}))).await?;
    assert_eq!((wrong.status.as_u16(), wrong.code()), (403, "call_pin_refused"));
    let given = system.call(Method::POST, &session, Some(&json!({"pin": owner.pin}))).await?.expect(200)?;
    system.ask_with(given.text("/access_token"));
    assert_eq!(system.get("/api/accounts").await?.0, 200);
    for path in ["/api/identity/sessions", "/api/identity/calls", "/api/customers/consents"] {
        assert_eq!(system.get(path).await?, (403, "not_allowed".to_owned()), "{path}");
    }
    let order = owner.order(payee, "1.00", "");
    let refused = system.ordering(&order, &Uuid::now_v7().to_string()).await?;
    assert_eq!((refused.status.as_u16(), refused.code()), (403, "approval_impossible"));
    let stolen = Client::new(stranger.base()).with_token(given.text("/access_token"));
    assert_eq!(stolen.get(SESSION).await?.code(), "proof_missing");
    system.call(Method::POST, "/api/identity/sign-out", Some(&json!({}))).await?.expect(204)?;
    assert_eq!(system.get(SESSION).await?.0, 401);

    // By the app.
    let app = owner.sign_in(stranger).await?;
    let (session, number) = call(system, &owner.phone).await?;
    let waits = system.call(Method::POST, &session, Some(&json!({}))).await?.expect(202)?;
    assert_eq!(waits.body, json!({"state": "open"}));
    let asked = app.get("/api/identity/calls").await?.expect(200)?;
    let approval = format!("/api/identity/calls/{}/approval", asked.text("/calls/0/id"));
    app.post(&approval, &json!({"number": number})).await?.expect(204)?;
    let given = system.call(Method::POST, &session, Some(&json!({}))).await?.expect(200)?;
    system.ask_with(given.text("/access_token"));
    let seen = system.call(Method::GET, SESSION, None).await?.expect(200)?;
    assert_eq!((seen.text("/channel"), seen.text("/customer/id")), ("phone", owner.id.to_string().as_str()));
    let methods: Vec<Value> = app.get("/api/identity/sign-ins").await?.expect(200)?.body["sign_ins"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| json!([row["method"], row["refused"]]))
        .collect();
    let expected = [
        json!(["call_approval", false]),
        json!(["password", false]),
        json!(["call_pin", false]),
        json!(["call_pin", true]),
    ];
    assert_eq!(methods, expected);
    Ok(())
}

async fn others_sign_nobody_in(administrator: &Client, someone: &Someone) -> Result<(), Failed> {
    let mut other = Program::register(administrator, &["rates"]).await?;
    other.enter(None).await?.expect(200)?;
    let asked = json!({"caller_number": someone.phone});
    assert_eq!(other.call(Method::POST, CALLS, Some(&asked)).await?.code(), "not_allowed");
    Ok(())
}
