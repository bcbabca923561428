//! What is made of the records of a drill: how long nothing was acknowledged, what is missing, what is there twice.
//! No I/O, and each of these can find fault.

use std::collections::BTreeMap;

/// The longest time without an acknowledgement between two instants, milliseconds; the instants themselves are edges.
pub(super) fn longest_gap_ms(acknowledged_ms: &[u64], from_ms: u64, until_ms: u64) -> u64 {
    let mut within: Vec<u64> =
        acknowledged_ms.iter().copied().filter(|at| (from_ms..=until_ms).contains(at)).collect();
    within.sort_unstable();
    within.push(until_ms);
    let mut last = from_ms;
    let mut longest = 0;
    for at in within {
        longest = longest.max(at.saturating_sub(last));
        last = at;
    }
    longest
}

/// What a fault cost: the longest gap, or nothing where gaps as long are usual.
pub(super) const fn outage_ms(gap_ms: u64, usual_ms: u64) -> u64 {
    if gap_ms > usual_ms { gap_ms } else { 0 }
}

/// An acknowledged payment, by the places of both in the list of customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Acknowledged {
    pub(super) payer: usize,
    pub(super) payee: usize,
    pub(super) transfer: String,
}

/// How often each transfer stands in the history of each customer's account.
pub(super) type Histories = BTreeMap<(usize, String), u32>;

/// What is wrong with a book.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// Acknowledged and not there, or not on both sides.
    pub(super) lost: u64,
    /// There more often than acknowledged, those that nobody asked for included.
    pub(super) duplicated: u64,
}

/// Remembers the greatest number of a transfer.
fn worst<'t>(found: &mut BTreeMap<&'t str, u64>, transfer: &'t str, by: u32) {
    let most = found.entry(transfer).or_default();
    *most = (*most).max(u64::from(by));
}

/// Compares what was acknowledged with what is there.
pub(super) fn judge(acknowledged: &[Acknowledged], histories: &Histories) -> Verdict {
    let mut expected: BTreeMap<(usize, &str), u32> = BTreeMap::new();
    for act in acknowledged {
        for side in [act.payer, act.payee] {
            let count = expected.entry((side, &act.transfer)).or_default();
            *count = count.saturating_add(1);
        }
    }
    // A transfer is lost or doubled once, though it stands on two accounts.
    let mut lost: BTreeMap<&str, u64> = BTreeMap::new();
    let mut doubled: BTreeMap<&str, u64> = BTreeMap::new();
    for ((customer, transfer), wanted) in &expected {
        let there = histories.get(&(*customer, (*transfer).to_owned())).copied().unwrap_or(0);
        worst(&mut lost, transfer, wanted.saturating_sub(there));
        worst(&mut doubled, transfer, there.saturating_sub(*wanted));
    }
    for ((customer, transfer), there) in histories {
        if !expected.contains_key(&(*customer, transfer.as_str())) {
            worst(&mut doubled, transfer, *there);
        }
    }
    Verdict { lost: lost.values().sum(), duplicated: doubled.values().sum() }
}

/// How many messages are missing and how many came again. Each message to a customer names the balance after the
/// movement it tells of, and these are all different: from the opening balance on by one fen, up for those who are
/// paid, down for payers.
pub(super) fn told(balances: &[i64], opening: i64, movements: u64, incoming: bool) -> (u64, u64) {
    let mut counts: BTreeMap<i64, u64> = BTreeMap::new();
    for balance in balances {
        let count = counts.entry(*balance).or_default();
        *count = count.saturating_add(1);
    }
    let step = if incoming { 1 } else { -1 };
    let (mut missing, mut again) = (0_u64, 0_u64);
    let mut balance = opening;
    for _ in 0..movements {
        balance += step;
        match counts.remove(&balance) {
            None => missing = missing.saturating_add(1),
            Some(count) => again = again.saturating_add(count.saturating_sub(1)),
        }
    }
    // Whatever is left tells of movements that there were not.
    (missing, again.saturating_add(counts.values().sum()))
}

/// The balance after the movement that a message tells of, in the currency's smallest unit.
pub(super) fn balance_told(text: &str) -> Option<i64> {
    let (_, rest) = text.split_once("余额")?;
    let (amount, _) = rest.split_once(" CNY")?;
    amount.replace('.', "").parse().ok()
}

/// Milliseconds as seconds with one digit after the point.
pub(super) fn seconds(ms: u64) -> String {
    let tenths = ms.saturating_add(50) / 100;
    format!("{}.{}", tenths / 10, tenths % 10)
}
