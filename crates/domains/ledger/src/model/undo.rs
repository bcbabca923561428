//! Taking back: what was before each change since the last commit, newest last.
//!
//! Serves a broken chain (back to where it began) and a record that was not committed (back to the last one).
//! Batches that were executed but are not yet durable are *in flight*, each with what takes it back.

use std::collections::VecDeque;

use contracts::ledger::{Asset, Limits, Used};
use ids::TransferId;

use super::Account;
use super::book::{Book, Hold};
use super::known_ids::{IdKey, Location};

/// One rare change, told by what was before it.
#[derive(Debug, Clone)]
pub(super) enum Change {
    Asset(Asset),
    Limits(u32, Limits),
    HoldMade(TransferId),
    HoldEnded(TransferId, Hold),
    Window { account: u32, booked_on: i32, before: Used },
}

/// What was before, by kind: kinds do not touch each other, so each can be taken back by itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Undo {
    pub(super) accounts: Vec<(u32, Account)>,
    pub(super) ids: Vec<(IdKey, Location)>,
    pub(super) changes: Vec<Change>,
}

/// A place to come back to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    accounts: usize,
    ids: usize,
    changes: usize,
    opened: usize,
    transfers: u64,
    commands: u64,
    today: i32,
    last_at: i64,
}

/// A batch that was executed and is not yet durable.
#[derive(Debug, Clone)]
struct Flight {
    undo: Undo,
    /// How the book stood before it.
    before: Mark,
}

/// Batches in flight, oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Flights {
    flights: VecDeque<Flight>,
    /// How the book stood before the batch that is being executed.
    before: Option<Mark>,
    /// Emptied logs, to be filled again.
    spare: Vec<Undo>,
}

impl Flights {
    pub(super) fn len(&self) -> usize {
        self.flights.len()
    }
}

impl Book {
    /// A place to come back to with [`Book::roll_back`].
    pub(super) const fn mark(&self) -> Mark {
        Mark {
            accounts: self.undo.accounts.len(),
            ids: self.undo.ids.len(),
            changes: self.undo.changes.len(),
            opened: self.accounts.len(),
            transfers: self.transfers,
            commands: self.commands,
            today: self.today,
            last_at: self.last_at,
        }
    }

    /// Remembers how the book stands before the first change of a batch.
    pub(super) fn begin_flight(&mut self) {
        if self.flights.before.is_none() {
            self.flights.before = Some(self.mark());
        }
    }

    /// The batch being executed is complete: it can be taken back as a whole only.
    pub(super) fn end_flight(&mut self) {
        let before = self.flights.before.take().unwrap_or_else(|| self.mark());
        let undo = std::mem::replace(&mut self.undo, self.flights.spare.pop().unwrap_or_default());
        self.flights.flights.push_back(Flight { undo, before });
    }

    /// The batch that was begun has no entry: nothing is in flight because of it.
    pub fn discard_empty(&mut self) {
        if let Some(before) = self.flights.before.take() {
            self.roll_back(before);
        }
    }

    /// The oldest batch in flight is durable.
    pub fn land(&mut self) {
        let Some(Flight { mut undo, .. }) = self.flights.flights.pop_front() else { return };
        undo.accounts.clear();
        undo.ids.clear();
        undo.changes.clear();
        if self.flights.spare.len() < 2 {
            self.flights.spare.push(undo);
        }
        // Not while something may still be taken back to an earlier date.
        if self.flights.len() == 0 && self.flights.before.is_none() {
            self.windows.forget(self.today);
        }
    }

    /// Numbers of the accounts that the batch being executed has changed so far, some several times.
    pub(super) fn touched(&self) -> impl Iterator<Item = u32> + '_ {
        self.undo.accounts.iter().map(|(number, _)| *number)
    }

    /// Takes back every change since the mark.
    pub(super) fn roll_back(&mut self, mark: Mark) {
        while self.undo.accounts.len() > mark.accounts {
            if let Some((number, before)) = self.undo.accounts.pop()
                && let Some(account) = self.accounts.get_mut(number)
            {
                *account = before;
            }
        }
        while self.undo.changes.len() > mark.changes {
            match self.undo.changes.pop() {
                None => break,
                Some(change) => self.take_back(change),
            }
        }
        while self.accounts.len() > mark.opened {
            self.accounts.pop();
        }
        while self.undo.ids.len() > mark.ids {
            if let Some((key, location)) = self.undo.ids.pop() {
                self.ids.remove(key, location);
            }
        }
        (self.transfers, self.commands) = (mark.transfers, mark.commands);
        (self.today, self.last_at) = (mark.today, mark.last_at);
    }

    fn take_back(&mut self, change: Change) {
        match change {
            Change::Asset(asset) => {
                self.assets.remove(&asset);
                self.asset_codes.pop();
            }
            Change::Limits(number, before) => self.accounts.set_limits(number, before),
            Change::HoldMade(id) => {
                if let Some(hold) = self.holds.remove(&id) {
                    self.expiries.remove(&(hold.until, id));
                }
            }
            Change::HoldEnded(id, hold) => {
                self.expiries.insert((hold.until, id));
                self.holds.insert(id, hold);
            }
            Change::Window { account, booked_on, before } => self.windows.set(account, booked_on, before),
        }
    }

    /// Takes back everything that is not durable: the batch being executed and all in flight.
    pub fn discard(&mut self) {
        if let Some(before) = self.flights.before.take() {
            self.roll_back(before);
        }
        while let Some(Flight { undo, before }) = self.flights.flights.pop_back() {
            self.undo = undo;
            self.roll_back(before);
            self.recent.pop();
        }
    }
}
