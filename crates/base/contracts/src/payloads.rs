//! What each release wrote is kept in `payloads/`, a file for each, and read by today's code as a neighbor of that
//! release would have it read. Lines are added and never rewritten.

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Unavailable;
use crate::far::{Call, Carrier, Desk};
use crate::news::News;

mod json;
mod kept;
mod samples;
mod tests;

pub(crate) use samples::{Sampled, all};

/// One kept line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Line {
    /// A question and its answer.
    Asked {
        /// The domain's name.
        contract: String,
        /// The method's name.
        method: String,
        /// Its arguments by name.
        question: Value,
        /// Its `Result`.
        answer: Value,
    },
    /// News.
    Announced {
        /// Under which it was announced.
        topic: String,
        /// The announced type.
        payload: Value,
    },
}

impl Line {
    /// What it is of, for messages.
    fn of(&self) -> String {
        match self {
            Self::Asked { contract, method, .. } => format!("{contract}.{method}"),
            Self::Announced { topic, .. } => topic.clone(),
        }
    }

    /// The line with another question, answer or payload: whichever of them `part` is.
    fn with(&self, part: Part, value: Value) -> Self {
        let mut line = self.clone();
        match (&mut line, part) {
            (Self::Asked { question, .. }, Part::First) => *question = value,
            (Self::Asked { answer, .. }, Part::Second) => *answer = value,
            (Self::Announced { payload, .. }, _) => *payload = value,
        }
        line
    }

    /// What stands in a part; news have one only.
    fn part(&self, part: Part) -> Option<&Value> {
        match (self, part) {
            (Self::Asked { question, .. }, Part::First) => Some(question),
            (Self::Asked { answer, .. }, Part::Second) => Some(answer),
            (Self::Announced { payload, .. }, Part::First) => Some(payload),
            (Self::Announced { .. }, Part::Second) => None,
        }
    }
}

/// The question, or the payload of news; the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    First,
    Second,
}

impl Part {
    const BOTH: [Self; 2] = [Self::First, Self::Second];
}

/// A contract or a kind of news: what is said in it, and what reads it.
pub(crate) enum Sample {
    /// A contract.
    Contract {
        /// The domain's name.
        name: &'static str,
        /// Each method with samples of its questions and answers.
        lines: Vec<Line>,
        /// The desk, in front of a neighbor in yet another process.
        desk: fn(Arc<dyn Carrier>) -> Arc<dyn Desk>,
        /// Why the answer of a method cannot be read.
        unread: fn(method: &str, answer: &Value) -> Option<String>,
    },
    /// Kind of news.
    News {
        /// Its topic.
        topic: &'static str,
        /// Samples of it.
        lines: Vec<Line>,
        /// Reads it and writes it again.
        again: fn(&Value) -> Result<Value, String>,
    },
}

impl Sample {
    pub(crate) fn of_news<T: News + Sampled + DeserializeOwned>() -> Self {
        let line = |news| Line::Announced {
            topic: T::TOPIC.to_owned(),
            payload: serde_json::to_value(news).unwrap(),
        };
        let again = |payload: &Value| {
            let read: T = serde_json::from_str(&payload.to_string()).map_err(|error| error.to_string())?;
            Ok(serde_json::to_value(read).unwrap())
        };
        Self::News { topic: T::TOPIC, lines: T::samples().iter().map(line).collect(), again }
    }

    fn lines(&self) -> &[Line] {
        match self {
            Self::Contract { lines, .. } | Self::News { lines, .. } => lines,
        }
    }
}

/// Every contract and all news.
fn every_sample() -> Vec<Sample> {
    use crate::{accounts, audit, customers, identity, ledger, messages, payments};
    let contracts = [
        ledger::LedgerDesk::sampled(),
        customers::CustomersDesk::sampled(),
        accounts::AccountsDesk::sampled(),
        payments::PaymentsDesk::sampled(),
        identity::IdentityDesk::sampled(),
        identity::CountersignaturesDesk::sampled(),
        messages::MessagesDesk::sampled(),
        audit::AuditDesk::sampled(),
    ];
    let news = [
        customers::sampled_news(),
        accounts::sampled_news(),
        payments::sampled_news(),
        identity::sampled_news(),
    ];
    contracts.into_iter().chain(news.into_iter().flatten()).collect()
}

/// A neighbor that answers what it was told to, and remembers the question.
#[derive(Default)]
pub(crate) struct Prompted {
    answer: Vec<u8>,
    asked: Mutex<Vec<u8>>,
}

impl Prompted {
    pub(crate) fn to(answer: &Value) -> Arc<Self> {
        Arc::new(Self { answer: answer.to_string().into_bytes(), asked: Mutex::default() })
    }

    /// What it was asked; `Null` for nothing.
    pub(crate) fn question(&self) -> Value {
        serde_json::from_slice(&self.asked.lock().unwrap()).unwrap_or_default()
    }
}

#[async_trait]
impl Carrier for Prompted {
    async fn carry(&self, _: &Call, question: Vec<u8>) -> Result<Vec<u8>, Unavailable> {
        *self.asked.lock().unwrap() = question;
        Ok(self.answer.clone())
    }
}

/// What becomes of a future that waits for nobody.
pub(crate) fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a sample waits for somebody"),
    }
}

/// What today's code makes of a line of another release: the desk reads the question and has it asked by the far form,
/// which writes it anew and reads the answer, which the desk writes anew.
///
/// # Errors
/// What cannot be read, and why.
fn again(samples: &[Sample], line: &Line) -> Result<Line, String> {
    let missing = || format!("`{}` is not there any more", line.of());
    match line {
        Line::Asked { contract, method, question, answer } => {
            let found = samples.iter().find_map(|sample| match sample {
                Sample::Contract { name, desk, unread, .. } if name == contract => Some((desk, unread)),
                _ => None,
            });
            let (desk, unread) = found.ok_or_else(missing)?;
            let prompted = Prompted::to(answer);
            let desk = desk(Arc::clone(&prompted) as _);
            let question = question.to_string();
            let told =
                at_once(desk.answer(method, question.as_bytes())).map_err(|error| error.to_string())?;
            let told: Value = serde_json::from_slice(&told).unwrap();
            if let Some(why) = unread(method, answer) {
                // A caller is told so, and nothing else.
                let told = told.to_string();
                assert!(told.starts_with("{\"Err\":") && told.contains("\"Misunderstood\""), "{told}");
                return Err(format!("the answer cannot be read: {why}"));
            }
            Ok(line.with(Part::First, prompted.question()).with(Part::Second, told))
        }
        Line::Announced { topic, payload } => {
            let found = samples.iter().find_map(|sample| match sample {
                Sample::News { topic: known, again, .. } if known == topic => Some(again),
                _ => None,
            });
            let payload = found.ok_or_else(missing)?(payload)?;
            Ok(line.with(Part::First, payload))
        }
    }
}
