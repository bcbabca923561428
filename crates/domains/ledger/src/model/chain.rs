//! Executing what was submitted: known ids first, then chains, all or none.

use std::collections::HashSet;

use contracts::ledger::{Command, Outcome, Refusal};
use ids::TransferId;

use super::book::{Batch, Book};
use super::content::digests;
use super::effect::{Effect, Entry};

impl Book {
    /// Executes `commands` in order and gives one outcome each. What changes the book, be it only by the memory
    /// of a refusal, is added to `batch`; repeated ids and ids that were used for something else change nothing
    /// and leave no entry.
    pub fn execute(&mut self, commands: &[Command], batch: &mut Batch) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(commands.len());
        for chain in commands.split_inclusive(|command| !command.linked) {
            match chain {
                [command] if !command.linked => {
                    let digest = digests(chain).first().copied().unwrap_or(0);
                    outcomes.push(self.execute_one(command, digest, batch));
                }
                _ => self.execute_chain(chain, batch, &mut outcomes),
            }
        }
        outcomes
    }

    /// Ends all holds whose time has come at the instant of the batch.
    pub fn expire(&mut self, batch: &mut Batch) {
        while let Some((until, number)) = self.expiries.first().copied() {
            if until > batch.at {
                return;
            }
            let Some(hold) = self.known.get(number).map(|known| TransferId::from_u128(known.id())) else {
                return;
            };
            if self.apply_expiry(hold).is_err() {
                return;
            }
            batch.entries.push(Entry::Expired { hold });
        }
    }

    fn execute_one(&mut self, command: &Command, digest: u64, batch: &mut Batch) -> Outcome {
        if let Some((_, known)) = self.known.find(command.id.as_u128()) {
            return if known.digest == digest {
                self.outcome_of(known, true)
            } else {
                Err(Refusal::IdReused)
            };
        }
        let at = Batch::instant_of(batch.at, batch.entries.len());
        match self.decide(&command.act, at) {
            Ok(effect) => self.accept(command, digest, effect, at, batch),
            Err(refusal) => {
                self.remember_refusal(command, digest, refusal, batch);
                Err(refusal)
            }
        }
    }

    fn accept(
        &mut self,
        command: &Command,
        digest: u64,
        effect: Effect,
        at: i64,
        batch: &mut Batch,
    ) -> Outcome {
        let mark = self.mark();
        let Ok(number) = self.apply_effect(command, digest, &effect, at) else {
            // INVARIANT: what was decided can be applied. Should that ever fail, the book is as before.
            self.roll_back(mark);
            return Err(Refusal::Overflow);
        };
        batch.entries.push(Entry::Executed { command: command.clone(), digest, effect });
        self.known.get(number).map_or(Err(Refusal::Overflow), |known| self.outcome_of(known, false))
    }

    fn remember_refusal(&mut self, command: &Command, digest: u64, refusal: Refusal, batch: &mut Batch) {
        let at = Batch::instant_of(batch.at, batch.entries.len());
        let effect = Effect::Refused(refusal);
        if self.apply_effect(command, digest, &effect, at).is_ok() {
            batch.entries.push(Entry::Executed { command: command.clone(), digest, effect });
        }
    }

    /// Ids come before anything else: a chain with a known id is never decided.
    fn execute_chain(&mut self, chain: &[Command], batch: &mut Batch, outcomes: &mut Vec<Outcome>) {
        let digests = digests(chain);
        let mut broken: Vec<Option<Refusal>> = Vec::new();
        let mut seen = HashSet::with_capacity(chain.len());
        let duplicate: Vec<bool> = chain.iter().map(|command| !seen.insert(command.id)).collect();
        let any_known = chain.iter().any(|command| self.known.find(command.id.as_u128()).is_some());
        if any_known || duplicate.contains(&true) {
            broken.resize(chain.len(), None);
        } else if chain.last().is_some_and(|last| last.linked) {
            broken.resize(chain.len() - 1, None);
            broken.push(Some(Refusal::ChainOpen));
        } else {
            match self.try_chain(chain, &digests, batch) {
                Ok(done) => {
                    outcomes.extend(done);
                    return;
                }
                Err((place, refusal)) => {
                    broken.resize(chain.len(), None);
                    if let Some(culprit) = broken.get_mut(place) {
                        *culprit = Some(refusal);
                    }
                }
            }
        }
        for (((command, digest), duplicate), refusal) in chain.iter().zip(&digests).zip(duplicate).zip(broken)
        {
            let known = self.known.find(command.id.as_u128()).map(|(_, known)| *known);
            outcomes.push(match known {
                Some(known) if known.digest == *digest && !duplicate => self.outcome_of(&known, true),
                Some(_) => Err(Refusal::IdReused),
                None => {
                    let refusal = refusal.unwrap_or(Refusal::ChainBroken);
                    self.remember_refusal(command, *digest, refusal, batch);
                    Err(refusal)
                }
            });
        }
    }

    /// Does the whole chain, or nothing and tells who refused.
    fn try_chain(
        &mut self,
        chain: &[Command],
        digests: &[u64],
        batch: &mut Batch,
    ) -> Result<Vec<Outcome>, (usize, Refusal)> {
        let (mark, entries) = (self.mark(), batch.entries.len());
        let mut done = Vec::with_capacity(chain.len());
        for (place, (command, digest)) in chain.iter().zip(digests).enumerate() {
            let at = Batch::instant_of(batch.at, batch.entries.len());
            let outcome = self
                .decide(&command.act, at)
                .and_then(|effect| self.accept(command, *digest, effect, at, batch));
            match outcome {
                Ok(applied) => done.push(Ok(applied)),
                Err(refusal) => {
                    self.roll_back(mark);
                    batch.entries.truncate(entries);
                    return Err((place, refusal));
                }
            }
        }
        Ok(done)
    }
}
