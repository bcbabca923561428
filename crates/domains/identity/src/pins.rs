//! States of payment PINs in memory: a right PIN costs no I/O, a wrong one is counted before anything else happens.
//!
//! INVARIANT: the state here is never older than the one in the store. A try is decided under the lock, so that a
//! thousand guesses at once are counted like a thousand in a row.

use std::sync::{Mutex, PoisonError};

use clock::Timestamp;
use contracts::identity::PinCheck;
use ids::CustomerId;
use rustc_hash::FxHashMap;
use subtle::ConstantTimeEq;

use crate::model::pin::Pin;
use crate::model::tries::Budget;

/// States kept at most, about 150 bytes each; beyond it those without wrong tries are dropped and read again.
const KEPT_MAX: usize = 100_000;

/// What is known of PINs.
#[derive(Default)]
pub(crate) struct Pins(Mutex<FxHashMap<CustomerId, Pin>>);

impl Pins {
    /// Decides on a try: `None` where the state must be read first. The second part is the state to be made durable
    /// before the answer leaves.
    pub(crate) fn check(
        &self,
        customer: CustomerId,
        verifier: impl Fn(&[u8; 16]) -> [u8; 32],
        budget: &Budget,
        now: Timestamp,
    ) -> Option<(PinCheck, Option<Pin>)> {
        // The hash is computed outside the lock; that the salt is still the same is checked inside.
        let salt = self.lock().get(&customer)?.salt;
        let given = verifier(&salt);
        let mut pins = self.lock();
        let pin = pins.get_mut(&customer).filter(|pin| pin.salt == salt)?;
        let right = bool::from(given.ct_eq(&pin.verifier));
        let (answer, changed) = pin.check(right, budget, now);
        Some((answer, changed.then(|| pin.clone())))
    }

    /// Puts a state that was read; one that is here already is newer and stays.
    pub(crate) fn remember(&self, customer: CustomerId, pin: Pin) {
        let mut pins = self.lock();
        if pins.len() >= KEPT_MAX {
            pins.retain(|_, pin| pin.wrong.is_some());
        }
        pins.entry(customer).or_insert(pin);
    }

    /// Sets a new PIN over whatever is here; gives the state to be made durable.
    pub(crate) fn set(&self, customer: CustomerId, salt: [u8; 16], verifier: [u8; 32]) -> Pin {
        let mut pins = self.lock();
        let version = pins.get(&customer).map_or(1, |pin| pin.version + 1);
        let pin = Pin { salt, verifier, wrong: None, version };
        pins.insert(customer, pin.clone());
        pin
    }

    /// Drops a state, for example because it could not be made durable.
    pub(crate) fn forget(&self, customer: CustomerId) {
        self.lock().remove(&customer);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, FxHashMap<CustomerId, Pin>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
