//! Carries news from the outbox to whoever reacts, in this process.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use clock::Clock;
use db::Db;
use db::outbox::{self, Event};

use crate::{Chosen, ReactFailed, Reaction, Stop};

/// How long the relay rests when nothing waits.
const PAUSE: Duration = Duration::from_millis(150);
/// How many events are taken at once.
const TAKEN_MAX: u32 = 500;
/// After so many refusals an event is set aside.
pub(crate) const ATTEMPTS_MAX: u32 = 20;

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Who hands news from the outbox to whoever hears it.
pub(crate) struct Relay {
    pub(crate) db: Db,
    /// Whose news is relayed here; `None` for all there is.
    pub(crate) announcing: Option<Vec<&'static str>>,
    pub(crate) inside: Arc<Vec<Reaction>>,
    /// Reactions of other processes.
    pub(crate) outside: Vec<Reaction>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Relay {
    /// Relays whenever this process is chosen, until stopped. What is waiting then is relayed at the next start, or by
    /// another one.
    pub(crate) async fn run(self, stop: Stop, chosen: Chosen) {
        while !stop.is_requested() {
            tokio::select! {
                () = stop.requested() => return,
                () = chosen.becomes() => {}
            }
            let relayed = match self.once().await {
                Ok(relayed) => relayed,
                Err(error) => {
                    tracing::warn!(%error, "the relay failed; it will be tried again");
                    0
                }
            };
            if relayed < TAKEN_MAX as usize {
                tokio::select! {
                    () = stop.requested() => return,
                    () = tokio::time::sleep(PAUSE) => {}
                }
            }
        }
    }

    /// Relays what waits now, at most one helping; says how many events it took.
    pub(crate) async fn once(&self) -> Result<usize, Failed> {
        let reactions: Vec<&Reaction> = self.inside.iter().chain(&self.outside).collect();
        relay(&self.db, self.announcing.as_deref(), &reactions, &*self.clock).await
    }
}

async fn relay(
    db: &Db,
    announcing: Option<&[&'static str]>,
    reactions: &[&Reaction],
    clock: &dyn Clock,
) -> Result<usize, Failed> {
    let events = outbox::waiting(db, announcing, TAKEN_MAX).await?;
    if events.is_empty() {
        return Ok(0);
    }
    let mut failed = Failures::default();
    for reaction in reactions {
        react(reaction, &events, db.faults().are_made(), &mut failed).await;
    }
    let Failures { refused, away } = failed;
    let now = clock.now();
    for (at, whys) in &refused {
        if let Some(event) = events.get(*at) {
            let why = whys.join("; ");
            tracing::warn!(event.id = %event.id, event.topic, why, "a reaction failed");
            outbox::refused(db, event.id, &why, now, ATTEMPTS_MAX).await?;
        }
    }
    let whole = |at: &usize| !away.contains(at) && !refused.contains_key(at);
    let done: Vec<_> =
        events.iter().enumerate().filter(|(at, _)| whole(at)).map(|(_, event)| event.id).collect();
    let relayed = done.len();
    if relayed > 0 {
        outbox::relayed(db, done, now).await?;
    }
    Ok(relayed)
}

/// Events, by their place, that a reaction has not taken.
#[derive(Default)]
struct Failures {
    /// Why, of each that refused it: several may hear one event.
    refused: BTreeMap<usize, Vec<String>>,
    /// They wait until whoever is needed for them is back.
    away: BTreeSet<usize>,
}

/// `twice`: in a test, what may come twice and in another order does.
async fn react(reaction: &Reaction, events: &[Event], twice: bool, failed: &mut Failures) {
    let (places, mine): (Vec<usize>, Vec<Event>) = events
        .iter()
        .enumerate()
        .filter(|(_, event)| reaction.topics.contains(&event.topic.as_str()))
        .map(|(at, event)| (at, event.clone()))
        .unzip();
    if mine.is_empty() {
        return;
    }
    if twice {
        let turned: Vec<Event> = mine.iter().rev().cloned().collect();
        let _ = reaction.react.react(&turned).await;
    }
    match reaction.react.react(&mine).await {
        Ok(()) => {
            metrics::counter!("outbox_relayed", "reaction" => reaction.name).increment(mine.len() as u64);
            return;
        }
        Err(ReactFailed::Away(why)) => {
            tracing::debug!(reaction = reaction.name, %why, "news waits");
            failed.away.extend(places);
            return;
        }
        Err(ReactFailed::Refused(_)) => {}
    }
    // One of them is to blame: find out which, so that the others go on.
    for (at, event) in places.iter().zip(&mine) {
        match reaction.react.react(std::slice::from_ref(event)).await {
            Ok(()) => {}
            Err(ReactFailed::Away(_)) => drop(failed.away.insert(*at)),
            Err(ReactFailed::Refused(why)) => {
                failed.refused.entry(*at).or_default().push(format!("{}: {why}", reaction.name));
            }
        }
    }
}
