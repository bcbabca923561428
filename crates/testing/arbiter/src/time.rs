//! Real time: what was answered before something was asked comes before it.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::order::Order;
use crate::{Anomaly, Answer, Interval, Seen, Transfer};

/// Which states an operation may see, told by the transfers around it.
pub(crate) struct Bounds {
    /// By when it was answered: the state that holds every transfer answered until then.
    answered: Vec<(u64, usize)>,
    /// By when it was asked, latest first: the place of the first transfer that was asked from then on.
    asked: Vec<(u64, usize)>,
    last: usize,
}

impl Bounds {
    pub(crate) fn new(transfers: &[Transfer], order: &Order) -> Self {
        let placed =
            || transfers.iter().filter_map(|transfer| Some((transfer, order.place_of(transfer.id)?)));
        let mut answered: Vec<(u64, usize)> =
            placed().filter_map(|(transfer, place)| Some((transfer.interval.answered?, place + 1))).collect();
        answered.sort_unstable();
        let mut state = 0;
        for (_, earliest) in &mut answered {
            state = state.max(*earliest);
            *earliest = state;
        }
        let mut asked: Vec<(u64, usize)> =
            placed().map(|(transfer, place)| (transfer.interval.asked, place)).collect();
        asked.sort_unstable_by(|a, b| b.cmp(a));
        let mut state = order.len();
        for (_, latest) in &mut asked {
            state = state.min(*latest);
            *latest = state;
        }
        Self { answered, asked, last: order.len() }
    }

    /// The first state that may be seen by whoever asks at `asked`.
    pub(crate) fn earliest(&self, asked: u64) -> usize {
        let before = self.answered.partition_point(|(answered, _)| *answered < asked);
        before.checked_sub(1).and_then(|last| self.answered.get(last)).map_or(0, |(_, state)| *state)
    }

    /// The last state that may be seen by whoever is answered at `answered`.
    fn latest(&self, answered: u64) -> usize {
        let after = self.asked.partition_point(|(asked, _)| *asked > answered);
        after.checked_sub(1).and_then(|last| self.asked.get(last)).map_or(self.last, |(_, state)| *state)
    }
}

/// What sees a state: a read, or a refusal for want of funds.
struct Sight<'a> {
    interval: Interval,
    fits: Box<dyn Fn(usize) -> bool + 'a>,
    anomaly: Anomaly,
}

/// Gives each read and each refusal a state, the earliest that fits it and everything before it.
pub(crate) fn place_reads(seen: &Seen, order: &Order, bounds: &Bounds) -> Result<(), Anomaly> {
    let mut sights: Vec<Sight<'_>> = Vec::new();
    for (place, read) in seen.reads.iter().enumerate() {
        let fits =
            |state| read.balances.iter().all(|(account, balance)| order.balance(*account, state) == *balance);
        let anomaly = Anomaly::Stale { read: place };
        sights.push(Sight { interval: read.interval, fits: Box::new(fits), anomaly });
    }
    for transfer in seen.transfers.iter().filter(|transfer| transfer.answer == Answer::Refused) {
        let fits = |state| i128::from(order.balance(transfer.from, state)) < i128::from(transfer.amount);
        let anomaly = Anomaly::RefusedInVain { transfer: transfer.id };
        sights.push(Sight { interval: transfer.interval, fits: Box::new(fits), anomaly });
    }
    sights.sort_by_key(|sight| sight.interval.asked);
    // States of those that were placed, by when they were answered. All that precede a sight were asked before it, so
    // they have been placed when its turn comes.
    let mut placed: BTreeMap<u64, usize> = BTreeMap::new();
    for Sight { interval, fits, anomaly } in sights {
        let Some(answered) = interval.answered else { continue };
        let before = placed.range(..interval.asked).next_back().map_or(0, |(_, state)| *state);
        let earliest = bounds.earliest(interval.asked).max(before);
        let Some(state) = (earliest..=bounds.latest(answered)).find(|state| fits(*state)) else {
            return Err(anomaly);
        };
        // Kept growing: whoever was answered later sees at least as much, as far as later sights are concerned.
        let highest = placed.range(..=answered).next_back().map_or(state, |(_, highest)| state.max(*highest));
        placed.insert(answered, highest);
        for (_, later) in placed.range_mut((Bound::Excluded(answered), Bound::Unbounded)) {
            if *later >= highest {
                break;
            }
            *later = highest;
        }
    }
    Ok(())
}
