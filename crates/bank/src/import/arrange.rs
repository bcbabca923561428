//! The order of an account's movements inside each day in which the stated balances come out.
//!
//! A source states the balance after each movement but not always the order of a day. A movement fits where the
//! balance before it, plus its amount, is the balance stated after it. Over all orders of all days of an account
//! the one is chosen that leaves the fewest unexplained differences, then the fewest that are off by rounding, then
//! the one nearest the source's own order: exactly, by dynamic programming over the subsets of a day (Held and
//! Karp 1962), carried from day to day by the balance that a day ends with. Cost: `n²·2ⁿ` steps for a day of `n`
//! movements, hence a day of more than twelve, or one with a movement that states no balance, keeps its order.

use super::form::{Movement, Source};

/// The longest day that is searched.
const DAY_MAX: usize = 12;

/// How a balance compares with the stated one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Equal.
    Exact,
    /// Off by no more than the source's own rounding.
    OffByRounding,
    /// Off by more.
    Unexplained,
}

impl Verdict {
    /// The verdict on a difference of minor units in either direction.
    #[must_use]
    pub const fn of(difference: i64, rounding_minor: u64) -> Self {
        match difference.unsigned_abs() {
            0 => Self::Exact,
            off if off <= rounding_minor => Self::OffByRounding,
            _ => Self::Unexplained,
        }
    }
}

/// Where a movement stands, and what brings its account to the stated balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// An index of [`Source::movements`].
    pub movement: usize,
    /// Stated balance less balance after the movement, minor units; 0 where they agree or none is stated.
    pub correction: i64,
}

/// The movements of a source in the order in which they are to be posted.
#[derive(Debug)]
pub struct Arranged {
    /// By booking day, then account, then the order found.
    pub placed: Vec<Placed>,
    /// The lowest balance of each account at any time, at most 0; minor units.
    pub lowest: Vec<i64>,
}

/// Arranges the movements of `source`. A difference of at most `rounding_minor` counts as rounding.
#[must_use]
pub fn arrange(source: &Source, rounding_minor: u64) -> Arranged {
    let mut of_account: Vec<Vec<usize>> = vec![Vec::new(); source.accounts.len()];
    for (at, movement) in source.movements.iter().enumerate() {
        if let Some(list) = of_account.get_mut(movement.account) {
            list.push(at);
        }
    }
    let mut arranged = Arranged { placed: Vec::with_capacity(source.movements.len()), lowest: Vec::new() };
    for list in &of_account {
        let lines: Vec<(usize, &Movement)> =
            list.iter().filter_map(|at| source.movements.get(*at).map(|movement| (*at, movement))).collect();
        let order = account_order(&lines, rounding_minor);
        let (mut balance, mut lowest) = (0_i64, 0_i64);
        for (at, movement) in order {
            let after = balance.saturating_add(movement.signed());
            let correction = movement.stated.map_or(0, |stated| stated.saturating_sub(after));
            balance = after.saturating_add(correction);
            lowest = lowest.min(after).min(balance);
            arranged.placed.push(Placed { movement: at, correction });
        }
        arranged.lowest.push(lowest);
    }
    // Stable: inside a day and account the order found stays.
    arranged.placed.sort_by_key(|placed| {
        source.movements.get(placed.movement).map(|movement| (movement.booked_on, movement.account))
    });
    arranged
}

/// How a day may end: with this balance, at this cost, by this order, after this ending of the day before.
struct Ending {
    balance: i64,
    cost: u64,
    order: Vec<usize>,
    before: usize,
}

/// The movements of one account, sorted by day, in the best order.
fn account_order<'a>(lines: &[(usize, &'a Movement)], rounding: u64) -> Vec<(usize, &'a Movement)> {
    let mut days: Vec<Vec<Ending>> = Vec::new();
    let mut starts = vec![(0_i64, 0_u64)];
    let mut first = 0;
    for day in lines.chunk_by(|(_, left), (_, right)| left.booked_on == right.booked_on) {
        let endings = day_endings(day, &starts, first, rounding);
        starts = endings.iter().map(|ending| (ending.balance, ending.cost)).collect();
        first += day.len();
        days.push(endings);
    }
    let last = days.last().map_or(&[][..], Vec::as_slice);
    let mut at = last.iter().enumerate().min_by_key(|(_, ending)| ending.cost).map_or(0, |(at, _)| at);
    let mut order: Vec<usize> = Vec::with_capacity(lines.len());
    for endings in days.iter().rev() {
        if let Some(ending) = endings.get(at) {
            order.extend(ending.order.iter().rev());
            at = ending.before;
        }
    }
    order.iter().rev().filter_map(|at| lines.get(*at).copied()).collect()
}

/// All endings of a day worth keeping, one for each balance. `starts` are balance and cost of the endings before;
/// the orders hold positions in the account's list, of which the day's first is `first`.
fn day_endings(
    day: &[(usize, &Movement)],
    starts: &[(i64, u64)],
    first: usize,
    rounding: u64,
) -> Vec<Ending> {
    let stated: Option<Vec<(i64, i64)>> =
        day.iter().map(|(_, movement)| movement.stated.map(|stated| (movement.signed(), stated))).collect();
    match stated {
        Some(moves) if moves.len() <= DAY_MAX => searched(&moves, starts, first, rounding),
        _ => starts
            .iter()
            .enumerate()
            .map(|(before, (balance, cost))| {
                let order = (first..first + day.len()).collect();
                let (balance, cost) = day.iter().fold((*balance, *cost), |(balance, cost), (_, movement)| {
                    let stated = movement.stated.unwrap_or(balance + movement.signed());
                    (stated, cost + step_cost(balance, movement.signed(), stated, rounding))
                });
                Ending { balance, cost, order, before }
            })
            .collect(),
    }
}

/// The cheapest way to have posted a subset of a day, ending with one of its movements.
#[derive(Clone, Copy)]
struct Way {
    cost: u64,
    /// The movement before the last, or `DAY_MAX` where there is none.
    previous: usize,
    /// The ending of the day before.
    before: usize,
}

fn searched(moves: &[(i64, i64)], starts: &[(i64, u64)], first: usize, rounding: u64) -> Vec<Ending> {
    let count = moves.len();
    let full = (1_usize << count) - 1;
    let mut ways: Vec<Option<Way>> = vec![None; (full + 1) * count];
    let keep = |ways: &mut Vec<Option<Way>>, set: usize, last: usize, way: Way| {
        if let Some(slot) = ways.get_mut(set * count + last)
            && slot.is_none_or(|kept| way.cost < kept.cost)
        {
            *slot = Some(way);
        }
    };
    for (at, (amount, stated)) in moves.iter().enumerate() {
        for (before, (balance, cost)) in starts.iter().enumerate() {
            let cost = cost + step_cost(*balance, *amount, *stated, rounding);
            keep(&mut ways, 1 << at, at, Way { cost, previous: DAY_MAX, before });
        }
    }
    for set in 1..=full {
        for (last, (_, balance)) in moves.iter().enumerate() {
            let Some(way) = ways.get(set * count + last).copied().flatten() else { continue };
            for (next, (amount, stated)) in
                moves.iter().enumerate().filter(|(next, _)| set & (1 << next) == 0)
            {
                // Among equal costs the order nearest the source's own wins: going back costs a little.
                let back = u64::from(next < last);
                let cost = way.cost + back + step_cost(*balance, *amount, *stated, rounding);
                keep(&mut ways, set | (1 << next), next, Way { cost, previous: last, before: way.before });
            }
        }
    }
    let mut endings: Vec<Ending> = Vec::with_capacity(count);
    for (last, (_, balance)) in moves.iter().enumerate() {
        let Some(way) = ways.get(full * count + last).copied().flatten() else { continue };
        match endings.iter_mut().find(|ending| ending.balance == *balance) {
            Some(ending) if ending.cost <= way.cost => {}
            Some(ending) => *ending = ending_of(&ways, moves, last, way, first),
            None => endings.push(ending_of(&ways, moves, last, way, first)),
        }
    }
    endings
}

fn ending_of(ways: &[Option<Way>], moves: &[(i64, i64)], last: usize, way: Way, first: usize) -> Ending {
    let count = moves.len();
    let mut order = Vec::with_capacity(count);
    let (mut set, mut at) = ((1_usize << count) - 1, last);
    while let Some(step) = ways.get(set * count + at).copied().flatten() {
        order.push(first + at);
        set &= !(1 << at);
        at = step.previous;
        if set == 0 {
            break;
        }
    }
    order.reverse();
    Ending {
        balance: moves.get(last).map_or(0, |(_, stated)| *stated),
        cost: way.cost,
        order,
        before: way.before,
    }
}

/// Far above what order can cost, so that one unexplained difference outweighs every other consideration.
fn step_cost(balance: i64, amount: i64, stated: i64, rounding: u64) -> u64 {
    match Verdict::of(stated.saturating_sub(balance.saturating_add(amount)), rounding) {
        Verdict::Exact => 0,
        Verdict::OffByRounding => 1_000_000,
        Verdict::Unexplained => 1_000_000_000_000,
    }
}
