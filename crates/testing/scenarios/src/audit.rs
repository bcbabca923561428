//! What customers do and what staff look at is in the audit record, by ids alone, and the record proves itself.

use std::time::Duration;

use proofs::PublicKey;
use serde_json::{Value, json};
use testkit::{BankBox, Client, Failed, Someone, enroll};
use uuid::Uuid;

const RECORDS: &str = "/api/audit/console/records";

/// The actions recorded about something, the oldest first, once `wanted` is among them.
async fn recorded(administrator: &Client, about: &str, wanted: &str) -> Result<Vec<Value>, Failed> {
    let asked = async {
        loop {
            let found = administrator.get(&format!("{RECORDS}?limit=100&{about}")).await?.expect(200)?;
            let mut records = found.body["records"].as_array().cloned().unwrap_or_default();
            if records.iter().any(|record| record["action"] == wanted) {
                records.reverse();
                return Ok(records);
            }
            tokio::task::yield_now().await;
        }
    };
    let found = tokio::time::timeout(Duration::from_secs(20), asked).await;
    found.map_err(|_| format!("`{wanted}` is not recorded about {about}"))?
}

fn actions(records: &[Value]) -> Vec<&str> {
    records.iter().filter_map(|record| record["action"].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_customers_do_and_staff_look_at_is_recorded() -> Result<(), Failed> {
    for bank in BankBox::on_each_store_also_failing().await? {
        let people = enroll(&bank.books()?, 2, 10_000).await?;
        let [payer, payee] = people.as_slice() else { return Err("two people".into()) };
        let paying = payer.sign_in(&bank.client()).await?;
        let order = payer.order(payee, "1.00", "晚饭");
        let key = Uuid::now_v7().to_string();
        paying.post_keyed("/api/payments/transfers", &order, &key).await?.expect(201)?;

        let administrator = bank.administrator().await?;
        let account = format!("/api/accounts/console/{}", payee.account.id);
        administrator.get(&account).await?.expect(200)?;
        let reason = json!({"reason": "court order in this test"});
        administrator.post(&format!("{account}/freeze"), &reason).await?.expect(200)?;
        administrator.post(&format!("{account}/freeze"), &json!({"reason": ""})).await?.expect(422)?;

        let about = format!("subject=account:{}", payee.account.id);
        recorded(&administrator, &about, "payments.transfer_posted").await?;
        let records = recorded(&administrator, &about, "accounts.state_changed").await?;
        // What failed was asked again.
        let answered = |record: &&Value| record["session"].is_string() && record["outcome"] != "http_503";
        let by_staff: Vec<_> = records.iter().filter(answered).cloned().collect();
        let freeze = "POST /api/accounts/console/{id}/freeze";
        assert_eq!(actions(&by_staff), ["GET /api/accounts/console/{id}", freeze, freeze], "{}", bank.store);
        let outcomes: Vec<_> = by_staff.iter().filter_map(|record| record["outcome"].as_str()).collect();
        assert_eq!(outcomes, ["done", "done", "http_422"], "{}", bank.store);
        let whose = administrator.get("/api/identity/console/session").await?.expect(200)?;
        assert!(by_staff.iter().all(|record| record["actor"] == format!("staff:{}", whose.text("/id"))));
        let by_payer = format!("actor=customer:{}", payer.id);
        recorded(&administrator, &by_payer, "payments.transfer_posted").await?;
        recorded(&administrator, &by_payer, "identity.signed_in").await?;
        proves_itself(&bank, &administrator, &people).await?;
        bank.close().await;
    }
    Ok(())
}

/// Every line is right, and none names anybody.
async fn proves_itself(bank: &BankBox, administrator: &Client, people: &[Someone]) -> Result<(), Failed> {
    let all = administrator.get(&format!("{RECORDS}?limit=100")).await?.expect(200)?.body.to_string();
    for someone in people {
        for personal in [&someone.name, &someone.phone, &someone.account.number] {
            assert!(!all.contains(personal.as_str()), "{}: {all}", bank.store);
        }
    }
    let key = administrator.get("/api/audit/console/key").await?.expect(200)?;
    let key = PublicKey::parse(key.text("/public_key")).ok_or("no key")?;
    let found = audit::verify(bank.store_of("audit")?.reader(), &key, &[]).await?;
    assert!(found.verified && found.records > 5, "{}: {found:?}", bank.store);
    Ok(())
}
