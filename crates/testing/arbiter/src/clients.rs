//! Clients that pay and read at random, and note what they saw.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use async_trait::async_trait;

use crate::{Answer, Interval, Read, Seen, Transfer};

/// The ledger as one client sees it.
#[async_trait]
pub trait Door: Send + Sync {
    /// Asks once for a transfer.
    ///
    /// # Errors
    /// [`Unheard`]: there was no answer; a later call may be made at once.
    async fn pay(&self, id: u128, from: u128, to: u128, amount: u64) -> Result<Paid, Unheard>;

    /// Balances of these accounts, in order and of one moment.
    ///
    /// # Errors
    /// [`Unheard`].
    async fn read(&self, accounts: &[u128]) -> Result<Vec<i64>, Unheard>;
}

/// There was no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unheard;

/// An answer to a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paid {
    /// Done.
    Done {
        /// The ledger's instant.
        at: i64,
        /// Done before: the balances are those of the moment of this answer.
        repeated: bool,
        /// What both accounts have: from, to.
        balances: (i64, i64),
    },
    /// Refused for want of funds.
    Refused,
}

/// What clients do.
#[derive(Debug)]
pub struct Plan {
    accounts: Vec<u128>,
    amount_max: u64,
    began: Instant,
    next_id: AtomicU64,
    done: AtomicU64,
}

/// Of this many payments that were not answered, one is not asked for again.
const GIVEN_UP_ONE_OF: u64 = 4;

impl Plan {
    /// Payments of 1..=`amount_max` between `accounts`, under ids from `first_id` on.
    #[must_use]
    pub fn new(accounts: Vec<u128>, amount_max: u64, first_id: u64) -> Self {
        let (began, next_id, done) = (Instant::now(), AtomicU64::new(first_id), AtomicU64::new(0));
        Self { accounts, amount_max, began, next_id, done }
    }

    /// What was done and read so far, by all clients together.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// The clock of all clients.
    #[must_use]
    pub fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// One client: pays and reads until `enough`, then tells what it saw. What it does follows from `seed`, but for
    /// the ids.
    pub async fn client(&self, door: &dyn Door, seed: u64, enough: impl Fn() -> bool + Send) -> Seen {
        let (mut draws, mut seen) = (Draws(seed), Seen::default());
        while !enough() {
            if draws.below(3) == 0 {
                self.read(door, &mut draws, &mut seen).await;
            } else {
                self.pay(door, &mut draws, &mut seen).await;
            }
        }
        seen
    }

    async fn read(&self, door: &dyn Door, draws: &mut Draws, seen: &mut Seen) {
        let count = 1 + draws.below(self.accounts.len() as u64);
        let first = draws.below(self.accounts.len() as u64);
        let of = self.accounts.iter().cycle().skip(usize::try_from(first).unwrap_or(0));
        let accounts: Vec<u128> = of.take(usize::try_from(count).unwrap_or(1)).copied().collect();
        let asked = self.now();
        let Ok(balances) = door.read(&accounts).await else { return };
        self.saw(accounts.into_iter().zip(balances).collect(), asked, seen);
    }

    fn saw(&self, balances: Vec<(u128, i64)>, asked: u64, seen: &mut Seen) {
        let interval = Interval { asked, answered: Some(self.now()) };
        seen.reads.push(Read { balances, interval });
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    async fn pay(&self, door: &dyn Door, draws: &mut Draws, seen: &mut Seen) {
        let id = u128::from(self.next_id.fetch_add(1, Ordering::Relaxed));
        let (Some(from), Some(to)) = (self.draw_account(draws), self.draw_account(draws)) else { return };
        if from == to {
            return;
        }
        let amount = 1 + draws.below(self.amount_max);
        let asked = self.now();
        let mut note = |answered, answer| {
            let interval = Interval { asked, answered };
            seen.transfers.push(Transfer { id, from, to, amount, interval, answer });
        };
        loop {
            let asked_last = self.now();
            match door.pay(id, from, to, amount).await {
                Ok(Paid::Done { at, repeated, balances }) => {
                    let told = (!repeated).then_some(balances);
                    note(Some(self.now()), Answer::Done { at, balances: told });
                    self.done.fetch_add(1, Ordering::Relaxed);
                    if repeated {
                        self.saw(vec![(from, balances.0), (to, balances.1)], asked_last, seen);
                    }
                    return;
                }
                Ok(Paid::Refused) => return note(Some(self.now()), Answer::Refused),
                Err(Unheard) if draws.below(GIVEN_UP_ONE_OF) == 0 => return note(None, Answer::Unknown),
                Err(Unheard) => {}
            }
        }
    }

    fn draw_account(&self, draws: &mut Draws) -> Option<u128> {
        let at = draws.below(self.accounts.len() as u64);
        self.accounts.get(usize::try_from(at).ok()?).copied()
    }
}

impl Seen {
    /// What several clients saw.
    pub fn extend(&mut self, other: Self) {
        self.transfers.extend(other.transfers);
        self.reads.extend(other.reads);
    }
}

/// A small generator: what it draws is the same for ever.
#[derive(Debug, Clone)]
pub(crate) struct Draws(pub(crate) u64);

impl Draws {
    /// 0..`most`.
    pub(crate) fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % most.max(1)
    }
}
