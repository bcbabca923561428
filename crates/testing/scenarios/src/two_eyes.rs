//! A file of transfers moves money once another has countersigned it, that file and no other, in one process and in parts.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use testkit::{BankBox, COUNTERSIGNATURES, Client, Failed, enroll};
use uuid::Uuid;

const UPLOAD: &str = "/api/ledger/batch/transfers";
const MEDIA: &str = "application/x-ndjson";
/// More than is shown of a body.
const ROWS: usize = 200;

async fn upload(client: &Client, file: &str) -> Result<(u16, Value), Failed> {
    let (status, text) = client.post_file(UPLOAD, MEDIA, file.as_bytes()).await?;
    let first = text.lines().next().unwrap_or_default();
    Ok((status.as_u16(), serde_json::from_str(first)?))
}

/// The id under which a file waits that was not countersigned.
async fn wait(client: &Client, file: &str) -> Result<String, Failed> {
    let (status, answer) = upload(client, file).await?;
    assert_eq!((status, &answer["code"]), (403, &json!("countersignature_needed")), "{answer}");
    Ok(answer["countersignature"].as_str().ok_or("an id")?.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_of_transfers_is_countersigned_whole_or_moves_nothing() -> Result<(), Failed> {
    for bank in BankBox::on_each_store().await? {
        let people = enroll(&bank.books()?, 2, 100_000).await?;
        let [payer, payee] = people.as_slice() else { return Err("two people".into()) };
        let row = |amount: &str| {
            let amount = json!({"amount": amount, "currency": "CNY"});
            let row = json!({
                "id": Uuid::now_v7(), "debit": payer.account.id.to_string(),
                "credit": payee.account.id.to_string(), "amount": amount, "code": 40,
            });
            format!("{row}\n")
        };
        let file: String = (0..ROWS).map(|_| row("1.00")).collect();
        let balance = async || {
            let page = payee.sign_in(&bank.client()).await?;
            let shown = page.get(&format!("/api/accounts/{}", payee.account.id)).await?.expect(200)?;
            Ok::<_, Failed>(shown.body["balance"]["amount"].as_str().unwrap_or_default().to_owned())
        };
        let before = balance().await?;
        let administrator = bank.administrator().await?.alone();
        let colleague = bank.colleague().await?;

        let id = wait(&administrator, &file).await?;
        let seen = colleague.get(&format!("{COUNTERSIGNATURES}/{id}")).await?.expect(200)?.body;
        assert_eq!(
            (&seen["body_sha256"], &seen["body_bytes"], seen.get("body")),
            (&json!(hex::encode(Sha256::digest(&file))), &json!(file.len()), None),
            "{}",
            bank.store
        );
        let changed = file.replacen("1.00", "9.00", 1);
        let other = wait(&administrator, &changed).await?;
        colleague.post(&format!("{COUNTERSIGNATURES}/{id}"), &json!({})).await?.expect(204)?;
        assert_eq!(wait(&administrator, &changed).await?, other, "that file was not countersigned");
        assert_ne!(wait(&colleague, &file).await?, id, "nor may whoever countersigned send it");
        assert_eq!(balance().await?, before, "{}: nothing moved so far", bank.store);

        let (status, first) = upload(&administrator, &file).await?;
        assert_eq!((status, &first["status"]), (200, &json!("ok")), "{first}");
        assert_ne!(balance().await?, before);
        assert_ne!(wait(&administrator, &file).await?, id, "it is used up");
        let record = colleague.get("/api/audit/console/records?action=POST%20/api/ledger&limit=20").await?;
        let records = record.expect(200)?.body["records"].as_array().cloned().unwrap_or_default();
        let done: Vec<_> = records.iter().filter(|one| one["outcome"] == "done").collect();
        assert_eq!(done.len(), 1, "{records:?}");
        assert!(done[0]["countersigned_by"].as_str().is_some_and(|by| by.starts_with("staff:")));
        bank.close().await;
    }
    Ok(())
}
