//! News that processes of every release hand on is heard, and its hearers are understood.
//!
//! What each release wrote is kept in `payloads`, a file for each; lines are added and never changed. The payloads of the
//! news itself are kept beside the contracts.

use contracts::far::Misunderstood;
use serde_json::{Value, json};

use super::*;

/// Answers what it is told to, and remembers the question.
struct Prompted {
    answer: Value,
    asked: Mutex<Value>,
}

#[async_trait]
impl Carrier for Prompted {
    async fn carry(&self, _: &Call, question: Vec<u8>) -> Result<Vec<u8>, contracts::Unavailable> {
        *self.asked.lock().unwrap() = serde_json::from_slice(&question).unwrap();
        Ok(self.answer.to_string().into_bytes())
    }
}

/// The question as it is handed on, and the answer as it is handed back, by a process between the two.
async fn between(question: &Value, answer: &Value) -> Result<(Value, Value), Misunderstood> {
    let prompted = Arc::new(Prompted { answer: answer.clone(), asked: Mutex::default() });
    let react = Arc::new(FarReactions(Arc::clone(&prompted) as _));
    let desk = NewsDesk(Arc::new(vec![Reaction { name: "hearer", topics: &["customers.erased"], react }]));
    let told = desk.answer("hear", question.to_string().as_bytes()).await?;
    let asked = prompted.asked.lock().unwrap().clone();
    Ok((asked, serde_json::from_slice(&told).unwrap()))
}

#[tokio::test]
async fn news_of_every_release_is_heard() {
    let mut lines = 0;
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/payloads")).unwrap() {
        for line in std::fs::read_to_string(file.unwrap().path()).unwrap().lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            let (question, answer) = (&line["question"], &line["answer"]);
            let mut expected = answer.clone();
            if let Some(why) = answer.get("Refused").and_then(Value::as_str) {
                expected = json!({ "Refused": format!("hearer: {why}") });
            }
            let heard =
                between(question, answer).await.expect("old news is read; give what is new a default");
            assert_eq!(heard, (question.clone(), expected), "all that was written is still written");
            let mut more = question.clone();
            more["of_a_later_release"] = json!(1);
            more["events"][0]["of_a_later_release"] = json!({});
            assert_eq!(between(&more, answer).await.unwrap(), heard, "what is not known is passed over");
            lines += 1;
        }
    }
    assert!(lines >= 7, "the kept lines are read");
}

#[tokio::test]
async fn news_that_is_not_understood_is_told_again_and_never_guessed() {
    let none = json!({ "events": [] });
    let event = json!({ "events": [{ "id": "019b8b74-1800-7a0a-8a0a-0a0a0a0a0a0a", "key": "", "payload": {},
        "occurred_at": "2026-01-05T01:30:00Z", "topic": "customers.erased" }] });
    let (_, told) = between(&event, &json!({ "OfALaterRelease": 1 })).await.unwrap();
    assert_eq!(told, json!({ "Away": "Misunderstood" }));
    assert_eq!(between(&none, &json!("Done")).await.unwrap().1, "Done");
    assert!(matches!(between(&json!({}), &json!("Done")).await, Err(Misunderstood::Question(_))));
    let desk = NewsDesk(Arc::new(Vec::new()));
    assert_eq!(desk.answer("of_a_later_release", b"{}").await, Err(Misunderstood::Method));
}
