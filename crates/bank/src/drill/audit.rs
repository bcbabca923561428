//! What customers and staff find when they look afterwards: the same key is the same transfer, every transfer stands
//! in both histories once, the balances are what was acknowledged, everybody was told once.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::Failed;
use super::client::{App, Question};
use super::count::{Acknowledged, Histories, Verdict, balance_told, judge, told};
use super::load::{Act, Record, payment, sign_in};
use super::people::{Customer, OPENING_MINOR, PAYERS, STAFF};

/// How long a question of the audit is asked again where the bank says «later».
const INSISTENCE: Duration = Duration::from_secs(60);
/// How long what follows the journal may take to have followed it: histories, messages.
const FOLLOWING: Duration = Duration::from_secs(60);
/// Messages are told after the fact, through several processes.
const TELLING: Duration = Duration::from_secs(180);
/// How long is waited for messages that would come again.
const LATENESS: Duration = Duration::from_secs(5);

/// Of what is wrong, so many are shown.
const SHOWN: u64 = 5;

/// Looks at the bank from outside.
pub(super) struct Auditor {
    customers: Arc<Vec<Customer>>,
    app: App,
    gateways: Vec<SocketAddr>,
    tokens: BTreeMap<usize, String>,
    histories: Histories,
    /// The newest movement of each customer that is in the histories.
    newest: BTreeMap<usize, u64>,
}

/// What an audit found, over everything so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) verdict: Verdict,
    /// Keys that were acknowledged and now name something else.
    pub(super) changed: u64,
    /// Customers whose balance is not explained by what was acknowledged.
    pub(super) balances_wrong: u64,
}

fn acknowledged(acts: &[Act]) -> Vec<Acknowledged> {
    let known = |act: &Act| {
        let (_, transfer) = act.acknowledged.clone()?;
        Some(Acknowledged { payer: act.payer, payee: act.payee, transfer })
    };
    acts.iter().filter_map(known).collect()
}

/// What was paid by or to each customer.
fn movements(acts: &[Act]) -> BTreeMap<usize, u64> {
    let mut counts = BTreeMap::new();
    for act in acknowledged(acts) {
        for side in [act.payer, act.payee] {
            let count: &mut u64 = counts.entry(side).or_default();
            *count = count.saturating_add(1);
        }
    }
    counts
}

impl Auditor {
    pub(super) fn new(customers: &Arc<Vec<Customer>>, gateways: &[SocketAddr]) -> Self {
        Self {
            customers: Arc::clone(customers),
            app: App::new(gateways.to_vec(), 0),
            gateways: gateways.to_vec(),
            tokens: BTreeMap::new(),
            histories: Histories::new(),
            newest: BTreeMap::new(),
        }
    }

    /// Looks at everything, and asks again for the payments from `first` on.
    pub(super) async fn look(&mut self, record: &Record, first: usize) -> Result<Found, Failed> {
        self.resolve(record).await?;
        let acts = record.acts();
        let changed = self.ask_again(acts.get(first..).unwrap_or_default()).await?;
        let known = acknowledged(&acts);
        let began = Instant::now();
        loop {
            self.read_histories().await?;
            let verdict = judge(&known, &self.histories);
            // Histories follow the journal a little later.
            if verdict == Verdict::default() || began.elapsed() > FOLLOWING {
                let balances_wrong = self.wrong_balances(&acts).await?;
                return Ok(Found { verdict, changed, balances_wrong });
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    /// Forgets what was read of histories, so that all of them are read anew.
    pub(super) fn forget(&mut self) {
        self.histories.clear();
        self.newest.clear();
    }

    /// Payments of which nobody knows what became of them are asked for again until it is known.
    async fn resolve(&mut self, record: &Record) -> Result<(), Failed> {
        for (index, act) in record.acts().into_iter().enumerate() {
            if act.acknowledged.is_some() || act.refused.is_some() {
                continue;
            }
            let question = payment(&self.customers, act.payer, act.payee, &act.key)?;
            let answer = self.as_customer(act.payer, question).await?;
            let end = match answer.status {
                201 => Ok(answer.text("/transfer_id").to_owned()),
                status => Err(format!("{status} {}", answer.text("/code"))),
            };
            record.settle(index, end);
        }
        Ok(())
    }

    /// How many acknowledged keys no longer name the transfer that they named.
    async fn ask_again(&mut self, acts: &[Act]) -> Result<u64, Failed> {
        let mut asking = Vec::new();
        for payer in 0..PAYERS {
            let mine: Vec<Act> = acts.iter().filter(|act| act.payer == payer).cloned().collect();
            let app = App::new(self.gateways.clone(), payer);
            asking.push(tokio::spawn(changed_of(app, Arc::clone(&self.customers), payer, mine)));
        }
        let mut changed = 0_u64;
        for task in asking {
            changed = changed.saturating_add(task.await??);
        }
        Ok(changed)
    }

    async fn token(&mut self, at: usize) -> Result<String, Failed> {
        let customer = self.customers.get(at).ok_or("there is no such customer")?;
        if let Some(token) = self.tokens.get(&at) {
            let probe = Question::get("/api/identity/session").bearing(token);
            if self.app.insist(&probe, INSISTENCE).await?.status == 200 {
                return Ok(token.clone());
            }
        }
        let token = signed_in(&mut self.app, customer).await?;
        self.tokens.insert(at, token.clone());
        Ok(token)
    }

    async fn as_customer(&mut self, at: usize, question: Question) -> Result<super::client::Answer, Failed> {
        let token = self.token(at).await?;
        self.app.insist(&question.bearing(&token), INSISTENCE).await
    }

    /// Adds what is new to the histories.
    async fn read_histories(&mut self) -> Result<(), Failed> {
        for (at, customer) in Arc::clone(&self.customers).iter().enumerate() {
            let token = self.token(at).await?;
            let known = self.newest.get(&at).copied();
            let mut newest = known;
            let mut cursor = String::new();
            'pages: loop {
                let path = format!("/api/accounts/{}/movements?limit=100{cursor}", customer.account.id);
                let page =
                    self.app.insist(&Question::get(path).bearing(&token), INSISTENCE).await?.expect(200)?;
                for movement in page.body.get("movements").and_then(Value::as_array).into_iter().flatten() {
                    let number = movement.get("number").and_then(Value::as_u64).unwrap_or(0);
                    if known.is_some_and(|known| number <= known) {
                        break 'pages;
                    }
                    newest = newest.max(Some(number));
                    // What they had to begin with is no payment.
                    if movement.get("code").and_then(Value::as_str) != Some("opening_balance") {
                        let id = movement.get("transfer_id").and_then(Value::as_str).unwrap_or_default();
                        let count = self.histories.entry((at, id.to_owned())).or_default();
                        *count = count.saturating_add(1);
                    }
                }
                match page.body.get("next_cursor").and_then(Value::as_str) {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
            if let Some(newest) = newest {
                self.newest.insert(at, newest);
            }
        }
        Ok(())
    }

    async fn wrong_balances(&mut self, acts: &[Act]) -> Result<u64, Failed> {
        let counts = movements(acts);
        let mut wrong = 0_u64;
        for (at, customer) in Arc::clone(&self.customers).iter().enumerate() {
            let question = Question::get(format!("/api/accounts/{}", customer.account.id));
            let answer = self.as_customer(at, question).await?.expect(200)?;
            let moved = i64::try_from(counts.get(&at).copied().unwrap_or(0))?;
            let expected = if at < PAYERS { OPENING_MINOR - moved } else { OPENING_MINOR + moved };
            let shown: Option<i64> = answer.text("/balance/amount").replace('.', "").parse().ok();
            if shown != Some(expected) {
                eprintln!("  customer {at} has {shown:?} fen instead of {expected}");
                wrong = wrong.saturating_add(1);
            }
        }
        Ok(wrong)
    }

    /// How many messages about movements are missing and how many came again, of everybody.
    pub(super) async fn messages(&mut self, record: &Record) -> Result<(u64, u64), Failed> {
        let counts = movements(&record.acts());
        let began = Instant::now();
        loop {
            let (missing, _) = self.messages_now(&counts).await?;
            if missing == 0 || began.elapsed() > TELLING {
                break;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        // Whatever is told twice may come late.
        tokio::time::sleep(LATENESS).await;
        self.messages_now(&counts).await
    }

    async fn messages_now(&mut self, counts: &BTreeMap<usize, u64>) -> Result<(u64, u64), Failed> {
        let words = json!({"name": STAFF.0, "password": STAFF.1});
        let question = Question::post("/api/identity/console/sign-in", words);
        let token = self.app.insist(&question, INSISTENCE).await?.expect(200)?.text("/token").to_owned();
        let (mut missing, mut again) = (0_u64, 0_u64);
        for (at, customer) in Arc::clone(&self.customers).iter().enumerate() {
            let balances = self.balances_told(&token, &customer.phone).await?;
            let count = counts.get(&at).copied().unwrap_or(0);
            let of_customer = told(&balances, OPENING_MINOR, count, at >= PAYERS);
            missing = missing.saturating_add(of_customer.0);
            again = again.saturating_add(of_customer.1);
        }
        Ok((missing, again))
    }

    /// The balances that the messages about movements to a phone name.
    async fn balances_told(&mut self, token: &str, phone: &str) -> Result<Vec<i64>, Failed> {
        let mut balances = Vec::new();
        let mut cursor = String::new();
        loop {
            let path = format!("/api/messages/console/outbox?limit=100&to={phone}{cursor}");
            let page = self.app.insist(&Question::get(path).bearing(token), INSISTENCE).await?.expect(200)?;
            for message in page.body.get("messages").and_then(Value::as_array).into_iter().flatten() {
                if message.get("kind").and_then(Value::as_str) == Some("movement") {
                    let text = message.get("text").and_then(Value::as_str).unwrap_or_default();
                    balances.push(balance_told(text).ok_or_else(|| format!("a message says `{text}`"))?);
                }
            }
            match page.body.get("next_cursor").and_then(Value::as_str) {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return Ok(balances),
            }
        }
    }
}

/// How many of these keys of one payer no longer name the transfer that they named.
async fn changed_of(
    mut app: App,
    customers: Arc<Vec<Customer>>,
    payer: usize,
    acts: Vec<Act>,
) -> Result<u64, Failed> {
    let customer = customers.get(payer).ok_or("there is no such payer")?;
    let mut token = signed_in(&mut app, customer).await?;
    let mut changed = 0_u64;
    for act in acts {
        let Some((_, transfer)) = act.acknowledged else { continue };
        let question = payment(&customers, act.payer, act.payee, &act.key)?;
        let mut answer = app.insist(&question.clone().bearing(&token), INSISTENCE).await?;
        if answer.status == 401 {
            token = signed_in(&mut app, customer).await?;
            answer = app.insist(&question.bearing(&token), INSISTENCE).await?;
        }
        if answer.status != 201 || answer.text("/transfer_id") != transfer {
            changed = changed.saturating_add(1);
            if changed <= SHOWN {
                eprintln!("  {} was {transfer} and is now {} {}", act.key, answer.status, answer.body);
            }
        }
    }
    Ok(changed)
}

async fn signed_in(app: &mut App, customer: &Customer) -> Result<String, Failed> {
    let answer = app.insist(&sign_in(customer), INSISTENCE).await?.expect(200)?;
    Ok(answer.text("/token").to_owned())
}
