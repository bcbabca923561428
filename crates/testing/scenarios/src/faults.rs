//! Transactions that must be repeated, commits of which nobody knows, news that comes twice and in another order:
//! the end is as without them.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{BankBox, Client, Failed, Someone, enroll};
use uuid::Uuid;

const PEOPLE: usize = 4;
const PAYMENTS: usize = 30;
const BALANCE: i64 = 100_000;

async fn pay(client: &Client, from: &Someone, to: &Someone, fen: usize, key: &str) -> Result<Value, Failed> {
    let order = from.order(to, &format!("{}.{:02}", fen / 100, fen % 100), "");
    loop {
        let answer = client.post_keyed("/api/payments/transfers", &order, key).await?;
        // As any app does: what is not known is asked again, with the same key.
        if !answer.status.is_server_error() {
            return Ok(answer.expect(201)?.body);
        }
        tokio::task::yield_now().await;
    }
}

async fn balance(client: &Client, of: &Someone) -> Result<String, Failed> {
    let answer = client.get(&format!("/api/accounts/{}", of.account.id)).await?.expect(200)?;
    Ok(answer.text("/balance/amount").to_owned())
}

/// Payments of everybody to the next; what each has at the end, in fen.
fn expected() -> Vec<i64> {
    let mut balances = vec![BALANCE; PEOPLE];
    for payer in 0..PEOPLE {
        for payment in 0..PAYMENTS {
            let fen = i64::try_from(amount(payer, payment)).unwrap_or(0);
            balances[payer] -= fen;
            balances[(payer + 1) % PEOPLE] += fen;
        }
    }
    balances
}

const fn amount(payer: usize, payment: usize) -> usize {
    1 + payer * 100 + payment
}

async fn movements_told(administrator: &Client, phone: &str) -> Result<usize, Failed> {
    let path = format!("/api/messages/console/outbox?limit=100&to={phone}");
    let outbox = administrator.get(&path).await?.expect(200)?;
    let messages = outbox.body["messages"].as_array().cloned().unwrap_or_default();
    Ok(messages.iter().filter(|message| message["kind"] == "movement").count())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failures_of_the_database_and_of_delivery_change_nothing_in_the_end() -> Result<(), Failed> {
    let mut towns = Vec::new();
    for bank in BankBox::on_each_store().await? {
        towns.push(Town::of(bank).await?);
    }
    towns.iter().for_each(|town| town.bank.begin_failing(4, 20_261_126));
    // All at once: each waits some seconds for what is recovered.
    let living: Vec<_> = towns.into_iter().map(|town| tokio::spawn(town.live())).collect();
    let mut lived = Vec::new();
    for task in living {
        lived.push(task.await??);
    }
    for town in lived {
        let made = town.bank.end_failing();
        assert!(made > 50, "{}: only {made} failures", town.bank.store);
        town.compare().await?;
    }
    Ok(())
}

/// A bank whose customers pay each other.
struct Town {
    bank: BankBox,
    people: Vec<Someone>,
    clients: Vec<Client>,
    administrator: Client,
}

impl Town {
    async fn of(bank: BankBox) -> Result<Self, Failed> {
        let people = enroll(&bank.books()?, PEOPLE, BALANCE).await?;
        let mut clients = Vec::new();
        for someone in &people {
            clients.push(someone.sign_in(&bank.client()).await?);
        }
        let administrator = bank.administrator().await?;
        Ok(Self { bank, people, clients, administrator })
    }

    /// Everybody pays the next, each payment asked for twice, until all are told of all of it.
    async fn live(self) -> Result<Self, Failed> {
        let paying: Vec<_> = (0..PEOPLE)
            .map(|payer| {
                let (client, from) = (self.clients[payer].clone(), self.people[payer].clone());
                let to = self.people[(payer + 1) % PEOPLE].clone();
                tokio::spawn(async move {
                    for payment in 0..PAYMENTS {
                        let (key, fen) = (Uuid::now_v7().to_string(), amount(payer, payment));
                        let first = pay(&client, &from, &to, fen, &key).await?;
                        let again = pay(&client, &from, &to, fen, &key).await?;
                        assert_eq!(first["transfer_id"], again["transfer_id"]);
                    }
                    Ok::<(), Failed>(())
                })
            })
            .collect();
        let store = self.bank.store;
        for task in paying {
            task.await?.map_err(|error| format!("{store}: {error}"))?;
        }
        let told = async {
            for someone in &self.people {
                while movements_told(&self.administrator, &someone.phone).await? < 2 * PAYMENTS {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
            Ok::<(), Failed>(())
        };
        let told = tokio::time::timeout(Duration::from_secs(90), told).await;
        told.map_err(|_| format!("{store}: somebody is not told"))??;
        Ok(self)
    }

    /// The end is as it would be without failures.
    async fn compare(self) -> Result<(), Failed> {
        let store = self.bank.store;
        for ((someone, client), expected) in self.people.iter().zip(&self.clients).zip(expected()) {
            let expected = format!("{}.{:02}", expected / 100, expected % 100);
            assert_eq!(balance(client, someone).await?, expected, "{store}");
            let told = movements_told(&self.administrator, &someone.phone).await?;
            assert_eq!(told, 2 * PAYMENTS, "{store}: each is told once");
        }
        let verified =
            self.administrator.post("/api/ledger/console/verify", &json!({})).await?.expect(200)?;
        assert_eq!(verified.body["verified"], true, "{store}: {:?}", verified.body);
        self.bank.close().await;
        Ok(())
    }
}
