//! Carries news from the outbox to whoever reacts, in this process.

use std::sync::Arc;
use std::time::Duration;

use clock::Clock;
use db::Db;
use db::outbox::{self, Event};

use crate::{Reaction, Stop};

/// How long the relay rests when nothing waits.
const PAUSE: Duration = Duration::from_millis(150);
/// How many events are taken at once.
const TAKEN_MAX: u32 = 500;
/// After so many refusals an event is set aside.
const ATTEMPTS_MAX: u32 = 20;

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Relays until stopped. What is waiting then is relayed at the next start.
pub(crate) async fn run(db: Db, reactions: Vec<Reaction>, clock: Arc<dyn Clock>, stop: Stop) {
    while !stop.is_requested() {
        let relayed = match once(&db, &reactions, &*clock).await {
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
pub(crate) async fn once(db: &Db, reactions: &[Reaction], clock: &dyn Clock) -> Result<usize, Failed> {
    let events = outbox::waiting(db, TAKEN_MAX).await?;
    metrics::gauge!("outbox_waiting").set(events.len() as f64);
    if events.is_empty() {
        return Ok(0);
    }
    let mut refused: Vec<(usize, String)> = Vec::new();
    for reaction in reactions {
        react(reaction, &events, &mut refused).await;
    }
    let now = clock.now();
    for (at, why) in &refused {
        if let Some(event) = events.get(*at) {
            tracing::warn!(event.id = %event.id, event.topic, why, "a reaction failed");
            outbox::refused(db, event.id, why, now, ATTEMPTS_MAX).await?;
        }
    }
    let whole = |at: &usize| !refused.iter().any(|(bad, _)| bad == at);
    let done: Vec<_> =
        events.iter().enumerate().filter(|(at, _)| whole(at)).map(|(_, event)| event.id).collect();
    if !done.is_empty() {
        outbox::relayed(db, done, now).await?;
    }
    Ok(events.len() - refused.len())
}

async fn react(reaction: &Reaction, events: &[Event], refused: &mut Vec<(usize, String)>) {
    let (places, mine): (Vec<usize>, Vec<Event>) = events
        .iter()
        .enumerate()
        .filter(|(_, event)| reaction.topics.contains(&event.topic.as_str()))
        .map(|(at, event)| (at, event.clone()))
        .unzip();
    if mine.is_empty() {
        return;
    }
    if reaction.react.react(&mine).await.is_ok() {
        metrics::counter!("outbox_relayed", "reaction" => reaction.name).increment(mine.len() as u64);
        return;
    }
    // One of them is to blame: find out which, so that the others go on.
    for (at, event) in places.iter().zip(&mine) {
        if let Err(error) = reaction.react.react(std::slice::from_ref(event)).await {
            refused.push((*at, format!("{}: {error}", reaction.name)));
        }
    }
}
