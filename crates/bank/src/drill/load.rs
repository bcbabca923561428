//! What customers do meanwhile: they sign in, pay one after the other, and read. A payment is asked for with the same
//! key until the bank has said what became of it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::Failed;
use super::client::{Answer, App, Question};
use super::people::{CAST, Customer, PAYERS};

/// A customer pays no more often than this.
const PACE: Duration = Duration::from_millis(170);
/// A customer whose payment was not answered asks again after this.
const REST: Duration = Duration::from_millis(200);
/// After so many payments a customer reads.
const READS_AFTER: u64 = 10;
/// After so many payments a customer signs in anew.
const SIGNS_IN_AFTER: u64 = 60;

/// A payment that was asked for.
#[derive(Debug, Clone)]
pub(super) struct Act {
    pub(super) payer: usize,
    pub(super) payee: usize,
    pub(super) key: String,
    /// When it was first asked for, milliseconds since the load began.
    pub(super) began_ms: u64,
    /// When the bank acknowledged it, and under which id.
    pub(super) acknowledged: Option<(u64, String)>,
    /// The code with which the bank refused it for good.
    pub(super) refused: Option<String>,
}

/// What customers did and saw.
pub(super) struct Record {
    began: Instant,
    acts: Mutex<Vec<Act>>,
    /// What customers saw instead of an answer, how often.
    errors: Mutex<BTreeMap<String, u64>>,
    idle: AtomicUsize,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Record {
    fn new() -> Self {
        Self {
            began: Instant::now(),
            acts: Mutex::default(),
            errors: Mutex::default(),
            idle: AtomicUsize::new(0),
        }
    }

    /// Milliseconds since the load began.
    pub(super) fn now_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Every payment that was asked for, in the order of the first time.
    pub(super) fn acts(&self) -> Vec<Act> {
        held(&self.acts).clone()
    }

    /// How many were asked for.
    pub(super) fn count(&self) -> usize {
        held(&self.acts).len()
    }

    /// When something was acknowledged last.
    pub(super) fn last_ms(&self) -> u64 {
        let acts = held(&self.acts);
        let recent = acts.iter().rev().take(PAYERS * 50);
        recent.filter_map(|act| act.acknowledged.as_ref().map(|(at, _)| *at)).max().unwrap_or(0)
    }

    /// What customers saw instead of answers since the last time.
    pub(super) fn take_errors(&self) -> BTreeMap<String, u64> {
        std::mem::take(&mut *held(&self.errors))
    }

    /// Writes down what became of a payment.
    pub(super) fn settle(&self, index: usize, end: Result<String, String>) {
        let at = self.now_ms();
        if let Some(act) = held(&self.acts).get_mut(index) {
            match end {
                Ok(transfer) => act.acknowledged = Some((at, transfer)),
                Err(code) => act.refused = Some(code),
            }
        }
    }

    fn begin(&self, payer: usize, payee: usize) -> (usize, String) {
        let key = Uuid::now_v7().to_string();
        let began_ms = self.now_ms();
        let act = Act { payer, payee, key: key.clone(), began_ms, acknowledged: None, refused: None };
        let mut acts = held(&self.acts);
        acts.push(act);
        (acts.len() - 1, key)
    }

    fn error(&self, what: String) {
        let mut errors = held(&self.errors);
        let count = errors.entry(what).or_default();
        *count = count.saturating_add(1);
    }
}

/// The question by which a customer pays.
pub(super) fn payment(
    customers: &[Customer],
    payer: usize,
    payee: usize,
    key: &str,
) -> Result<Question, Failed> {
    let from = customers.get(payer).ok_or("there is no such payer")?;
    let to = customers.get(payee).ok_or("there is no such payee")?;
    let order = json!({
        "from_account": from.account.id.to_string(),
        "to": {"account_number": to.account.number},
        "name": to.name,
        "amount": {"amount": "0.01", "currency": "CNY"},
        "memo": "演练",
        "pin": CAST.pin,
    });
    Ok(Question::post("/api/payments/transfers", order).keyed(key))
}

/// The question by which a customer signs in.
pub(super) fn sign_in(customer: &Customer) -> Question {
    Question::post("/api/identity/sign-in", json!({"name": customer.phone, "password": CAST.password}))
}

/// Customers at work; they stop when this is dropped.
pub(super) struct Load {
    pub(super) record: Arc<Record>,
    gate: watch::Sender<bool>,
    workers: Vec<JoinHandle<()>>,
}

impl Drop for Load {
    fn drop(&mut self) {
        self.workers.iter().for_each(JoinHandle::abort);
    }
}

impl Load {
    /// Lets every payer begin.
    pub(super) fn start(customers: &Arc<Vec<Customer>>, gateways: &[SocketAddr]) -> Self {
        let record = Arc::new(Record::new());
        let (gate, open) = watch::channel(true);
        let worker = |at: usize| Worker {
            at,
            customers: Arc::clone(customers),
            app: App::new(gateways.to_vec(), at),
            token: None,
            record: Arc::clone(&record),
            open: open.clone(),
        };
        let workers = (0..PAYERS).map(|at| tokio::spawn(worker(at).run())).collect();
        Self { record, gate, workers }
    }

    /// Lets no further payment begin and waits until it is known what became of those that did; false where some is
    /// not known in time.
    pub(super) async fn pause(&self, most: Duration) -> bool {
        let _ = self.gate.send(false);
        let began = Instant::now();
        while self.record.idle.load(Ordering::SeqCst) < PAYERS {
            if began.elapsed() > most {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        true
    }

    /// Lets everybody go on.
    pub(super) fn resume(&self) {
        let _ = self.gate.send(true);
    }
}

/// One payer.
struct Worker {
    at: usize,
    customers: Arc<Vec<Customer>>,
    app: App,
    token: Option<String>,
    record: Arc<Record>,
    open: watch::Receiver<bool>,
}

impl Worker {
    async fn run(mut self) {
        let mut next = tokio::time::Instant::now();
        for turn in 0_u64.. {
            if !*self.open.borrow() {
                self.record.idle.fetch_add(1, Ordering::SeqCst);
                let opened = self.open.wait_for(|open| *open).await.is_ok();
                self.record.idle.fetch_sub(1, Ordering::SeqCst);
                if !opened {
                    return;
                }
                next = tokio::time::Instant::now();
            }
            if turn.is_multiple_of(SIGNS_IN_AFTER) {
                self.token = None;
            }
            self.pay(turn).await;
            if turn % READS_AFTER == READS_AFTER - 1 {
                self.read().await;
            }
            next = (next + PACE).max(tokio::time::Instant::now());
            tokio::time::sleep_until(next).await;
        }
    }

    /// Asks as a signed-in customer, once; `None` where there was no answer to go by.
    async fn ask(&mut self, question: Question) -> Option<Answer> {
        let token = match self.token.clone() {
            Some(token) => token,
            None => {
                let customer = self.customers.get(self.at)?.clone();
                let answer = self.answered(&sign_in(&customer)).await?;
                let token = answer.text("/token").to_owned();
                self.token = Some(token.clone());
                token
            }
        };
        let answer = self.answered(&question.bearing(&token)).await;
        if answer.as_ref().is_some_and(|answer| answer.status == 401) {
            self.token = None;
            return None;
        }
        answer
    }

    /// The answer that is one: neither «later» nor nothing at all.
    async fn answered(&mut self, question: &Question) -> Option<Answer> {
        let path = question.path.split('?').next().unwrap_or_default();
        let what = match self.app.ask(question).await {
            Ok(answer) if answer.status < 400 => return Some(answer),
            Ok(answer) => {
                let what = format!("{path} {} {}", answer.status, answer.text("/code"));
                if !matches!(answer.status, 429 | 500..) {
                    self.record.error(what);
                    return Some(answer);
                }
                what
            }
            Err(why) => format!("{path} {why}"),
        };
        self.record.error(what);
        None
    }

    async fn pay(&mut self, turn: u64) {
        let payee = PAYERS + usize::try_from(turn).unwrap_or(0) % PAYERS;
        let (index, key) = self.record.begin(self.at, payee);
        let customers = Arc::clone(&self.customers);
        let Ok(question) = payment(&customers, self.at, payee, &key) else { return };
        loop {
            match self.ask(question.clone()).await {
                Some(answer) if answer.status == 201 && answer.text("/status") == "posted" => {
                    return self.record.settle(index, Ok(answer.text("/transfer_id").to_owned()));
                }
                Some(answer) => {
                    let code = answer.text("/code").to_owned() + answer.text("/refusal_code");
                    return self.record.settle(index, Err(format!("{} {code}", answer.status)));
                }
                None => tokio::time::sleep(REST).await,
            }
        }
    }

    async fn read(&mut self) {
        let Some(customer) = self.customers.get(self.at).cloned() else { return };
        for path in ["", "/movements?limit=20"] {
            let _ = self.ask(Question::get(format!("/api/accounts/{}{path}", customer.account.id))).await;
        }
    }
}
