//! The master key is exchanged by commands beside a bank that serves, and customers notice nothing.

use std::sync::Arc;

use serde_json::{Value, json};
use testkit::{Child, Client, Failed, Place, Someone, enroll};
use uuid::Uuid;

/// Runs `yuanhang keys …` on the bank at `place`; what it prints.
async fn keys(place: &Place, words: &str) -> Result<String, Failed> {
    let output = Child::command(place)?.arg("keys").args(words.split(' ')).output().await?;
    let said = String::from_utf8(output.stdout)?;
    let complained = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() {
        Ok(said)
    } else {
        Err(format!("{}: {said}{complained}", place.store).into())
    }
}

async fn keys_json(place: &Place, words: &str) -> Result<Value, Failed> {
    Ok(serde_json::from_str(&keys(place, words).await?)?)
}

/// A customer's data opens, a session holds, a PIN is right, and a payee is found by phone.
async fn nothing_is_noticed(client: &Client, payer: &Someone, payee: &Someone) -> Result<(), Failed> {
    client.get("/api/customers/me").await?.expect(200)?;
    let order = payer.order(payee, "1.00", "晚饭");
    let key = Uuid::now_v7().to_string();
    client.post_keyed("/api/payments/transfers", &order, &key).await?.expect(201)?;
    payer.sign_in(client).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_master_key_is_exchanged_beside_a_serving_bank() -> Result<(), Failed> {
    for place in Child::places().await? {
        let clock = Arc::new(testkit::SystemClock);
        let bank = bank::composition::Bank::open(&place.configuration, clock).await?;
        let people = enroll(&bank.books()?, 3, 100_000).await?;
        bank.close().await;
        let [payer, payee, third] = people.as_slice() else { return Err("three people".into()) };
        let child = Child::serve(&place).await?;
        let client = payer.sign_in(&child.client).await?;
        nothing_is_noticed(&client, payer, payee).await?;

        let refused = keys(&place, "retire 1").await.map(|_| ()).unwrap_err().to_string();
        assert!(refused.contains("generation 1 is in use"), "{refused}");
        let rotated = keys_json(&place, "rotate --json").await?;
        assert_eq!(rotated, json!({"generation": 2, "in_use": true}), "{}", place.store);
        nothing_is_noticed(&client, payer, third).await?;
        let rewrapped = keys_json(&place, "rewrap --json").await?;
        assert!(rewrapped["rewrapped"].as_u64() >= Some(3) && rewrapped["damaged"] == 0, "{rewrapped}");
        keys(&place, "retire 1 --erase").await?;
        let status = keys_json(&place, "status --json").await?;
        assert_eq!(status["generations"][0]["wraps"], 0, "{status}");
        assert_eq!(status["generations"][0]["in_key_file"], false, "{status}");
        assert_eq!(status["generations"][1]["newest"], true, "{status}");
        assert!(keys(&place, "status").await?.contains("retired"));
        nothing_is_noticed(&client, payer, payee).await?;
        child.kill().await?;

        // And one that starts anew has what was wrapped by the first key from the second.
        let child = Child::serve(&place).await?;
        let client = client.at(&child.client);
        nothing_is_noticed(&client, payer, third).await?;
        child.kill().await?;
        let checked = Child::command(&place)?.args(["audit", "verify"]).output().await?;
        assert!(checked.status.success(), "{}: {checked:?}", place.store);
    }
    Ok(())
}
