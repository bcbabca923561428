//! Compares the ledger's own history with what the source states.

use std::collections::HashMap;

use clock::BusinessDate;
use contracts::Unavailable;
use contracts::ledger::{HistoryQuery, Ledger, Movement as Booked};
use futures_util::stream::{self, StreamExt, TryStreamExt};
use ids::{AccountId, TransferId};
use money::Currency;

use super::arrange::{Arranged, Verdict};
use super::form::{Movement, Profile, Source};
use super::take_over::{Ids, TakeOverFailed};
use crate::books::Books;

/// The largest page of [`HistoryQuery`].
const PAGE: u32 = 1_000;

/// How many accounts are read at once.
const READERS: usize = 8;

/// What the comparison found. All counts are of the source's movements.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Reconciled {
    /// In the ledger with the source's account, side, amount and booking date.
    pub posted: u64,
    /// The ledger's balance after it is the stated one.
    pub exact: u64,
    /// Off by no more than the source's rounding.
    pub off_by_rounding: u64,
    /// Off by more, or not in the ledger as stated.
    pub unexplained: u64,
    /// Corrections in the ledger.
    pub corrections: u64,
    /// Accounts with movements whose balance in the ledger is the last one stated.
    pub accounts_at_stated_balance: u64,
    /// Accounts with movements.
    pub accounts_with_movements: u64,
    /// Every movement that is not exact, in the order of posting.
    pub differences: Vec<Difference>,
}

/// A movement whose balance in the ledger is not the stated one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What the source calls the account.
    pub account: String,
    /// What the source calls the movement.
    pub movement: String,
    /// Its line in the source.
    pub line: u64,
    /// Its booking day.
    pub booked_on: BusinessDate,
    /// What the account counts.
    pub currency: Currency,
    /// What it adds to the balance, minor units.
    pub amount: i64,
    /// The stated balance, minor units.
    pub stated: i64,
    /// The balance in the ledger after it, minor units; `None` where the ledger does not hold it as stated.
    pub in_ledger: Option<i64>,
    /// How far off.
    pub verdict: Verdict,
    /// Why, in words.
    pub reason: &'static str,
}

/// Reads every account's history back from the ledger and compares.
///
/// # Errors
/// [`TakeOverFailed::Unavailable`].
pub(super) async fn reconcile(
    books: &Books,
    profile: &dyn Profile,
    source: &Source,
    arranged: &Arranged,
    ids: &Ids,
) -> Result<Reconciled, TakeOverFailed> {
    let mut moved: Vec<usize> = source.movements.iter().map(|movement| movement.account).collect();
    moved.sort_unstable();
    moved.dedup();
    let ledger = books.ledger.as_ref();
    let histories: Vec<Vec<Booked>> =
        stream::iter(moved.iter().map(|account| history(ledger, ids.account(*account))))
            .buffered(READERS)
            .try_collect()
            .await?;
    let booked: HashMap<(AccountId, TransferId), &Booked> = moved
        .iter()
        .zip(&histories)
        .flat_map(|(account, list)| list.iter().map(|one| ((ids.account(*account), one.transfer), one)))
        .collect();
    let mut found = Reconciled { accounts_with_movements: count(moved.len()), ..Reconciled::default() };
    let mut last_stated: HashMap<usize, i64> = HashMap::new();
    let last_day = source.movements.iter().map(|movement| movement.booked_on).max();
    for placed in &arranged.placed {
        let Some(movement) = source.movements.get(placed.movement) else { continue };
        let booked = booked.get(&(ids.account(movement.account), ids.movement(placed.movement)));
        let booked = booked.filter(|booked| as_stated(booked, movement));
        found.posted += u64::from(booked.is_some());
        found.corrections += u64::from(placed.correction != 0);
        found.add(source, movement, booked.map(|booked| booked.balance_after), profile, last_day);
        if let Some(stated) = movement.stated {
            last_stated.insert(movement.account, stated);
        }
    }
    for (account, list) in moved.iter().zip(&histories) {
        let newest = list.iter().max_by_key(|one| one.number).map(|one| one.balance_after);
        let at_stated = newest.is_some() && newest == last_stated.get(account).copied();
        found.accounts_at_stated_balance += u64::from(at_stated);
    }
    Ok(found)
}

impl Reconciled {
    fn add(
        &mut self,
        source: &Source,
        movement: &Movement,
        in_ledger: Option<i64>,
        profile: &dyn Profile,
        last_day: Option<BusinessDate>,
    ) {
        let stated = movement.stated.or(in_ledger).unwrap_or_default();
        let verdict = in_ledger.map_or(Verdict::Unexplained, |balance| {
            Verdict::of(stated.saturating_sub(balance), profile.rounding_minor())
        });
        match verdict {
            Verdict::Exact => self.exact += 1,
            Verdict::OffByRounding => self.off_by_rounding += 1,
            Verdict::Unexplained => self.unexplained += 1,
        }
        if verdict == Verdict::Exact {
            return;
        }
        let cut = !source.refused.is_empty() && Some(movement.booked_on) == last_day;
        let account = source.accounts.get(movement.account);
        self.differences.push(Difference {
            account: account.map(|one| one.key.clone()).unwrap_or_default(),
            currency: account.map_or(Currency::CNY, |one| one.currency),
            movement: movement.key.clone(),
            line: movement.line,
            booked_on: movement.booked_on,
            amount: movement.signed(),
            stated,
            in_ledger,
            verdict,
            reason: match (verdict, in_ledger) {
                (_, None) => "the ledger does not hold this movement as the source states it",
                (Verdict::OffByRounding, _) => "the source rounds the amount and the balance apart",
                _ if cut => "the source ends inside this day: a movement between is missing from the file",
                _ => "no order of the day's movements leads to the stated balance",
            },
        });
    }
}

fn as_stated(booked: &Booked, movement: &Movement) -> bool {
    booked.side == movement.side && booked.amount == movement.amount && booked.booked_on == movement.booked_on
}

/// The whole history of an account.
async fn history(ledger: &dyn Ledger, account: AccountId) -> Result<Vec<Booked>, Unavailable> {
    let mut all: Vec<Booked> = Vec::new();
    loop {
        let before = all.iter().map(|one| one.number).min();
        let page = ledger.history(HistoryQuery { before, ..HistoryQuery::newest(account, PAGE) }).await?;
        let more = page.len() >= usize::try_from(PAGE).unwrap_or(usize::MAX);
        all.extend(page);
        if !more {
            return Ok(all);
        }
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
