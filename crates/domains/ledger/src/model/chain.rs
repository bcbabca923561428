//! Executing what was submitted: known ids first, then chains, all or none.

use std::collections::HashSet;

use contracts::ledger::{Act, Command, Refusal};
use ids::TransferId;

use super::accounts::NO_ACCOUNT;
use super::answer::Answers;
use super::batch::Batch;
use super::book::Book;
use super::content::digests;
use super::decide::{Before, UNRESOLVED};
use super::entry::{Did, Effect, Entry, Executed};
use super::known_ids::IdKey;
use super::past::Past;

impl Book {
    /// Executes `commands` in order and gives one answer each. What changes the book, be it only by the memory
    /// of a refusal, is added to `batch`, which has room for it; repeated ids and ids that were used for
    /// something else change nothing and leave no entry. `past` holds what [`Book::wanted`] named.
    pub fn execute(&mut self, commands: &[Command], past: &Past, batch: &mut Batch, answers: &mut Answers) {
        self.begin_flight();
        self.resolve_ahead(commands);
        let mut place = 0;
        for chain in commands.split_inclusive(|command| !command.linked) {
            match chain {
                [command] if !command.linked => {
                    let resolved = self.resolved.get(place).copied().unwrap_or(UNRESOLVED);
                    self.execute_one(command, resolved, past, batch, answers);
                }
                _ => self.execute_chain(chain, past, batch, answers),
            }
            place += chain.len();
        }
    }

    /// Finds the accounts of all transfers and touches what executing them will need: here one wait for memory
    /// overlaps with the next, while executing each depends on the one before.
    fn resolve_ahead(&mut self, commands: &[Command]) {
        let mut resolved = std::mem::take(&mut self.resolved);
        resolved.clear();
        let mut touched = 0_u64;
        resolved.extend(commands.iter().map(|command| match &command.act {
            Act::Transfer(transfer) => {
                touched ^= self.ids.touch(IdKey::of(command.id));
                [transfer.debit, transfer.credit].map(|id| self.number_of(id).unwrap_or(NO_ACCOUNT))
            }
            _ => UNRESOLVED,
        }));
        for number in resolved.iter().flatten() {
            touched ^= self.account(*number).map_or(0, |account| u64::from(account.movements));
        }
        std::hint::black_box(touched);
        self.resolved = resolved;
    }

    /// Ends holds whose time has come at the instant of the batch, at most `most`.
    pub fn expire(&mut self, batch: &mut Batch, most: u32) {
        self.begin_flight();
        for _ in 0..most {
            let Some((until, hold)) = self.expiries.first().copied() else { return };
            if until > batch.at || self.apply_expiry(hold, batch.next_location()).is_err() {
                return;
            }
            batch.push(&Entry::Expired { hold });
        }
    }

    fn execute_one(
        &mut self,
        command: &Command,
        resolved: [u32; 2],
        past: &Past,
        batch: &mut Batch,
        answers: &mut Answers,
    ) {
        if self.candidates(IdKey::of(command.id), past).next().is_some()
            && let Some((executed, at)) = self.find(command.id, batch, past)
        {
            if self.is_same(&executed, std::slice::from_ref(command), 0) {
                answers.executed(self, &executed, at, true);
            } else {
                answers.refused(Refusal::IdReused);
            }
            return;
        }
        let decided = self.decide(&command.act, batch.next_instant(), resolved, Before { batch, past });
        match decided.and_then(|effect| self.accept(command, None, effect, batch, answers)) {
            Ok(()) => {}
            Err(refusal) => {
                self.remember_refusal(command, None, refusal, batch);
                answers.refused(refusal);
            }
        }
    }

    /// Applies what was decided, writes its entry and answers.
    fn accept(
        &mut self,
        command: &Command,
        digest: Option<u64>,
        effect: Effect,
        batch: &mut Batch,
        answers: &mut Answers,
    ) -> Result<(), Refusal> {
        let (location, at) = (batch.next_location(), batch.next_instant());
        let mark = self.mark();
        let applied = match (&effect, &command.act) {
            (Effect::Posted(posting), Act::Transfer(transfer)) => {
                self.apply_posted(command.id, posting, transfer.counts_toward_limits, location)
            }
            _ => self.apply_effect(command.id, &command.act, &effect, location),
        };
        if applied.is_err() {
            // INVARIANT: what was decided can be applied. Should that ever fail, the book is as before.
            self.roll_back(mark);
            return Err(Refusal::Overflow);
        }
        let (id, linked) = (command.id, command.linked);
        match (effect, &command.act) {
            (Effect::Posted(posting), Act::Transfer(transfer)) => {
                let did = Did::Posted {
                    posting,
                    counts: transfer.counts_toward_limits,
                    names_booking: transfer.booked_on.is_some(),
                    names_value: transfer.value_on.is_some(),
                };
                let booked_on = posting.booked_on;
                batch.push(&Entry::Executed(Executed { id, linked, digest, booked_on, did }));
                answers.posted(self, &posting, at);
            }
            (effect, act) => {
                let booked_on = match &effect {
                    Effect::HoldPosted(posting) => posting.booked_on,
                    Effect::Held(holding) => holding.booked_on,
                    _ => self.today,
                };
                let did = Did::Other { act: act.clone(), effect };
                let executed = Executed { id, linked, digest, booked_on, did };
                answers.executed(self, &executed, at, false);
                batch.push(&Entry::Executed(executed));
            }
        }
        Ok(())
    }

    fn remember_refusal(
        &mut self,
        command: &Command,
        digest: Option<u64>,
        refusal: Refusal,
        batch: &mut Batch,
    ) {
        let (id, linked, booked_on) = (command.id, command.linked, self.today);
        let effect = Effect::Refused(refusal);
        if self.apply_effect(id, &command.act, &effect, batch.next_location()).is_ok() {
            let did = Did::Other { act: command.act.clone(), effect };
            batch.push(&Entry::Executed(Executed { id, linked, digest, booked_on, did }));
        }
    }

    /// Ids come before anything else: a chain with a known id is never decided.
    fn execute_chain(&mut self, chain: &[Command], past: &Past, batch: &mut Batch, answers: &mut Answers) {
        let digests = digests(chain);
        let mut seen: HashSet<TransferId> = HashSet::with_capacity(chain.len());
        let duplicate: Vec<bool> = chain.iter().map(|command| !seen.insert(command.id)).collect();
        let any_known = chain.iter().any(|command| self.find(command.id, batch, past).is_some());
        let broken = if any_known || duplicate.contains(&true) {
            None
        } else if chain.last().is_some_and(|last| last.linked) {
            Some((chain.len() - 1, Refusal::ChainOpen))
        } else {
            match self.try_chain(chain, &digests, past, batch, answers) {
                Ok(()) => return,
                Err(broken) => Some(broken),
            }
        };
        for (place, (command, digest)) in chain.iter().zip(&digests).enumerate() {
            let duplicate = duplicate.get(place).copied().unwrap_or(false);
            match self.find(command.id, batch, past) {
                Some((executed, at)) if !duplicate && self.is_same(&executed, chain, place) => {
                    answers.executed(self, &executed, at, true);
                }
                Some(_) => answers.refused(Refusal::IdReused),
                None => {
                    let refusal = match broken {
                        Some((culprit, refusal)) if culprit == place => refusal,
                        _ => Refusal::ChainBroken,
                    };
                    self.remember_refusal(command, Some(*digest), refusal, batch);
                    answers.refused(refusal);
                }
            }
        }
    }

    /// Does the whole chain, or nothing and tells who refused.
    fn try_chain(
        &mut self,
        chain: &[Command],
        digests: &[u64],
        past: &Past,
        batch: &mut Batch,
        answers: &mut Answers,
    ) -> Result<(), (usize, Refusal)> {
        let (mark, entries, answered) = (self.mark(), batch.mark(), answers.len());
        for (place, (command, digest)) in chain.iter().zip(digests).enumerate() {
            let at = batch.next_instant();
            let done = self
                .decide(&command.act, at, UNRESOLVED, Before { batch, past })
                .and_then(|effect| self.accept(command, Some(*digest), effect, batch, answers));
            if let Err(refusal) = done {
                self.roll_back(mark);
                batch.roll_back(entries);
                answers.truncate(answered);
                return Err((place, refusal));
            }
        }
        Ok(())
    }
}
