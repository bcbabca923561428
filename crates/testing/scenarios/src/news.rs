//! News that a reaction cannot read is set aside, seen by staff without its content, and heard once it is mended and
//! replayed; what follows it goes on all the while.

use std::collections::BTreeSet;
use std::time::Duration;

use contracts::identity::Role;
use contracts::payments::{TRANSFER_POSTED, TransferPosted};
use db::outbox::{self, Event};
use ids::EventId;
use money::Currency;
use reqwest::Method;
use sea_orm::{ConnectionTrait, Statement};
use secrecy::Secret;
use serde_json::{Value, json};
use testkit::{Answer, BankBox, Client, Failed, Someone, enroll};
use tokio::task::LocalSet;
use uuid::Uuid;

const NEWS: &str = "/api/payments/console/news";
/// Longer than a reaction takes to refuse twenty times.
const PATIENCE: Duration = Duration::from_secs(60);
/// A name that no page may show.
const NAME: &str = "测试客户的名字";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_letter_is_seen_mended_and_replayed() -> Result<(), Failed> {
    // All at once: each waits some seconds until news is refused often enough.
    let here = LocalSet::new();
    let banks = BankBox::on_each_store().await?;
    let living: Vec<_> = banks.into_iter().map(|bank| here.spawn_local(live(bank))).collect();
    here.run_until(async {
        for task in living {
            task.await??;
        }
        Ok(())
    })
    .await
}

async fn live(bank: BankBox) -> Result<(), Failed> {
    let people = enroll(&bank.books()?, 2, 10_000).await?;
    let [payer, payee] = people.as_slice() else { return Err("two people".into()) };
    let administrator = bank.administrator().await?;
    let paying = payer.sign_in(&bank.client()).await?;
    let posted = pay(&paying, payer, payee).await?;
    told(&administrator, &payee.phone, 1).await?;

    let event = Event {
        id: EventId::mint(),
        topic: TRANSFER_POSTED.to_owned(),
        key: String::new(),
        payload: json!({"transfer": NAME}),
        occurred_at: bank.clock().now(),
    };
    let id = event.id;
    announce(&bank, event).await?;
    pay(&paying, payer, payee).await?;
    told(&administrator, &payee.phone, 2).await?;
    let seen = set_aside(&administrator, 0).await?;
    assert_eq!(seen.text("/letters/0/id"), id.to_string(), "{}", bank.store);
    assert_eq!(seen.text("/letters/0/topic"), TRANSFER_POSTED);
    assert_eq!(seen.body["letters"][0]["heard_by"], json!(["audit", "messages"]), "{}", bank.store);
    assert_eq!(seen.body["letters"][0]["attempts"], 20);
    let why = seen.text("/letters/0/failure");
    assert!(why.contains("messages.movements: the payload cannot be read"), "{}: {why}", bank.store);
    assert!(!seen.body.to_string().contains(NAME), "{}: {:?}", bank.store, seen.body);

    only_those_who_may(&bank, id).await?;
    let path = format!("{NEWS}/{id}/replay");
    administrator.call(Method::POST, &path, None, None).await?.expect(204)?;
    let again = set_aside(&administrator, 1).await?;
    let session = administrator.get("/api/identity/console/session").await?.expect(200)?;
    assert_eq!(again.text("/letters/0/replays/0/staff"), session.text("/id"), "{}", bank.store);

    mend(&bank, id, &right(payer, payee, &posted)?).await?;
    administrator.call(Method::POST, &path, None, None).await?.expect(204)?;
    told(&administrator, &payee.phone, 3).await?;
    let refused = administrator.call(Method::POST, &path, None, None).await?.expect(409)?;
    assert_eq!(refused.code(), "news_not_set_aside");
    let after = administrator.get(NEWS).await?.expect(200)?;
    assert_eq!((&after.body["dead"], &after.body["letters"]), (&json!(0), &json!([])), "{}", bank.store);
    every_topic_is_announced(&bank).await?;
    bank.close().await;
    Ok(())
}

async fn pay(client: &Client, from: &Someone, to: &Someone) -> Result<Answer, Failed> {
    let key = Uuid::now_v7().to_string();
    client.post_keyed("/api/payments/transfers", &from.order(to, "1.00", ""), &key).await?.expect(201)
}

/// Waits until so many movements were told to this phone.
async fn told(administrator: &Client, phone: &str, count: usize) -> Result<(), Failed> {
    let path = format!("/api/messages/console/outbox?to={phone}");
    until(&format!("{count} messages"), administrator, &path, |body| {
        let messages = body["messages"].as_array().into_iter().flatten();
        messages.filter(|message| message["kind"] == "movement").count() == count
    })
    .await
    .map(drop)
}

/// Waits until one letter is set aside that was replayed so often.
async fn set_aside(administrator: &Client, replays: usize) -> Result<Answer, Failed> {
    until("a dead letter", administrator, NEWS, |body| {
        let replayed = body["letters"][0]["replays"].as_array().map(Vec::len);
        body["dead"] == 1 && replayed == Some(replays)
    })
    .await
}

async fn until(
    what: &str,
    client: &Client,
    path: &str,
    holds: impl Fn(&Value) -> bool,
) -> Result<Answer, Failed> {
    let asked = async {
        loop {
            let answer = client.get(path).await?.expect(200)?;
            if holds(&answer.body) {
                return Ok(answer);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asked).await.map_err(|_| format!("{path} never tells of {what}"))?
}

/// Operators see it; administrators alone have it replayed; another service knows nothing of it.
async fn only_those_who_may(bank: &BankBox, id: EventId) -> Result<(), Failed> {
    let password = "Box-operator-12";
    bank.books()?.identity.ensure_staff("operator", Secret::new(password.into()), Role::Operator).await?;
    let operator = bank.client().sign_in_staff("operator", password).await?;
    assert_eq!(operator.get(NEWS).await?.expect(200)?.body["dead"], 1);
    let replay = async |client: &Client, service: &str| {
        let path = format!("/api/{service}/console/news/{id}/replay");
        let answer = client.call(Method::POST, &path, None, None).await?;
        Ok::<_, Failed>((answer.status.as_u16(), answer.code().to_owned()))
    };
    assert_eq!(replay(&operator, "payments").await?, (403, "not_allowed".to_owned()));
    assert_eq!(replay(&bank.administrator().await?, "accounts").await?, (404, "not_found".to_owned()));
    let wrong = operator.get(&format!("{NEWS}?limit=0")).await?.expect(422)?;
    assert_eq!(wrong.text("/field"), "limit");
    Ok(())
}

async fn announce(bank: &BankBox, event: Event) -> Result<(), Failed> {
    let written = bank.store_of("payments")?.write(move |tx| {
        let event = event.clone();
        Box::pin(async move { outbox::announce(tx, &event).await })
    });
    Ok(written.await?)
}

/// What the broken news should have said.
fn right(payer: &Someone, payee: &Someone, posted: &Answer) -> Result<String, Failed> {
    let news = TransferPosted {
        transfer: posted.text("/transfer_id").parse()?,
        debit: payer.account.id,
        credit: payee.account.id,
        amount_minor: 100,
        currency: Currency::CNY,
        payer: payer.id,
        payee: payee.id,
    };
    Ok(serde_json::to_string(&news)?)
}

/// As a better program, which reads what the one before could not.
async fn mend(bank: &BankBox, id: EventId, payload: &str) -> Result<(), Failed> {
    let payload = payload.to_owned();
    let written = bank.store_of("payments")?.write(move |tx| {
        let values = [payload.clone().into(), id.to_bytes().to_vec().into()];
        let sql = "UPDATE outbox_event SET payload = $1 WHERE id = $2";
        let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
        Box::pin(async move { tx.execute_raw(statement).await.map(drop) })
    });
    Ok(written.await?)
}

/// Whatever was announced by now, its service says that it announces: else staff would not see it.
async fn every_topic_is_announced(bank: &BankBox) -> Result<(), Failed> {
    let services = bank::composition::services();
    let announced: BTreeSet<&str> =
        services.iter().flat_map(|service| service.announces()).copied().collect();
    for heard in services.iter().flat_map(|service| service.hears()) {
        assert!(announced.contains(heard), "nobody announces {heard}");
    }
    let mut found = 0;
    for service in &services {
        let reader = bank.store_of(service.name())?.reader();
        let sql = "SELECT DISTINCT topic FROM outbox_event";
        let statement = Statement::from_string(reader.get_database_backend(), sql);
        for row in reader.query_all_raw(statement).await? {
            let topic: String = row.try_get_by_index(0)?;
            assert!(announced.contains(topic.as_str()), "nobody says that `{topic}` is announced");
            found += 1;
        }
    }
    assert!(found > 0);
    Ok(())
}
