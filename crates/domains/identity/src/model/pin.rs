//! A payment PIN: what is kept of it, and what a try does to it (decision 0005).

use clock::Timestamp;
use contracts::identity::PinCheck;

use super::tries::{Budget, Tries};

/// What is kept of a customer's PIN.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Pin {
    /// Random, so that the same PIN set again looks different.
    pub(crate) salt: [u8; 16],
    /// Keyed hash of salt, customer and PIN.
    pub(crate) verifier: [u8; 32],
    /// Wrong tries since the last right one.
    pub(crate) wrong: Option<Tries>,
    /// Grows with each change: a later state is never overwritten by an earlier one.
    pub(crate) version: i64,
}

impl Pin {
    /// Decides on a try; `right` says whether the PIN given matches. The second part says whether this state
    /// changed and must be durable before the answer leaves.
    pub(crate) fn check(&mut self, right: bool, budget: &Budget, now: Timestamp) -> (PinCheck, bool) {
        if let Some(until) = self.locked_until(budget, now) {
            return (PinCheck::Locked { until }, false);
        }
        if right {
            let changed = self.wrong.take().is_some();
            self.version += i64::from(changed);
            return (PinCheck::Right, changed);
        }
        match Tries::take(self.wrong, budget, now) {
            Err(until) => (PinCheck::Locked { until }, false),
            Ok(tries) => {
                self.wrong = Some(tries);
                self.version += 1;
                let answer = match tries.held_until(budget, now) {
                    Some(until) => PinCheck::Locked { until },
                    None => PinCheck::Wrong { tries_left: tries.left(budget) },
                };
                (answer, true)
            }
        }
    }

    pub(crate) fn locked_until(&self, budget: &Budget, now: Timestamp) -> Option<Timestamp> {
        self.wrong.and_then(|tries| tries.held_until(budget, now))
    }
}
