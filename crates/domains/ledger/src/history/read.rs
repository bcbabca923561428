//! Reading the history of an account: memory first, then runs, newest to oldest.

mod days;

use std::sync::Arc;

use clock::BusinessDate;
use contracts::ledger::HistoryQuery;
use tokio::sync::watch;

use super::block::{Block, Unpacker};
use super::days::Days;
use super::shared::{Runs, Shared};
use super::store::{self, Run, Table};
use super::{Damaged, HistoryFailed, Moved};

/// The most movements of one answer.
const PAGE_MAX: u32 = 1_000;
/// Movements of the fresh part that are looked at before the one who follows has its turn.
const STEPS: usize = 1_024;
/// The fewest and the most runs whose blocks are asked for at once.
const RUNS_AT_ONCE: std::ops::RangeInclusive<usize> = 2..=64;
/// Blocks that are asked for at once where one account fills several.
const BLOCKS_AHEAD: u32 = 4;

/// Whether a walk goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Walked {
    On,
    Enough,
}

/// A walk through the movements of an account, from newer to older ones.
#[derive(Debug)]
pub(super) struct Walk<'q> {
    account: u32,
    /// Number of the movement that comes next; 0 after the first one.
    next: u32,
    found: Found<'q>,
}

/// What becomes of what is seen.
#[derive(Debug)]
enum Found<'q> {
    /// Some are shown.
    Page { query: &'q HistoryQuery, limit: usize, movements: Vec<Moved> },
    /// All are added up.
    Days(Days),
}

impl<'q> Walk<'q> {
    fn page(account: u32, newest: u32, query: &'q HistoryQuery) -> Self {
        let before = query.before.map_or(u32::MAX, |before| u32::try_from(before).unwrap_or(u32::MAX));
        let limit = query.limit.clamp(1, PAGE_MAX) as usize;
        let found = Found::Page { query, limit, movements: Vec::new() };
        Self { account, next: newest.min(before.saturating_sub(1)), found }
    }

    fn adding_up(account: u32, newest: u32) -> Self {
        Self { account, next: newest, found: Found::Days(Days::default()) }
    }

    fn into_page(self) -> Vec<Moved> {
        match self.found {
            Found::Page { movements, .. } => movements,
            Found::Days(_) => Vec::new(),
        }
    }

    fn into_days(self) -> Days {
        match self.found {
            Found::Page { .. } => Days::default(),
            Found::Days(days) => days,
        }
    }

    const fn is_enough(&self) -> bool {
        let full = match &self.found {
            Found::Page { limit, movements, .. } => movements.len() >= *limit,
            Found::Days(_) => false,
        };
        self.next == 0 || full
    }

    /// How many of these runs, from the newest on, are likely to hold what is missing: the account's movements that are
    /// left are spread over all of them.
    fn helping(&self, runs: &[Arc<Run>]) -> usize {
        let missing = match &self.found {
            Found::Page { limit, movements, .. } => limit.saturating_sub(movements.len()) as u64,
            Found::Days(_) => u64::from(self.next),
        };
        let all: u64 = runs.iter().map(|run| run.movements).sum();
        // A quarter more, because it is not spread evenly.
        let wanted = u128::from(missing.min(self.next.into())) * 5 / 4 + 1;
        let mut held = 0_u128;
        let likely = runs.iter().rev().take_while(|run| {
            let before = held;
            held += u128::from(run.movements) * u128::from(self.next);
            before < wanted * u128::from(all)
        });
        likely.count().clamp(*RUNS_AT_ONCE.start(), *RUNS_AT_ONCE.end())
    }

    fn walked(&self) -> Walked {
        if self.is_enough() { Walked::Enough } else { Walked::On }
    }

    /// Sees the next older movement; newer ones than it begins with are passed over.
    ///
    /// # Errors
    /// [`Damaged::Missing`]: the one that comes next was left out.
    pub(super) fn see(&mut self, moved: Moved) -> Result<Walked, Damaged> {
        if moved.number <= self.next && !self.is_enough() {
            if moved.number < self.next {
                return Err(self.missing());
            }
            self.next -= 1;
            match &mut self.found {
                Found::Page { query, movements, .. } if wants(query, &moved) => movements.push(moved),
                Found::Page { .. } => {}
                Found::Days(days) => days.add(&moved),
            }
        }
        Ok(self.walked())
    }

    const fn missing(&self) -> Damaged {
        Damaged::Missing { account: self.account, number: self.next }
    }
}

fn wants(query: &HistoryQuery, moved: &Moved) -> bool {
    query.side.is_none_or(|side| side == moved.side)
        && query.amount_min.is_none_or(|least| least <= moved.amount)
        && query.amount_max.is_none_or(|most| moved.amount <= most)
        && day_number(query.from).is_none_or(|from| from <= moved.booked_on)
        && day_number(query.until).is_none_or(|until| moved.booked_on <= until)
}

fn day_number(day: Option<BusinessDate>) -> Option<i32> {
    day.map(BusinessDate::day_number)
}

/// How readers see the history of a book.
#[derive(Clone)]
pub struct Reading {
    shared: Arc<Shared>,
    progress: watch::Receiver<u64>,
}

impl Reading {
    pub(super) const fn new(shared: Arc<Shared>, progress: watch::Receiver<u64>) -> Self {
        Self { shared, progress }
    }

    /// The last record that it has followed.
    #[must_use]
    pub fn reached(&self) -> u64 {
        *self.progress.borrow()
    }

    /// Waits until it has followed the record `target`; `false` where it has ended before.
    pub async fn reaches(&self, target: u64) -> bool {
        self.progress.clone().wait_for(|reached| *reached >= target).await.is_ok()
    }

    /// Movements of the account of this number that `query` asks for, newest first. The account's newest movement is
    /// `newest`; it must have been followed. Whatever lies between is found, or said to be missing.
    ///
    /// # Errors
    /// [`HistoryFailed`].
    pub async fn page(
        &self,
        account: u32,
        newest: u32,
        query: &HistoryQuery,
    ) -> Result<Vec<Moved>, HistoryFailed> {
        let mut walk = Walk::page(account, newest, query);
        let walked = self.walk(&mut walk).await;
        if matches!(walked, Err(HistoryFailed::Damaged(Damaged::Missing { .. }))) {
            self.shared.doubt();
        }
        walked.map(|()| walk.into_page())
    }

    /// One movement by its account and number.
    ///
    /// # Errors
    /// [`HistoryFailed`].
    pub async fn movement(&self, account: u32, number: u32) -> Result<Option<Moved>, HistoryFailed> {
        let query = HistoryQuery::newest(ids::AccountId::from_u128(0), 1);
        Ok(self.page(account, number, &query).await?.pop())
    }

    async fn walk(&self, walk: &mut Walk<'_>) -> Result<(), HistoryFailed> {
        if walk.is_enough() {
            return Ok(());
        }
        let runs = self.walk_memory(walk)?;
        let mut older = runs.as_slice();
        while !walk.is_enough() {
            let (rest, newest) = older.split_at(older.len().saturating_sub(walk.helping(older)));
            if newest.is_empty() {
                return Err(walk.missing().into());
            }
            let asked = newest.iter().map(|run| run.run);
            let connection = self.shared.db.reader();
            let mut blocks =
                store::blocks_of(connection, Table::Movements, asked, walk.account, walk.next).await?;
            for run in newest.iter().rev() {
                let place = blocks.iter().position(|block| block.run == run.run);
                let Some(block) = place.map(|place| blocks.swap_remove(place)) else { continue };
                if !walk.is_enough() {
                    self.walk_run(run, block, walk).await?;
                }
            }
            older = rest;
        }
        Ok(())
    }

    /// Through what is in memory; gives the runs that come before it.
    fn walk_memory(&self, walk: &mut Walk<'_>) -> Result<Runs, Damaged> {
        let mut place = None;
        let mut generation = None;
        loop {
            let memory = self.shared.memory();
            // Where the part was frozen meanwhile, it is walked from its newest on: what was seen is passed over.
            let same = generation.is_none_or(|generation| generation == memory.generation);
            if same {
                generation = Some(memory.generation);
                place = match place.or_else(|| memory.fresh.newest(walk.account)) {
                    Some(place) => memory.fresh.walk(place, walk, STEPS)?,
                    None => None,
                };
                if place.is_some() {
                    continue;
                }
            }
            let (frozen, runs) = (memory.frozen.clone(), Arc::clone(&memory.runs));
            drop(memory);
            if let Some(frozen) = frozen.filter(|_| !walk.is_enough())
                && let Some(place) = frozen.newest(walk.account)
            {
                frozen.walk(place, walk, usize::MAX)?;
            }
            return Ok(runs);
        }
    }

    /// Through the movements of a run, of which `block` is the last block that may hold any.
    async fn walk_run(&self, run: &Run, block: Block, walk: &mut Walk<'_>) -> Result<(), HistoryFailed> {
        let mut blocks = vec![block];
        loop {
            let mut first = None;
            for block in &blocks {
                if walk_block(block, walk)? == Walked::Enough || block.account != i64::from(walk.account) {
                    return Ok(());
                }
                first = Some(block.number);
            }
            let Some(first) = first else { return Ok(()) };
            let (connection, before) = (self.shared.db.reader(), (walk.account.into(), first - 1));
            blocks = store::blocks_until(connection, Table::Movements, run.run, before, BLOCKS_AHEAD).await?;
        }
    }
}

/// Through the account's movements in a block, from newer to older ones.
fn walk_block(block: &Block, walk: &mut Walk<'_>) -> Result<Walked, Damaged> {
    let mut movements = Vec::new();
    let mut unpacker = Unpacker::try_new(block)?;
    while let Some(moved) = unpacker.next()? {
        if (moved.account, moved.number) > (walk.account, walk.next) {
            break;
        }
        if moved.account == walk.account {
            movements.push(moved);
        }
    }
    for moved in movements.into_iter().rev() {
        if walk.see(moved)? == Walked::Enough {
            return Ok(Walked::Enough);
        }
    }
    Ok(walk.walked())
}
