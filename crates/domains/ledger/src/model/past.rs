//! What is remembered of entries that were executed before: those of recent batches in memory, older ones as the
//! writer read them from the journal.

use std::collections::VecDeque;
use std::sync::Arc;

use contracts::ledger::{Act, Command};
use ids::TransferId;
use rustc_hash::FxHashMap;

use super::batch::Batch;
use super::book::{Book, Ended};
use super::content::{digests, encode_command};
use super::entry::{Did, Effect, Entry, Executed};
use super::known_ids::{IdKey, Location};

/// Bytes of recent batches that are kept, beyond those that are not yet durable.
const RECENT_BYTES: usize = 16 << 20;

/// An entry that was executed before.
#[derive(Debug, Clone)]
pub struct Remembered {
    /// What happened.
    pub entry: Entry,
    /// The instant it bears, nanoseconds since 1970.
    pub at: i64,
}

/// What the writer has looked up before it executes: everything that [`Book::wanted`] names.
#[derive(Debug, Default)]
pub struct Past {
    /// Entries by where they stand.
    pub entries: FxHashMap<Location, Remembered>,
    /// Where ids stand that are no longer in memory, by the hash of their key.
    pub stored: FxHashMap<u64, Vec<Location>>,
}

/// The newest batches, whether durable or not.
#[derive(Debug, Clone, Default)]
pub(super) struct Recent {
    batches: VecDeque<Arc<Batch>>,
    bytes: usize,
}

impl Recent {
    pub(super) fn push(&mut self, batch: Arc<Batch>, in_flight: usize) {
        self.bytes += batch.bytes.len();
        self.batches.push_back(batch);
        while self.bytes > RECENT_BYTES && self.batches.len() > in_flight + 1 {
            self.bytes -= self.batches.pop_front().map_or(0, |oldest| oldest.bytes.len());
        }
    }

    pub(super) fn pop(&mut self) {
        self.bytes -= self.batches.pop_back().map_or(0, |newest| newest.bytes.len());
    }

    fn get(&self, sequence: u64) -> Option<&Arc<Batch>> {
        let at = self.batches.binary_search_by_key(&sequence, |batch| batch.sequence).ok()?;
        self.batches.get(at)
    }
}

impl Batch {
    fn remembered(&self, place: u32) -> Option<Remembered> {
        Some(Remembered { entry: self.entry(place)?, at: Self::instant_of(self.at, place) })
    }
}

impl Book {
    /// The keys that executing `command` looks up.
    pub fn keys(&self, command: &Command) -> impl Iterator<Item = IdKey> + use<> {
        let hold = match &command.act {
            Act::PostHold { hold, .. } | Act::VoidHold { hold } if !self.holds.contains_key(hold) => {
                Some(*hold)
            }
            _ => None,
        };
        let of_hold = hold.map(|hold| [IdKey::end_of(hold), IdKey::of(hold)]);
        std::iter::once(IdKey::of(command.id)).chain(of_hold.into_iter().flatten())
    }

    /// The entries that executing `commands` into `batch` may need and that are not in memory.
    pub fn wanted<'a>(
        &'a self,
        commands: &'a [Command],
        batch: &'a Batch,
    ) -> impl Iterator<Item = Location> + 'a {
        commands
            .iter()
            .flat_map(|command| self.keys(command))
            .flat_map(|key| self.ids.find(key))
            .filter(|at| !self.is_at_hand(*at, batch))
    }

    /// Whether the entry that stands there is in memory.
    #[must_use]
    pub fn is_at_hand(&self, location: Location, batch: &Batch) -> bool {
        location.sequence() == batch.sequence || self.recent.get(location.sequence()).is_some()
    }

    /// Entries that may be those of `key`, wherever they are remembered.
    pub(super) fn candidates<'a>(
        &'a self,
        key: IdKey,
        past: &'a Past,
    ) -> impl Iterator<Item = Location> + 'a {
        // Nearly always empty: spare the look-up.
        let stored = if past.stored.is_empty() { None } else { past.stored.get(&key.hash) };
        self.ids.find(key).chain(stored.into_iter().flatten().copied())
    }

    fn recall(&self, location: Location, batch: &Batch, past: &Past) -> Option<Remembered> {
        if location.sequence() == batch.sequence {
            return batch.remembered(location.place());
        }
        match self.recent.get(location.sequence()) {
            Some(recent) => recent.remembered(location.place()),
            None => past.entries.get(&location).cloned(),
        }
    }

    /// What became of an id; `None` where it was never used.
    pub(super) fn find(&self, id: TransferId, batch: &Batch, past: &Past) -> Option<(Executed, i64)> {
        self.candidates(IdKey::of(id), past).find_map(|location| {
            match self.recall(location, batch, past)? {
                Remembered { entry: Entry::Executed(executed), at } if executed.id == id => {
                    Some((executed, at))
                }
                _ => None,
            }
        })
    }

    /// How a hold ended; `None` where it has not.
    pub(super) fn ending(&self, hold: TransferId, batch: &Batch, past: &Past) -> Option<Ended> {
        self.candidates(IdKey::end_of(hold), past).find_map(|location| {
            let remembered = self.recall(location, batch, past)?;
            ending_of(&remembered.entry).filter(|(ended, _)| *ended == hold).map(|(_, how)| how)
        })
    }

    /// Whether an executed entry came of this very command, submitted in this very chain, in this place of it.
    pub(super) fn is_same(&self, executed: &Executed, chain: &[Command], place: usize) -> bool {
        let Some(command) = chain.get(place) else { return false };
        match executed.digest {
            Some(digest) => digests(chain).get(place) == Some(&digest),
            None => chain.len() == 1 && !command.linked && self.is_same_content(executed, command),
        }
    }

    fn is_same_content(&self, executed: &Executed, command: &Command) -> bool {
        match (&executed.did, &command.act) {
            (Did::Posted { posting, counts, names_booking, names_value }, Act::Transfer(transfer)) => {
                let named = |named: bool, day: i32| named.then_some(day);
                let day = clock::BusinessDate::day_number;
                transfer.hold_until.is_none()
                    && transfer.amount == posting.amount
                    && transfer.code == posting.code
                    && transfer.counts_toward_limits == *counts
                    && transfer.booked_on.map(day) == named(*names_booking, posting.booked_on)
                    && transfer.value_on.map(day) == named(*names_value, posting.value_on)
                    && self.id_of(posting.debit) == Some(transfer.debit)
                    && self.id_of(posting.credit) == Some(transfer.credit)
            }
            (Did::Posted { .. }, _) => false,
            (Did::Other { act, .. }, _) => {
                let bytes = |act: &Act| {
                    let mut bytes = Vec::new();
                    encode_command(&Command { id: command.id, act: act.clone(), linked: false }, &mut bytes);
                    bytes
                };
                bytes(act) == bytes(&command.act)
            }
        }
    }
}

/// Where the entry of an id is.
pub enum Whereabouts {
    /// At hand: what was executed, and the instant it bears.
    Here(Executed, i64),
    /// In the journal in one of these places, or nowhere.
    Journal(Vec<Location>),
}

impl Book {
    /// Where the entry of an id is, as far as memory tells.
    #[must_use]
    pub fn whereabouts(&self, id: TransferId) -> Whereabouts {
        let (batch, past) = (Batch::default(), Past::default());
        match self.find(id, &batch, &past) {
            Some((executed, at)) => Whereabouts::Here(executed, at),
            None => Whereabouts::Journal(
                self.ids
                    .find(IdKey::of(id))
                    .filter(|location| self.recent.get(location.sequence()).is_none())
                    .collect(),
            ),
        }
    }
}

/// The hold that an entry ended, and how.
pub(super) fn ending_of(entry: &Entry) -> Option<(TransferId, Ended)> {
    match entry {
        Entry::Expired { hold } => Some((*hold, Ended::Expired)),
        Entry::Executed(Executed { did: Did::Other { act, effect }, .. }) => match (act, effect) {
            (Act::PostHold { hold, .. }, Effect::HoldPosted(_)) => Some((*hold, Ended::Posted)),
            (Act::VoidHold { hold }, Effect::HoldVoided { .. }) => Some((*hold, Ended::Voided)),
            _ => None,
        },
        Entry::Executed(_) => None,
    }
}
