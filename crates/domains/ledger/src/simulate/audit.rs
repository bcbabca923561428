//! The auditor: knows what must become of each operation, from what was asked under its id and from where it
//! stands in the journal.
//!
//! It follows the rows as the database has them and executes what was asked, in their order, by the naive
//! model, which shares no code with the book; every effect in the journal must be the one that the model gives.
//! What clients hear is then compared with the model as it was at a place of the journal: not before anything
//! that had been acknowledged when the call began, and not after what is durable when it is answered. So what is
//! acknowledged too early, lost, done twice or out of order does not pass. Of the book's code it uses what
//! decodes a record.

mod answers;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use clock::BusinessDate;
use contracts::ledger::{Act, Balance, Command, Movement, Refusal};
use ids::{AccountId, TransferId};
use money::Side;

use super::naive::{Naive, Posted, Step, Told};
use crate::journal::Row;
use crate::model::{Did, Effect, Entry, Executed, Posting, digests, instant};
use crate::record;

/// Something that must never be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Violation(pub(super) String);

/// Where an id stands in the journal, and what became of it.
#[derive(Debug, Clone)]
struct Placed {
    /// Entries up to it, itself included.
    position: usize,
    at: i64,
    booked_on: BusinessDate,
    chain: Arc<Vec<Command>>,
    place: usize,
    told: Result<(), Refusal>,
    /// What it touched, afterwards.
    touched: Vec<(AccountId, Balance)>,
    /// Whether somebody has heard that it was done just now.
    fresh: bool,
}

/// Follows one simulation.
pub(super) struct Auditor {
    naive: Naive,
    /// Rows that were followed.
    rows: usize,
    /// Entries that were followed.
    position: usize,
    /// Accounts in the order of opening.
    numbers: Vec<AccountId>,
    /// Positions between submissions.
    boundaries: Vec<usize>,
    /// Each account as it was from a position on.
    versions: BTreeMap<AccountId, Vec<(usize, Balance)>>,
    movements: BTreeMap<AccountId, Vec<(usize, Movement)>>,
    placed: HashMap<TransferId, Placed>,
    /// What was ever asked under an id.
    asked: BTreeMap<TransferId, Vec<Arc<Vec<Command>>>>,
    /// Everything up to here was acknowledged or shown to somebody.
    acknowledged: usize,
}

fn violation<T>(what: String) -> Result<T, Violation> {
    Err(Violation(what))
}

/// A submission is a list of chains.
fn chains(commands: &[Command]) -> impl Iterator<Item = &[Command]> {
    commands.split_inclusive(|command| !command.linked)
}

impl Auditor {
    pub(super) fn new() -> Result<Self, Violation> {
        let today = BusinessDate::from_day_number(0).map_err(|_| Violation("day 0".to_owned()))?;
        let mut naive = Naive::new(today);
        naive.steps = Some(Vec::new());
        Ok(Self {
            naive,
            rows: 0,
            position: 0,
            numbers: Vec::new(),
            boundaries: vec![0],
            versions: BTreeMap::new(),
            movements: BTreeMap::new(),
            placed: HashMap::new(),
            asked: BTreeMap::new(),
            acknowledged: 0,
        })
    }

    /// Everything up to here was acknowledged.
    pub(super) const fn acknowledged(&self) -> usize {
        self.acknowledged
    }

    /// A client is about to ask this.
    pub(super) fn asks(&mut self, commands: &[Command]) {
        for chain in chains(commands) {
            let chain = Arc::new(chain.to_vec());
            for command in chain.iter() {
                let known = self.asked.entry(command.id).or_default();
                if !known.contains(&chain) {
                    known.push(Arc::clone(&chain));
                }
            }
        }
    }

    /// Follows rows as the database has them.
    pub(super) fn follow(&mut self, rows: &[Row]) -> Result<(), Violation> {
        for row in rows {
            self.record(row)
                .map_err(|Violation(what)| Violation(format!("record {}: {what}", row.sequence)))?;
        }
        Ok(())
    }

    /// How many rows it has followed.
    pub(super) const fn rows(&self) -> usize {
        self.rows
    }

    fn record(&mut self, row: &Row) -> Result<(), Violation> {
        let (head, _, entries) = record::open(&row.record).map_err(|error| Violation(error.to_string()))?;
        self.rows += 1;
        if head.sequence != self.rows as u64 {
            return violation(format!("it stands in place {}", self.rows));
        }
        let expired = entries.iter().map_while(|entry| match entry {
            Entry::Expired { hold } => Some(*hold),
            Entry::Executed(_) => None,
        });
        let mut expired: Vec<TransferId> = expired.collect();
        let mut next = expired.len();
        if !entries.is_empty() {
            let mut due = self.naive.expire(i128::from(head.at));
            due.sort_unstable();
            expired.sort_unstable();
            if due != expired {
                return violation(format!("{} holds ended, but {} were to end", expired.len(), due.len()));
            }
            self.bound(next);
        }
        while let Some(rest) = entries.get(next..).filter(|rest| !rest.is_empty()) {
            let at = head.at.saturating_add(i64::try_from(next).unwrap_or(i64::MAX));
            let chain = self.find_chain(rest)?;
            let taken = self.chain(&chain, rest, at)?;
            self.bound(taken);
            next += taken;
        }
        Ok(())
    }

    /// So many entries later, between two submissions.
    fn bound(&mut self, entries: usize) {
        self.position += entries;
        self.boundaries.push(self.position);
        for id in self.naive.money.accounts.keys() {
            let Some(now) = self.naive.money.seen(*id) else { continue };
            let versions = self.versions.entry(*id).or_default();
            if versions.last().is_none_or(|(_, last)| *last != now) {
                versions.push((self.position, now));
            }
        }
    }

    /// The chain that these entries came of: of several that share ids or leave the same, the one whose digests they
    /// bear. What became of it is the model's alone to say.
    fn find_chain(&self, rest: &[Entry]) -> Result<Arc<Vec<Command>>, Violation> {
        let Some(Entry::Executed(first)) = rest.first() else {
            return violation("a hold ended after a command was executed".to_owned());
        };
        let id = first.id;
        if let Some(before) = self.placed.get(&id) {
            return violation(format!("{id} was executed twice, first as entry {}", before.position));
        }
        let asked = self.asked.get(&id).map(Vec::as_slice).unwrap_or_default();
        match asked.iter().find(|chain| self.fits(chain, rest)) {
            Some(fits) => Ok(Arc::clone(fits)),
            None => violation(format!("{id}: nobody asked for {first:?}")),
        }
    }

    /// Places of a chain that leave an entry: ids that were never used, each once.
    fn leaves_entry(&self, chain: &[Command], place: usize) -> bool {
        let Some(command) = chain.get(place) else { return false };
        let before = chain.get(..place).unwrap_or_default();
        !self.placed.contains_key(&command.id) && !before.iter().any(|other| other.id == command.id)
    }

    fn fits(&self, chain: &[Command], rest: &[Entry]) -> bool {
        let mut entries = rest.iter();
        // Accounts that the chain itself opens.
        let mut opened = Vec::new();
        let alone = matches!(chain, [command] if !command.linked);
        let digests = digests(chain).into_iter().map(|digest| (!alone).then_some(digest));
        let of_chain = chain.iter().zip(digests).enumerate();
        of_chain.filter(|(place, _)| self.leaves_entry(chain, *place)).all(|(_, (command, digest))| {
            let Some(Entry::Executed(executed)) = entries.next() else { return false };
            if executed.digest != digest {
                return false;
            }
            if let (Act::OpenAccount(open), None) = (&command.act, executed.refusal()) {
                opened.push(open.account);
            }
            self.is_of(executed, command, &opened)
        })
    }

    /// Whether an entry says of itself that it came of this command.
    fn is_of(&self, executed: &Executed, command: &Command, opened: &[AccountId]) -> bool {
        let of = executed.id == command.id && executed.linked == command.linked;
        let named =
            |names: bool, day: i32| if names { BusinessDate::from_day_number(day).ok() } else { None };
        let number = |number: u32| self.numbers.iter().chain(opened).nth(number as usize).copied();
        of && match (&executed.did, &command.act) {
            (Did::Posted { posting, counts, names_booking, names_value }, Act::Transfer(transfer)) => {
                transfer.hold_until.is_none()
                    && number(posting.debit) == Some(transfer.debit)
                    && number(posting.credit) == Some(transfer.credit)
                    && transfer.amount == posting.amount
                    && transfer.code == posting.code
                    && transfer.counts_toward_limits == *counts
                    && transfer.booked_on == named(*names_booking, posting.booked_on)
                    && transfer.value_on == named(*names_value, posting.value_on)
            }
            (Did::Posted { .. }, _) => false,
            (Did::Other { act, .. }, _) => *act == command.act,
        }
    }

    /// Executes a chain by the model and compares; says how many entries it left.
    fn chain(&mut self, chain: &Arc<Vec<Command>>, rest: &[Entry], at: i64) -> Result<usize, Violation> {
        let new: Vec<bool> = (0..chain.len()).map(|place| self.leaves_entry(chain, place)).collect();
        let told = self.naive.chain(chain, i128::from(at));
        let steps = std::mem::take(&mut self.naive.steps).unwrap_or_default();
        let mut taken = 0;
        for (place, (command, told)) in chain.iter().zip(told).enumerate() {
            if !new.get(place).copied().unwrap_or(false) {
                continue;
            }
            let Some(Entry::Executed(executed)) = rest.get(taken) else {
                return violation(format!("{}: the rest of its chain is not there", command.id));
            };
            let at = at.saturating_add(i64::try_from(taken).unwrap_or(i64::MAX));
            taken += 1;
            let step = told.is_ok().then(|| steps.get(place)).flatten();
            self.compare(executed, told, step, at)?;
            let placed = Placed {
                position: self.position + taken,
                at,
                booked_on: step.map_or(self.naive.money.today, |step| step.booked_on),
                chain: Arc::clone(chain),
                place,
                told: told.map(|_| ()),
                touched: step.map(|step| step.touched.clone()).unwrap_or_default(),
                fresh: false,
            };
            self.placed.insert(command.id, placed);
        }
        self.naive.steps = Some(steps);
        Ok(taken)
    }

    /// Compares an entry with what the model did.
    fn compare(
        &mut self,
        executed: &Executed,
        told: Told,
        step: Option<&Step>,
        at: i64,
    ) -> Result<(), Violation> {
        let id = executed.id;
        let recorded = executed.refusal().map_or(Ok(false), Err);
        if recorded != told {
            return violation(format!("{id}: it records {recorded:?}, but must be {told:?}"));
        }
        if let Did::Other { act: Act::OpenAccount(open), effect: Effect::AccountOpened(number) } =
            &executed.did
        {
            if *number as usize != self.numbers.len() {
                return violation(format!("{id}: account number {number} follows {}", self.numbers.len()));
            }
            self.numbers.push(open.account);
        }
        match (executed.posting(), step.and_then(|step| step.posted.as_ref())) {
            (None, None) => Ok(()),
            (Some(recorded), Some(posted)) if self.is_posting(recorded, posted) => {
                self.move_money(id, posted, at);
                Ok(())
            }
            (recorded, posted) => violation(format!("{id}: it records {recorded:?}, but must be {posted:?}")),
        }
    }

    fn is_posting(&self, recorded: &Posting, posted: &Posted) -> bool {
        let number = |number: u32| self.numbers.get(number as usize).copied();
        let [debit, credit] = posted.after;
        number(recorded.debit) == Some(posted.debit)
            && number(recorded.credit) == Some(posted.credit)
            && recorded.amount == posted.amount
            && recorded.code == posted.code
            && recorded.booked_on == posted.booked_on.day_number()
            && recorded.value_on == posted.value_on.day_number()
            && (u64::from(recorded.debit_movement), i128::from(recorded.debit_balance)) == debit
            && (u64::from(recorded.credit_movement), i128::from(recorded.credit_balance)) == credit
    }

    fn move_money(&mut self, transfer: TransferId, posted: &Posted, at: i64) {
        let accounts =
            [(posted.debit, posted.credit, Side::Debit), (posted.credit, posted.debit, Side::Credit)];
        for ((account, counterparty, side), (number, balance)) in accounts.into_iter().zip(posted.after) {
            let movement = Movement {
                number,
                transfer,
                side,
                amount: posted.amount,
                balance_after: i64::try_from(balance).unwrap_or(i64::MAX),
                counterparty,
                code: posted.code,
                booked_on: posted.booked_on,
                value_on: posted.value_on,
                at: instant(at),
            };
            self.movements.entry(account).or_default().push((self.position, movement));
        }
    }

    /// What was debited is what was credited, posted and held alike.
    pub(super) fn conserves(&self) -> Result<(), Violation> {
        let mut sums: BTreeMap<String, [i128; 2]> = BTreeMap::new();
        for (id, account) in &self.naive.money.accounts {
            let [posted, held] = sums.entry(account.asset.to_string()).or_default();
            *posted += account.debits - account.credits;
            *held += self.naive.money.held(*id, Side::Debit) - self.naive.money.held(*id, Side::Credit);
        }
        match sums.iter().find(|(_, sums)| **sums != [0, 0]) {
            Some((asset, sums)) => violation(format!("asset {asset}: debits and credits differ: {sums:?}")),
            None => Ok(()),
        }
    }

    /// Every chain that was asked, once.
    pub(super) fn everything_asked(&self) -> Vec<Vec<Command>> {
        let first = |chain: &Arc<Vec<Command>>| chain.first().map(|command| command.id);
        let chains = self.asked.iter().flat_map(|(id, chains)| {
            chains.iter().filter(move |chain| first(chain) == Some(*id)).map(|chain| chain.to_vec())
        });
        chains.collect()
    }
}
