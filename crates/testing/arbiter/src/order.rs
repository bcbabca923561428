//! The one order of everything that was done, put together from the histories of all accounts.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::{Anomaly, Told};

/// A transfer that was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) id: u128,
    pub(crate) from: u128,
    pub(crate) to: u128,
    pub(crate) amount: u64,
    pub(crate) at: i64,
}

/// Transfers in the order of the ledger's instants. A *place* is an index into them; the *state* `k` is the one after
/// the first `k`.
pub(crate) struct Order {
    done: Vec<Done>,
    places: HashMap<u128, usize>,
    /// Balances of each account, with the state from which on it has them.
    balances: HashMap<u128, Vec<(usize, i64)>>,
}

impl Order {
    pub(crate) fn try_new(told: &[Told]) -> Result<Self, Anomaly> {
        explained(told)?;
        let mut sides: BTreeMap<u128, Vec<Told>> = BTreeMap::new();
        for movement in told {
            let of_transfer = sides.entry(movement.transfer).or_default();
            if of_transfer.iter().any(|other| other.account == movement.account) {
                return Err(Anomaly::Twice { transfer: movement.transfer });
            }
            of_transfer.push(*movement);
        }
        let mut done =
            sides.iter().map(|(transfer, sides)| whole(*transfer, sides)).collect::<Result<Vec<_>, _>>()?;
        done.sort_unstable_by_key(|done| done.at);
        if let Some(at) = done.iter().zip(done.iter().skip(1)).find(|(a, b)| a.at == b.at).map(|(a, _)| a.at)
        {
            return Err(Anomaly::Unordered { at });
        }
        let places = done.iter().enumerate().map(|(place, done)| (done.id, place)).collect();
        let mut balances: HashMap<u128, Vec<(usize, i64)>> = HashMap::new();
        for (place, done) in done.iter().enumerate() {
            let amount = i64::try_from(done.amount).map_err(|_| Anomaly::Half { transfer: done.id })?;
            for (account, change) in [(done.from, -amount), (done.to, amount)] {
                let of_account = balances.entry(account).or_default();
                let before = of_account.last().map_or(0, |(_, balance)| *balance);
                of_account.push((place + 1, before + change));
            }
        }
        Ok(Self { done, places, balances })
    }

    /// How many were done; the last state.
    pub(crate) fn len(&self) -> usize {
        self.done.len()
    }

    pub(crate) fn place_of(&self, transfer: u128) -> Option<usize> {
        self.places.get(&transfer).copied()
    }

    pub(crate) fn find(&self, transfer: u128) -> Option<(usize, &Done)> {
        let place = self.place_of(transfer)?;
        Some((place, self.done.get(place)?))
    }

    /// What an account had in a state.
    pub(crate) fn balance(&self, account: u128, state: usize) -> i64 {
        let Some(balances) = self.balances.get(&account) else { return 0 };
        let later = balances.partition_point(|(from, _)| *from <= state);
        later.checked_sub(1).and_then(|last| balances.get(last)).map_or(0, |(_, balance)| *balance)
    }

    /// The first that was done and is none of these.
    pub(crate) fn first_beside(&self, asked: impl Iterator<Item = u128>) -> Option<u128> {
        let asked: HashSet<u128> = asked.collect();
        self.done.iter().map(|done| done.id).find(|id| !asked.contains(id))
    }
}

/// Each history by itself: numbers without gaps, balances that the movements explain, instants that grow.
fn explained(told: &[Told]) -> Result<(), Anomaly> {
    let mut sorted: Vec<&Told> = told.iter().collect();
    sorted.sort_unstable_by_key(|movement| (movement.account, movement.number));
    let mut before: Option<&Told> = None;
    for movement in sorted {
        let last = before.filter(|before| before.account == movement.account);
        let (number, balance, at) =
            last.map_or((0, 0, i64::MIN), |last| (last.number, last.balance, last.at));
        if movement.number != number + 1
            || balance.checked_add(movement.change) != Some(movement.balance)
            || movement.at <= at
        {
            return Err(Anomaly::Unexplained { account: movement.account, number: movement.number });
        }
        before = Some(movement);
    }
    Ok(())
}

/// Both sides of a transfer tell the same.
fn whole(id: u128, sides: &[Told]) -> Result<Done, Anomaly> {
    let half = Anomaly::Half { transfer: id };
    let (from, to) = match sides {
        [a, b] if a.change < 0 => (a, b),
        [a, b] => (b, a),
        _ => return Err(half),
    };
    if from.at != to.at || from.change >= 0 || from.change.checked_neg() != Some(to.change) {
        return Err(half);
    }
    let amount = to.change.unsigned_abs();
    Ok(Done { id, from: from.account, to: to.account, amount, at: from.at })
}
