//! Decides whether what concurrent clients saw of a ledger is strictly serializable.
//!
//! Clients ([`mod@clients`]) pay and read at random and note when they asked and when they were answered ([`Interval`]),
//! what they moved ([`Transfer`]) and what they read ([`Read`]). In the end the ledger tells the histories of all accounts ([`Told`]), and with them one order
//! of everything that was done. [`judge`] says whether that order explains everything that was seen: as if each
//! transfer and each read had happened at one instant between asking and answering, in that order.
//!
//! Exact, not sampled: transfers have their places from the ledger, so only reads must be placed, and placing each as
//! early as possible succeeds if anything does. Cost: `n log n` in operations, and for each read the states that its
//! interval spans.
//!
//! It refuses to know any ledger, network or clock: accounts and transfers are numbers, instants are nanoseconds of
//! whatever clock all clients share and which does not go back.

pub mod clients;
mod order;
mod time;

use order::Order;
use time::Bounds;

/// When a client asked and when it had the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// Just before it asked.
    pub asked: u64,
    /// Just after it had the answer; `None` where it never had one.
    pub answered: Option<u64>,
}

/// A transfer as a client asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Its id, of one transfer only. A client that asks again with the same id has one interval: from asking first to
    /// the answer.
    pub id: u128,
    /// The account that has less afterwards.
    pub from: u128,
    /// The account that has more afterwards.
    pub to: u128,
    /// Minor units.
    pub amount: u64,
    /// When.
    pub interval: Interval,
    /// What the client was told.
    pub answer: Answer,
}

/// What a client was told of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It was done, at this instant of the ledger.
    Done {
        /// The ledger's instant.
        at: i64,
        /// What both accounts had right after it, where the answer says so: from, to.
        balances: Option<(i64, i64)>,
    },
    /// Not done for want of funds: what `from` had was less than the amount.
    Refused,
    /// Nothing: it may have been done or not.
    Unknown,
}

/// Balances that a client read in one call, of one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// Account and balance.
    pub balances: Vec<(u128, i64)>,
    /// When. A read without an answer saw nothing and need not be noted.
    pub interval: Interval,
}

/// A movement as the history of an account tells it in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    /// Whose history.
    pub account: u128,
    /// Place in that history, from 1.
    pub number: u64,
    /// The transfer.
    pub transfer: u128,
    /// How the balance changed; negative for the account that has less afterwards.
    pub change: i64,
    /// Balance after it.
    pub balance: i64,
    /// The ledger's instant.
    pub at: i64,
}

/// Everything that clients saw, beginning with accounts that have nothing.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Transfers asked for.
    pub transfers: Vec<Transfer>,
    /// Balances read.
    pub reads: Vec<Read>,
}

/// What a judgment rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verdict {
    /// Transfers that were done.
    pub done: usize,
    /// Among these, transfers of which the client never heard.
    pub done_unheard: usize,
    /// Transfers of which the client never heard and which were not done.
    pub never: usize,
    /// Refusals that were right.
    pub refused: usize,
    /// Reads that were right.
    pub reads: usize,
}

/// Why what was seen is not strictly serializable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Anomaly {
    /// A history does not follow from itself: numbers with gaps, balances that the movements do not explain.
    Unexplained {
        /// Whose history.
        account: u128,
        /// The movement.
        number: u64,
    },
    /// A transfer is more than once in the history of an account.
    Twice {
        /// Which.
        transfer: u128,
    },
    /// A transfer is in the history of one account only, or two accounts tell it differently.
    Half {
        /// Which.
        transfer: u128,
    },
    /// Two transfers bear one instant: the ledger tells no order.
    Unordered {
        /// The instant.
        at: i64,
    },
    /// A transfer was done that nobody asked for, or otherwise than asked for.
    Foreign {
        /// Which.
        transfer: u128,
    },
    /// A transfer that was answered as done is not there, or at another instant.
    Lost {
        /// Which.
        transfer: u128,
    },
    /// A transfer that was answered as refused is there.
    RefusedAndDone {
        /// Which.
        transfer: u128,
    },
    /// There was enough on the account all the time.
    RefusedInVain {
        /// Which.
        transfer: u128,
    },
    /// A transfer stands after one that was asked for only when it had been answered.
    Reordered {
        /// Which.
        transfer: u128,
    },
    /// The balances in the answer are not those after the transfer.
    Misanswered {
        /// Which.
        transfer: u128,
    },
    /// A read saw balances that no moment of its interval had, or older ones than a read before it.
    Stale {
        /// Its place among the reads.
        read: usize,
    },
}

/// Whether one order of single instants explains everything: `told` are the histories of all accounts.
///
/// # Errors
/// The first [`Anomaly`].
pub fn judge(seen: &Seen, told: &[Told]) -> Result<Verdict, Anomaly> {
    let order = Order::try_new(told)?;
    let mut verdict = place_transfers(seen, &order)?;
    let bounds = Bounds::new(&seen.transfers, &order);
    for transfer in &seen.transfers {
        if let Some(place) = order.place_of(transfer.id)
            && bounds.earliest(transfer.interval.asked) > place
        {
            return Err(Anomaly::Reordered { transfer: transfer.id });
        }
    }
    time::place_reads(seen, &order, &bounds)?;
    verdict.reads = seen.reads.len();
    Ok(verdict)
}

/// What was asked for and what was done are the same.
fn place_transfers(seen: &Seen, order: &Order) -> Result<Verdict, Anomaly> {
    let mut verdict = Verdict::default();
    for asked in &seen.transfers {
        let transfer = asked.id;
        let found = order.find(transfer);
        if found.is_some_and(|(_, found)| {
            (found.from, found.to, found.amount) != (asked.from, asked.to, asked.amount)
        }) {
            return Err(Anomaly::Foreign { transfer });
        }
        match (asked.answer, found) {
            (Answer::Done { at, balances }, Some((place, found))) => {
                if at != found.at {
                    return Err(Anomaly::Lost { transfer });
                }
                let after = |account| order.balance(account, place + 1);
                if balances.is_some_and(|told| told != (after(asked.from), after(asked.to))) {
                    return Err(Anomaly::Misanswered { transfer });
                }
                verdict.done += 1;
            }
            (Answer::Done { .. }, None) => return Err(Anomaly::Lost { transfer }),
            (Answer::Refused, Some(_)) => return Err(Anomaly::RefusedAndDone { transfer }),
            (Answer::Refused, None) => verdict.refused += 1,
            (Answer::Unknown, Some(_)) => {
                verdict.done += 1;
                verdict.done_unheard += 1;
            }
            (Answer::Unknown, None) => verdict.never += 1,
        }
    }
    if let Some(transfer) = order.first_beside(seen.transfers.iter().map(|transfer| transfer.id)) {
        return Err(Anomaly::Foreign { transfer });
    }
    Ok(verdict)
}

#[cfg(test)]
mod tests;
