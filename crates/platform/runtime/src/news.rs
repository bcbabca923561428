//! News between processes: the one that announced hands it to the ones that hear it, and has told it only once each
//! of them has taken it.

use std::sync::Arc;

use async_trait::async_trait;
use contracts::Unavailable;
use contracts::far::{Call, Carrier, Desk, Misunderstood, heard, told};
use db::outbox::Event;
use serde::{Deserialize, Serialize};

use crate::{React, ReactFailed, Reaction};

const CALL: Call = Call { contract: "news", method: "hear", repeatable: true };

#[derive(Serialize)]
struct Told<'a> {
    events: &'a [Event],
}

#[derive(Deserialize)]
struct Heard {
    events: Vec<Event>,
}

#[derive(Serialize, Deserialize)]
enum Reacted {
    Done,
    Refused(String),
    Away(Unavailable),
}

/// Reactions of a service in another process.
pub struct FarReactions(pub Arc<dyn Carrier>);

#[async_trait]
impl React for FarReactions {
    async fn react(&self, events: &[Event]) -> Result<(), ReactFailed> {
        let question = told(&Told { events }).map_err(|error| ReactFailed::Refused(error.to_string()))?;
        let answer = self.0.carry(&CALL, question).await?;
        match serde_json::from_slice(&answer) {
            Ok(Reacted::Done) => Ok(()),
            Ok(Reacted::Away(unavailable)) => Err(unavailable.into()),
            Ok(Reacted::Refused(why)) => Err(ReactFailed::Refused(why)),
            Err(_) => Err(Unavailable::Misunderstood.into()),
        }
    }
}

/// Lets the reactions of this process hear news from others.
pub struct NewsDesk(pub(crate) Arc<Vec<Reaction>>);

#[async_trait]
impl Desk for NewsDesk {
    fn contract(&self) -> &'static str {
        CALL.contract
    }

    fn methods(&self) -> &'static [&'static str] {
        &[CALL.method]
    }

    async fn answer(&self, method: &str, question: &[u8]) -> Result<Vec<u8>, Misunderstood> {
        if method != CALL.method {
            return Err(Misunderstood::Method);
        }
        let Heard { events } = heard(question)?;
        let mut reacted = Reacted::Done;
        for reaction in self.0.iter() {
            let mine: Vec<Event> = events
                .iter()
                .filter(|event| reaction.topics.contains(&event.topic.as_str()))
                .cloned()
                .collect();
            if mine.is_empty() {
                continue;
            }
            match reaction.react.react(&mine).await {
                Ok(()) => {
                    metrics::counter!("outbox_relayed", "reaction" => reaction.name)
                        .increment(mine.len() as u64);
                }
                // Whoever has nothing against an event hears it again, and does nothing the second time.
                Err(ReactFailed::Away(unavailable)) => reacted = Reacted::Away(unavailable),
                Err(ReactFailed::Refused(why)) => {
                    reacted = Reacted::Refused(format!("{}: {why}", reaction.name));
                }
            }
        }
        told(&reacted)
    }
}
