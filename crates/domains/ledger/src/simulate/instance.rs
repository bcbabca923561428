//! One ledger of the simulation: all of its parts, each taking its turns when it is told to.

use std::sync::Arc;
use std::sync::mpsc::Receiver;

use super::audit::Violation;
use super::derived;
use super::store::Store;
use crate::Settings;
use crate::handle::LocalLedger;
use crate::history::{FollowFailed, History, HistoryFailed};
use crate::open::{OpenFailed, Prepared, Stores, prepare};
use crate::stored_ids::StoredIds;
use crate::writer::commit::Committer;
use crate::writer::keep::Storing;
use crate::writer::{Pace, State, Turn, Writer};

/// What takes turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Writer,
    Committer,
    History,
    Snapshot,
    Ids,
}

pub(super) const PARTS: [Part; 5] = [Part::Writer, Part::Committer, Part::History, Part::Snapshot, Part::Ids];

/// A ledger, as one process would run it.
pub(super) struct Instance {
    pub(super) ledger: Arc<LocalLedger>,
    writer: Option<Writer>,
    committer: Option<Committer>,
    history: Option<History>,
    storing: Option<Storing>,
    ids: Arc<StoredIds>,
    woken: Receiver<()>,
    journal: Store,
    runtime: tokio::runtime::Handle,
}

/// Where a simulated ledger lives.
pub(super) struct Place {
    pub(super) journal: Store,
    pub(super) derived: db::Db,
    pub(super) clock: Arc<clock::ManualClock>,
    pub(super) settings: Settings,
    pub(super) pace: Pace,
    pub(super) runtime: tokio::runtime::Handle,
}

impl Instance {
    /// Opens the book.
    pub(super) fn open(place: &Place) -> Result<Self, OpenFailed> {
        let stores = Stores {
            journal: Arc::new(place.journal.clone()),
            derived: place.derived.clone(),
            owns_derived: false,
        };
        let clock: Arc<dyn clock::Clock> = Arc::clone(&place.clock) as _;
        let pace = Pace { dice: Some(place.journal.draw()), ..place.pace };
        let preparing = prepare(stores, clock, &place.settings, pace);
        let Prepared { writer, committer, history, woken, mut parts } = place.runtime.block_on(preparing)?;
        parts.at_once = Some(place.runtime.clone());
        let ids = Arc::clone(&parts.ids);
        Ok(Self {
            ledger: Arc::new(LocalLedger::new(parts)),
            writer: Some(writer),
            committer: Some(committer),
            history: Some(history),
            storing: None,
            ids,
            woken,
            journal: place.journal.clone(),
            runtime: place.runtime.clone(),
        })
    }

    /// Gives a part its turn; says whether anything was done.
    ///
    /// # Errors
    /// [`Violation`]: it fails by a fault that nobody made.
    pub(super) fn turn(&mut self, part: Part) -> Result<bool, Violation> {
        Ok(match part {
            Part::Writer => self.turn_of_writer()?,
            Part::Committer => {
                let Some(committer) = &mut self.committer else { return Ok(false) };
                let turn = committer.turn();
                if turn == Turn::Ended {
                    self.committer = None;
                }
                turn == Turn::Worked
            }
            Part::History => self.turn_of_history()?,
            Part::Snapshot => self.storing.take().map(Storing::run).is_some(),
            Part::Ids => {
                let woken = self.woken.try_recv().is_ok();
                // What fails stays in memory and is tried again at the next turn.
                let _ = self.runtime.block_on(self.ids.step());
                woken
            }
        })
    }

    fn turn_of_history(&mut self) -> Result<bool, Violation> {
        let Some(history) = &mut self.history else { return Ok(false) };
        match self.runtime.block_on(history.turn(&self.journal)) {
            Ok(turn) => {
                if turn == Turn::Ended {
                    self.history = None;
                }
                Ok(turn == Turn::Worked)
            }
            // Nobody damages the history, and its store refuses nothing that was not told to fail.
            Err(FollowFailed::History(HistoryFailed::Damaged(damaged))) => {
                Err(Violation(format!("the history is damaged: {damaged}")))
            }
            Err(FollowFailed::History(HistoryFailed::Store(error))) if !derived::made(&error) => {
                Err(Violation(format!("the history cannot be written: {error}")))
            }
            Err(_) => {
                self.runtime.block_on(history.look_again());
                Ok(true)
            }
        }
    }

    fn turn_of_writer(&mut self) -> Result<bool, Violation> {
        let Some(writer) = &mut self.writer else { return Ok(false) };
        let turn = writer.turn();
        if let Some(storing) = writer.keeping.take_ready() {
            self.storing = Some(storing);
        }
        if turn == Turn::Ended
            && let Some(writer) = self.writer.take()
            && let Some(last) = writer.last_snapshot()
        {
            // As the thread does: what is being stored is stored before.
            self.turn(Part::Snapshot)?;
            self.storing = Some(last);
        }
        Ok(turn == Turn::Worked)
    }

    /// Whether nothing of it will do anything any more.
    pub(super) const fn has_ended(&self) -> bool {
        self.writer.is_none() && self.committer.is_none() && self.history.is_none() && self.storing.is_none()
    }

    /// Whether it can still post.
    pub(super) fn serves(&self) -> bool {
        self.writer.is_some() && !matches!(self.ledger.state(), State::Superseded | State::Stopped)
    }
}
