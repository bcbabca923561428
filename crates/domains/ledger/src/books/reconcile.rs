//! Proving that two books say the same of what went between them.
//!
//! The movements of both transit accounts are numbered without gaps. Each is paired with the one of the same transfer,
//! the same amount and the other side in the other book; so once everything is paired, nothing is half and nothing is
//! twice. A transfer that somebody began and nobody ends is brought to its end first.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use clock::Timestamp;
use contracts::Unavailable;
use contracts::ledger::{Asset, HistoryQuery, Ledger, Movement};
use ids::{AccountId, TransferId};
use money::Currency;
use tokio::sync::Mutex;

use super::SeveralBooks;
use super::between::{Corridor, hold_of, transfer_of};

/// Movements read at once.
const PAGE: u32 = 1_000;
/// Holds looked at in one turn.
const HOLDS_MAX: u32 = 1_000;
/// A transfer that was minted so long ago and has not ended was cut off.
const CUT_OFF: Duration = Duration::from_secs(30);

/// What came of comparing two books in one asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciled {
    /// The two books.
    pub books: (String, String),
    /// What went between them.
    pub asset: Asset,
    /// Transfers of which both books say the same.
    pub transfers: u64,
    /// Transfers under way.
    pub open: u64,
    /// Transfers of which one book says what the other does not: never, unless a journal is damaged.
    pub unmatched: Vec<TransferId>,
}

/// One side of a comparison.
#[derive(Debug, Clone, Default)]
struct Compared {
    /// Numbers up to which the movements of either transit account were looked at.
    looked_at: [u64; 2],
    transfers: u64,
    /// Movements without their like, by the book that has them (0 or 1).
    alone: BTreeMap<TransferId, (usize, Movement)>,
}

/// Compares all books, again and again: each turn looks at what is new.
pub struct Reconciliation {
    books: Arc<SeveralBooks>,
    compared: Mutex<BTreeMap<(usize, usize, Asset), Compared>>,
}

impl Reconciliation {
    /// Begins with the first movement.
    #[must_use]
    pub fn new(books: Arc<SeveralBooks>) -> Self {
        Self { books, compared: Mutex::default() }
    }

    /// Ends what was cut off by `now`, then compares. Nothing for books between which nothing ever went.
    ///
    /// # Errors
    /// [`Unavailable`]: a book does not answer; the next turn goes on where this one ended.
    pub async fn turn(&self, now: Timestamp) -> Result<Vec<Reconciled>, Unavailable> {
        let mut compared = self.compared.lock().await;
        let mut found = Vec::new();
        let count = self.books.books.len();
        for (left, right) in (0..count).flat_map(|left| (left + 1..count).map(move |right| (left, right))) {
            for asset in Currency::all().map(Asset::from) {
                let transits =
                    [self.books.transit(left, right, asset), self.books.transit(right, left, asset)];
                let pair = Pair { books: &self.books, at: [left, right], transits, asset };
                if !pair.is_there().await? {
                    continue;
                }
                pair.end_what_was_cut_off(now).await?;
                let state = compared.entry((left, right, asset)).or_default();
                found.push(pair.compare(state).await?);
            }
        }
        Ok(found)
    }
}

/// Two books and their transit accounts in one asset.
struct Pair<'a> {
    books: &'a SeveralBooks,
    at: [usize; 2],
    transits: [AccountId; 2],
    asset: Asset,
}

impl Pair<'_> {
    fn side(&self, side: usize) -> Result<(&dyn Ledger, AccountId), Unavailable> {
        let (Some(at), Some(transit)) = (self.at.get(side), self.transits.get(side)) else {
            return Err(Unavailable::Misunderstood);
        };
        Ok((self.books.book(*at)?, *transit))
    }

    async fn is_there(&self) -> Result<bool, Unavailable> {
        for side in 0..2 {
            let (book, transit) = self.side(side)?;
            if book.balances(&[transit]).await?.into_iter().flatten().next().is_none() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn end_what_was_cut_off(&self, now: Timestamp) -> Result<(), Unavailable> {
        for side in 0..2 {
            let (book, transit) = self.side(side)?;
            let [Some(from), Some(to)] = [self.at.get(side), self.at.get(1 - side)] else { continue };
            let corridor = Corridor { from: *from, to: *to, asset: self.asset };
            for hold in book.holds(transit, HOLDS_MAX).await?.iter().filter(|hold| hold.credit == transit) {
                if minted(hold.hold).is_none_or(|minted| now.duration_since(minted).unsigned_abs() >= CUT_OFF)
                {
                    tracing::warn!(transfer = %transfer_of(hold.hold), "a transfer between books was cut off");
                    self.books.give_up(transfer_of(hold.hold), corridor).await?;
                }
            }
        }
        Ok(())
    }

    async fn compare(&self, state: &mut Compared) -> Result<Reconciled, Unavailable> {
        for side in 0..2 {
            let (book, transit) = self.side(side)?;
            let Some(looked_at) = state.looked_at.get_mut(side) else { continue };
            for movement in newer(book, transit, *looked_at).await? {
                *looked_at = (*looked_at).max(movement.number);
                match state.alone.remove(&movement.transfer) {
                    Some((other, like)) if other != side && are_alike(&like, &movement) => {
                        state.transfers += 1
                    }
                    Some(other) => {
                        // Said twice, or not the same: neither has its like.
                        state.alone.insert(movement.transfer, other);
                    }
                    None => drop(state.alone.insert(movement.transfer, (side, movement))),
                }
            }
        }
        let (mut open, mut unmatched) = (0, Vec::new());
        let mut matched = Vec::new();
        for (transfer, (side, movement)) in &state.alone {
            let (other, transit) = self.side(1 - side)?;
            // It may have come since the other book was read; then it is paired the next time.
            match other.movement(transit, *transfer).await? {
                Some(like) if are_alike(&like, movement) => matched.push(*transfer),
                Some(_) => unmatched.push(*transfer),
                None if other.outcome(hold_of(*transfer)).await?.is_some_and(|held| held.is_ok()) => {
                    open += 1
                }
                None => unmatched.push(*transfer),
            }
        }
        open += u64::try_from(matched.len()).unwrap_or(0);
        let name = |side: usize| {
            let book = self.at.get(side).and_then(|at| self.books.books.get(*at));
            book.map_or_else(String::new, |book| book.name.clone())
        };
        Ok(Reconciled {
            books: (name(0), name(1)),
            asset: self.asset,
            transfers: state.transfers,
            open,
            unmatched,
        })
    }
}

/// Whether one went out of a book as the other came into its own.
fn are_alike(one: &Movement, other: &Movement) -> bool {
    one.amount == other.amount && one.side != other.side
}

/// Movements with a number above `after`, in no particular order.
async fn newer(book: &dyn Ledger, account: AccountId, after: u64) -> Result<Vec<Movement>, Unavailable> {
    let mut found = Vec::new();
    let mut query = HistoryQuery::newest(account, PAGE);
    loop {
        let page = book.history(query.clone()).await?;
        let oldest = page.last().map_or(0, |movement| movement.number);
        found.extend(page.into_iter().filter(|movement| movement.number > after));
        if oldest <= after + 1 {
            return Ok(found);
        }
        query.before = Some(oldest);
    }
}

/// When an id was minted; `None` where it does not tell.
fn minted(id: TransferId) -> Option<Timestamp> {
    Timestamp::from_millisecond(i64::try_from(id.as_u128() >> 80).ok()?).ok()
}
