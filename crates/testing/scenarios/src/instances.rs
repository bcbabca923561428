//! A bank of which every service runs in two processes on one PostgreSQL, either of which may die at any moment:
//! customers go on with the other one, and whatever was acknowledged is there, once.

use std::collections::BTreeMap;
use std::time::Duration;

use bank::targets::PARTS;
use testkit::{Answer, Child, Client, Failed, Someone, Split, enroll};
use uuid::Uuid;

use crate::processes::{balance, pay};

/// The whole bank in one process.
const WHOLE: [&str; 1] = ["ledger,customers,messages,identity,audit,accounts,payments,gateway"];
/// Payments while one process is away.
const PAYMENTS: usize = 8;

/// Asks at one door after the other with the same key until there is an answer that is not «later».
async fn pay_at_any(clients: &[Client], from: &Someone, to: &Someone, key: &str) -> Result<Answer, Failed> {
    for client in clients.iter().cycle() {
        match pay(client, from, to, key).await {
            Ok(answer) if !answer.status.is_server_error() => return Ok(answer),
            _ => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
    Err("there is no door".into())
}

async fn either_dies(parts: &[&'static str]) -> Result<(), Failed> {
    let on_postgres = |place: &testkit::Place| place.store == "postgres";
    for place in Child::places().await?.into_iter().filter(on_postgres) {
        let mut split = Split::of(place, parts, 2).await?;
        let people = enroll(&split.books()?, 2, 100_000).await?;
        let [payer, payee] = people.as_slice() else { return Err("two people".into()) };
        // One session, at every door.
        let doors = split.clients();
        let first = doors.first().ok_or("no door")?;
        let signed_in = payer.sign_in(first).await?;
        let clients: Vec<Client> = doors.iter().map(|door| signed_in.at(door)).collect();
        let mut paid: BTreeMap<String, String> = BTreeMap::new();
        for part in parts {
            for at in 0..2 {
                split.kill_one(part, at).await?;
                let keys: Vec<String> = (0..PAYMENTS).map(|_| Uuid::now_v7().to_string()).collect();
                for key in keys {
                    let answer = pay_at_any(&clients, payer, payee, &key).await?;
                    let answer = answer.expect(201).map_err(|error| format!("{part} {at}: {error}"))?;
                    paid.insert(key, answer.text("/transfer_id").to_owned());
                }
                split.restart_one(part, at).await?;
            }
        }
        for (key, transfer) in &paid {
            let again = pay_at_any(&clients, payer, payee, key).await?.expect(201)?;
            assert_eq!(again.text("/transfer_id"), transfer, "the same key is the same transfer");
        }
        let count = parts.len() * 2 * PAYMENTS;
        assert_eq!(paid.len(), count);
        assert_eq!(balance(&signed_in, payer).await?, format!("{}.00", 1_000 - count));
        let receiving = payee.sign_in(first).await?;
        assert_eq!(balance(&receiving, payee).await?, format!("{}.00", 1_000 + count));
        let told =
            tokio::time::timeout(Duration::from_secs(60), split.wait_for_messages(&payee.phone, count));
        told.await.map_err(|_| "the payee is not told of everything")??;
        split.stop().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_part_runs_twice_and_either_dies() -> Result<(), Failed> {
    either_dies(&PARTS).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_whole_bank_runs_twice_and_either_dies() -> Result<(), Failed> {
    either_dies(&WHOLE).await
}
