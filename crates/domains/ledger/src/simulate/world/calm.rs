//! How a world comes to its end: nothing goes wrong any more, and everybody must be done.

use contracts::Unavailable;

use super::World;
use crate::simulate::audit::Violation;
use crate::simulate::client::{Answer, Asked, Call, Client};
use crate::simulate::derived;
use crate::simulate::instance::{Instance, PARTS};

/// Turns that everything must have come to its end in once nothing goes wrong any more.
const CALM_TURNS_MAX: u64 = 1_000;
/// Turns that a part has in a row then, while it finds something to do.
const CALM_HELPINGS_MAX: u64 = 50;
/// Rounds of turns after which the parts must have nothing left to do. Merging all of a history, block by block, has
/// taken more than 2,000.
const ROUNDS_MAX: u64 = 10_000;

impl World {
    /// Nothing goes wrong any more: everybody must come to an end.
    pub(super) fn calm(&mut self) -> Result<(), Violation> {
        self.place.journal.heal();
        self.damaged = false;
        let db = self.place.derived.clone();
        self.place.runtime.block_on(derived::heal(&db)).map_err(|error| Violation(error.to_string()))?;
        if self.random.one_in(2) {
            self.crash()?;
        }
        for client in &mut self.clients {
            client.left = 0;
        }
        let mut turns = 0;
        while self.clients.iter().any(Client::is_busy) {
            turns += 1;
            if turns > CALM_TURNS_MAX {
                return Err(Violation("clients wait for ever though nothing goes wrong".to_owned()));
            }
            self.calm_turn()?;
        }
        self.settle()
    }

    /// Everybody has a turn, in order.
    fn calm_turn(&mut self) -> Result<(), Violation> {
        self.turns += 1;
        self.pass(1_000_000);
        if !self.instances.iter().any(Instance::serves) {
            self.open(true)?;
        }
        for which in 0..self.instances.len() {
            for part in 0..PARTS.len() {
                // What a part has left undone, merges of the history above all, takes it many turns.
                let mut helpings = 0;
                while helpings < CALM_HELPINGS_MAX && self.turn_of(which, part, true)? {
                    helpings += 1;
                }
            }
        }
        self.forget_ended();
        for which in 0..self.clients.len() {
            self.turn_of_client(which)?;
        }
        self.follow()
    }

    /// Asks, again and again, until there is an answer.
    pub(in crate::simulate) fn ask(&mut self, call: Call) -> Result<Answer, Violation> {
        let mut turns = 0;
        while turns < CALM_TURNS_MAX {
            if !self.instances.iter().any(Instance::serves) {
                self.open(true)?;
            }
            // One that was told to stop, or knows that it is superseded, is no longer asked.
            let Some(instance) = self.instances.iter().rfind(|instance| instance.serves()) else {
                turns += 1;
                continue;
            };
            let mut asked = Asked::new(call.clone(), instance, self.auditor.acknowledged());
            let answer = loop {
                match asked.look() {
                    Some(answer) => break answer,
                    None if turns > CALM_TURNS_MAX => break Err(Unavailable::Overloaded),
                    None => {
                        turns += 1;
                        self.calm_turn()?;
                    }
                }
            };
            turns += 1;
            if let Ok(answer) = answer {
                self.totals.operations += call.operations();
                self.follow()?;
                self.auditor.answered(&call, &answer, asked.after)?;
                return Ok(answer);
            }
            self.calm_turn()?;
        }
        Err(Violation(format!("{call:?} is never answered though nothing goes wrong")))
    }

    /// Everything that the parts of the newest instance can do by themselves.
    pub(in crate::simulate) fn settle(&mut self) -> Result<(), Violation> {
        for _ in 0..ROUNDS_MAX {
            let mut worked = false;
            for which in 0..self.instances.len() {
                for part in 0..PARTS.len() {
                    worked |= self.turn_of(which, part, true)?;
                }
            }
            if !worked {
                return Ok(());
            }
        }
        Err(Violation("the parts find work for ever though nothing is asked".to_owned()))
    }
}
