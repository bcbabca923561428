//! Money moves once, or not at all, and everybody sees the same of it: in a whole bank, a split one, and one whose
//! transactions fail on purpose.

use std::time::Duration;

use ids::TransferId;
use serde_json::{Value, json};
use testkit::{Answer, BankBox, Client, Failed, Someone, enroll};
use uuid::Uuid;

fn order(from: &Someone, to: &Someone, amount: &str) -> Value {
    from.order(to, amount, "晚饭")
}

async fn pay(client: &Client, body: &Value, key: &str) -> Result<Answer, Failed> {
    client.post_keyed("/api/payments/transfers", body, key).await
}

async fn balance(client: &Client, someone: &Someone) -> Result<String, Failed> {
    let answer = client.get(&format!("/api/accounts/{}", someone.account.id)).await?.expect(200)?;
    Ok(answer.text("/balance/amount").to_owned())
}

/// The history of this account, once its newest movement says what it means: at once, but where the words were lost on
/// their way to the store, as soon as the bank has written them again.
async fn described(client: &Client, someone: &Someone, bank: &BankBox) -> Result<Answer, Failed> {
    let path = format!("/api/accounts/{}/movements", someone.account.id);
    let asked = async {
        loop {
            let history = client.get(&path).await?.expect(200)?;
            if !bank.is_failing() || !history.text("/movements/0/memo").is_empty() {
                return Ok(history);
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), asked)
        .await
        .map_err(|_| format!("{}: a movement is never described", bank.store))?
}

/// Waits until a message to this phone says so.
async fn notice_of(administrator: &Client, phone: &str, words: &str) -> Result<(), Failed> {
    loop {
        let path = format!("/api/messages/console/outbox?to={phone}");
        let outbox = administrator.get(&path).await?.expect(200)?;
        if outbox.body.to_string().contains(words) {
            return Ok(());
        }
        tokio::task::yield_now().await;
    }
}

fn key() -> String {
    Uuid::now_v7().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transfer_reaches_the_payee_with_receipt_and_notice() -> Result<(), Failed> {
    for bank in BankBox::on_each_store_also_failing().await? {
        let people = enroll(&bank.books()?, 2, 10_000).await?;
        let [payer, payee] = people.as_slice() else { return Err("two people".into()) };
        let (paying, receiving) =
            (payer.sign_in(&bank.client()).await?, payee.sign_in(&bank.client()).await?);
        let posted = pay(&paying, &order(payer, payee, "12.30"), &key()).await?.expect(201)?;
        assert_eq!(posted.text("/balance/amount"), "87.70", "{}: the reply carries the balance", bank.store);
        assert_eq!(balance(&receiving, payee).await?, "112.30");

        let history = described(&receiving, payee, &bank).await?;
        assert_eq!(history.text("/movements/0/memo"), "晚饭", "{:?}", history.body);
        assert_eq!(history.text("/movements/0/direction"), "in");
        assert_eq!(history.text("/movements/0/balance_after/amount"), "112.30");

        let transfer = posted.text("/transfer_id").to_owned();
        let path = format!("/api/accounts/{}/movements/{transfer}", payer.account.id);
        let movement = paying.get(&path).await?.expect(200)?;
        let code = movement.text("/receipt/verification_code");
        let checked =
            bank.client().get(&format!("/api/accounts/receipt-checks/{code}")).await?.expect(200)?;
        assert_eq!(checked.text("/amount/amount"), "12.30");
        assert!(!checked.body.to_string().contains(&payer.account.number), "the public check is masked");
        let wrong: String = code.chars().rev().collect();
        let refused = bank.client().get(&format!("/api/accounts/receipt-checks/{wrong}")).await?;
        assert_eq!(refused.status.as_u16(), 404);

        let administrator = bank.administrator().await?;
        let verified = administrator.post("/api/ledger/console/verify", &json!({})).await?.expect(200)?;
        assert_eq!(verified.body["verified"], true, "{:?}", verified.body);
        for (someone, words) in [(payer, "12.30"), (payee, "112.30")] {
            let told = async { notice_of(&administrator, &someone.phone, words).await };
            tokio::time::timeout(Duration::from_secs(20), told)
                .await
                .map_err(|_| format!("{}: {} is not told", bank.store, someone.phone))??;
        }
        bank.close().await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_key_pays_once_however_often_and_from_however_many() -> Result<(), Failed> {
    for bank in BankBox::on_each_store_also_failing().await? {
        let people = enroll(&bank.books()?, 2, 10_000).await?;
        let [payer, payee] = people.as_slice() else { return Err("two people".into()) };
        let paying = payer.sign_in(&bank.client()).await?;
        let (body, once) = (order(payer, payee, "1.00"), key());
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let (paying, body, once) = (paying.clone(), body.clone(), once.clone());
                tokio::spawn(async move { pay(&paying, &body, &once).await })
            })
            .collect();
        let mut ids = std::collections::BTreeSet::new();
        for task in tasks {
            let answer = task.await??;
            if answer.status.as_u16() == 201 || answer.status.as_u16() == 200 {
                ids.insert(answer.text("/id").to_owned());
            }
        }
        assert_eq!(ids.len(), 1, "{}", bank.store);
        assert_eq!(balance(&paying, payer).await?, "99.00", "{}", bank.store);
        let other = pay(&paying, &order(payer, payee, "2.00"), &once).await?;
        assert_eq!((other.status.as_u16(), other.code()), (409, "idempotency_key_reused"));
        assert_eq!(balance(&paying, payer).await?, "99.00");
        bank.close().await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn racing_spends_never_overdraw() -> Result<(), Failed> {
    for bank in BankBox::on_each_store_also_failing().await? {
        let people = enroll(&bank.books()?, 2, 1_000).await?;
        let [payer, payee] = people.as_slice() else { return Err("two people".into()) };
        let paying = payer.sign_in(&bank.client()).await?;
        let tasks: Vec<_> = (0..12)
            .map(|_| {
                let (paying, body) = (paying.clone(), order(payer, payee, "3.00"));
                tokio::spawn(async move { pay(&paying, &body, &key()).await })
            })
            .collect();
        let mut posted = 0;
        for task in tasks {
            let answer = task.await??;
            match answer.status.as_u16() {
                201 => posted += 1,
                409 => assert_eq!(answer.code(), "insufficient_funds"),
                _ => return Err(format!("{answer:?}").into()),
            }
        }
        assert_eq!(posted, 3, "{}", bank.store);
        assert_eq!(balance(&paying, payer).await?, "1.00", "{}", bank.store);
        bank.close().await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_orders_change_nothing_and_say_why() -> Result<(), Failed> {
    for bank in BankBox::on_each_store_also_failing().await? {
        let people = enroll(&bank.books()?, 2, 10_000).await?;
        let [payer, payee] = people.as_slice() else { return Err("two people".into()) };
        let paying = payer.sign_in(&bank.client()).await?;
        let mut rows: Vec<(Value, u16, &str)> = Vec::new();
        for (amount, code) in [
            ("0", "amount_not_positive"),
            ("-5", "amount_not_positive"),
            ("1.001", "amount_over_scale"),
            ("99999999999999999999", "amount_out_of_range"),
            ("1e2", "amount_malformed"),
        ] {
            rows.push((order(payer, payee, amount), 422, code));
        }
        let with = |pointer: &str, value: Value| {
            let mut body = order(payer, payee, "1.00");
            if let Some(place) = body.pointer_mut(pointer) {
                *place = value;
            }
            body
        };
        rows.push((order(payer, payee, "100.01"), 409, "insufficient_funds"));
        rows.push((with("/amount/currency", json!("XYZ")), 422, "unknown_currency"));
        rows.push((with("/amount/currency", json!("USD")), 409, "currency_mismatch"));
        rows.push((with("/from_account", json!(payee.account.id.to_string())), 404, "not_found"));
        rows.push((with("/to/account_number", json!("6230580000000000000")), 404, "payee_unknown"));
        rows.push((with("/to/account_number", json!(payer.account.number)), 409, "same_account"));
        rows.push((with("/name", json!("别的人")), 409, "payee_name_mismatch"));
        rows.push((with("/pin", json!("000001")), 403, "pin_wrong"));
        for (body, status, code) in rows {
            let answer = pay(&paying, &body, &key()).await?;
            assert_eq!((answer.status.as_u16(), answer.code()), (status, code), "{}: {body}", bank.store);
        }
        assert_eq!(balance(&paying, payer).await?, "100.00", "{}", bank.store);
        bank.close().await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn limits_of_a_day_hold_and_a_freeze_stops_everything() -> Result<(), Failed> {
    for bank in BankBox::on_each_store_also_failing().await? {
        let people = enroll(&bank.books()?, 2, 10_000).await?;
        let [payer, payee] = people.as_slice() else { return Err("two people".into()) };
        let paying = payer.sign_in(&bank.client()).await?;
        let limits = json!({
            "account": payer.account.id.to_string(),
            "per_transfer": {"amount": "20.00", "currency": "CNY"},
            "per_day": {"amount": "30.00", "currency": "CNY"},
            "per_month": {"amount": "1000.00", "currency": "CNY"},
            "pin": payer.pin,
        });
        let changed = paying.call(reqwest::Method::PUT, "/api/payments/limits", Some(&limits), None).await?;
        changed.expect(200)?;
        for (amount, status, code) in [
            ("20.01", 409, "limit_per_transfer"),
            ("20.00", 201, ""),
            ("10.01", 409, "limit_per_day"),
            ("10.00", 201, ""),
        ] {
            let answer = pay(&paying, &order(payer, payee, amount), &key()).await?;
            assert_eq!((answer.status.as_u16(), answer.code()), (status, code), "{} {amount}", bank.store);
        }
        let administrator = bank.administrator().await?;
        let path = format!("/api/accounts/console/{}/freeze", payee.account.id);
        administrator.post(&path, &json!({"reason": "court order in this test"})).await?.expect(200)?;
        let receiving = payee.sign_in(&bank.client()).await?;
        let answer = pay(&receiving, &order(payee, payer, "1.00"), &key()).await?;
        assert_eq!((answer.status.as_u16(), answer.code()), (409, "account_frozen"), "{}", bank.store);
        bank.close().await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_is_there_after_a_restart() -> Result<(), Failed> {
    for bank in BankBox::on_each_store_also_failing().await? {
        let people = enroll(&bank.books()?, 2, 10_000).await?;
        let [payer, payee] = people.as_slice() else { return Err("two people".into()) };
        let paying = payer.sign_in(&bank.client()).await?;
        let posted = pay(&paying, &order(payer, payee, "5.00"), &key()).await?.expect(201)?;
        let transfer: TransferId = posted.text("/transfer_id").parse()?;
        let bank = bank.restart().await?;
        let movement = bank.books()?.ledger.movement(payee.account.id, transfer).await?;
        assert_eq!(movement.map(|movement| movement.amount), Some(500), "{}", bank.store);
        let paying = payer.sign_in(&bank.client()).await?;
        assert_eq!(balance(&paying, payer).await?, "95.00", "{}", bank.store);
        bank.close().await;
    }
    Ok(())
}
