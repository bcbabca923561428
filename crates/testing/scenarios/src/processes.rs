//! A bank in five processes of the built binary, as an operator starts them, of which one after the other is killed
//! and comes back: whatever was acknowledged is there, once, and both sides are told of it.

use std::collections::BTreeMap;
use std::time::Duration;

use testkit::{Answer, Child, Client, Failed, Someone, Split, enroll};
use uuid::Uuid;

/// Who dies, in this order, each while customers pay.
const KILLED: [&str; 5] = ["payments", "customers,accounts", "ledger,audit", "messages,identity", "gateway"];
const PAYMENTS: usize = 12;

pub(crate) async fn pay(client: &Client, from: &Someone, to: &Someone, key: &str) -> Result<Answer, Failed> {
    let order = from.order(to, "1.00", "");
    client.post_keyed("/api/payments/transfers", &order, key).await
}

/// Asks with the same key until there is an answer that is not «later».
pub(crate) async fn pay_until_answered(
    client: &Client,
    from: &Someone,
    to: &Someone,
    key: &str,
) -> Result<Answer, Failed> {
    loop {
        match pay(client, from, to, key).await {
            Ok(answer) if !answer.status.is_server_error() => return Ok(answer),
            _ => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

pub(crate) async fn balance(client: &Client, of: &Someone) -> Result<String, Failed> {
    let answer = client.get(&format!("/api/accounts/{}", of.account.id)).await?.expect(200)?;
    Ok(answer.text("/balance/amount").to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_process_dies_and_nothing_acknowledged_is_lost_or_doubled() -> Result<(), Failed> {
    for place in Child::places().await? {
        let store = place.store;
        let mut split = Split::start(place).await?;
        let people = enroll(&split.books()?, 2, 100_000).await?;
        let [payer, payee] = people.as_slice() else { return Err("two people".into()) };
        let mut paid: BTreeMap<String, String> = BTreeMap::new();
        for killed in KILLED {
            // Signed in before somebody dies, and still afterwards: sessions are durable.
            let client = payer.sign_in(&split.client()).await?;
            let keys: Vec<String> = (0..PAYMENTS).map(|_| Uuid::now_v7().to_string()).collect();
            let paying: Vec<_> = keys
                .iter()
                .map(|key| {
                    let (client, key) = (client.clone(), key.clone());
                    let (payer, payee) = (payer.clone(), payee.clone());
                    tokio::spawn(async move { pay_until_answered(&client, &payer, &payee, &key).await })
                })
                .collect();
            tokio::task::yield_now().await;
            split.kill(killed).await?;
            split.restart(killed).await?;
            for (key, answer) in keys.into_iter().zip(paying) {
                let answer = answer.await?.map_err(|error| format!("{store}, {killed}: {error}"))?;
                let answer = answer.expect(201).map_err(|error| format!("{store}, {killed}: {error}"))?;
                paid.insert(key, answer.text("/transfer_id").to_owned());
            }
        }
        let client = payer.sign_in(&split.client()).await?;
        for (key, transfer) in &paid {
            let again = pay(&client, payer, payee, key).await?.expect(201)?;
            assert_eq!(again.text("/transfer_id"), transfer, "{store}: the same key is the same transfer");
        }
        let count = KILLED.len() * PAYMENTS;
        assert_eq!(paid.len(), count);
        assert_eq!(balance(&client, payer).await?, format!("{}.00", 1_000 - count), "{store}");
        let receiving = payee.sign_in(&split.client()).await?;
        assert_eq!(balance(&receiving, payee).await?, format!("{}.00", 1_000 + count), "{store}");
        let told = split.wait_for_messages(&payee.phone, count);
        tokio::time::timeout(Duration::from_secs(60), told)
            .await
            .map_err(|_| format!("{store}: the payee is not told of everything"))??;
        split.stop().await?;
    }
    Ok(())
}

/// Generated books say so, whatever process serves them: here one that has another data directory.
async fn said_to_be_generated() -> Result<(), Failed> {
    for place in Child::places().await?.into_iter().filter(|place| place.store == "postgres") {
        let mut generate = Child::command(&place)?;
        generate.args(["generate", "--customers", "2", "--months", "1", "--seed", "1"]);
        assert!(generate.output().await?.status.success(), "a bank is generated");
        let serving = Child::serve_elsewhere(&place).await?;
        let about = serving.client.get("/api/about").await?.expect(200)?;
        assert_eq!(about.body["demonstration"], true);
        serving.kill().await?;
    }
    Ok(())
}

/// What an operator and a developer see of a split bank is what they see of a whole one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_split_bank_describes_itself_whole_and_says_who_is_away() -> Result<(), Failed> {
    let mut described = Vec::new();
    for bank in testkit::BankBox::on_each_store().await? {
        let whole = bank.client().get("/api/openapi.json").await?.expect(200)?;
        let paths = whole.body["paths"].as_object().map(|paths| paths.len()).unwrap_or_default();
        described.push((bank.store, paths, bank.entries().len()));
        bank.close().await;
    }
    let [(_, paths, routes), rest @ ..] = described.as_slice() else { return Err("no bank".into()) };
    assert!(*paths > 40, "{described:?}");
    assert!(rest.iter().all(|(_, other, entries)| (other, entries) == (paths, routes)), "{described:?}");

    said_to_be_generated().await?;
    let Some(place) = Child::places().await?.into_iter().next() else { return Err("no place".into()) };
    let mut split = Split::start(place).await?;
    assert_eq!(split.client().get("/readyz").await?.status.as_u16(), 200);
    split.kill("messages,identity").await?;
    let away = split.client().get("/readyz").await?;
    assert_eq!(away.status.as_u16(), 503, "the gateway cannot find out who asks");
    let refused = split.client().get("/api/accounts").await?;
    assert_eq!((refused.status.as_u16(), refused.code()), (401, "not_signed_in"), "a stranger is a stranger");
    split.restart("messages,identity").await?;
    let ready = async {
        while split.client().get("/readyz").await?.status.as_u16() != 200 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok::<(), Failed>(())
    };
    tokio::time::timeout(Duration::from_secs(20), ready).await??;
    split.stop().await
}
