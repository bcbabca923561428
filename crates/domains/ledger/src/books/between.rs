//! Transfers from one book to another.
//!
//! In each book stands a *transit account* toward each other one. A transfer is (1) held in the payer's book, from the
//! payer to the transit account, (2) posted in the payee's book, from its transit account to the payee, (3) posted from
//! the hold. What the payee's book refuses is released by the payer's. Each step has an id made of the transfer's, and
//! the two postings have the transfer's own: so the steps may be done again by anybody at any time, and whoever dies
//! between two of them leaves nothing that asking again would not bring to its end.
//!
//! INVARIANT: the payee's book decides. Once it has posted, the hold is posted and nothing else; once it has refused,
//! the hold is released and nothing else: an id means one thing for ever in either book. The hold never ends by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

use clock::Timestamp;
use contracts::Unavailable;
use contracts::ledger::{
    Act, Applied, Asset, Command, Limits, OpenAccount, Outcome, Refusal, Transfer, kinds,
};
use ids::{AccountId, TransferId};
use money::Side;

use super::SeveralBooks;
use crate::hash::Algorithm;

/// Turns the id of a transfer into that of its hold.
const HOLD: u128 = 0x0000_0000_0000_0000_1D5A_93C7_0B4E_62F8;
/// Into that of the release of its hold.
const RELEASE: u128 = 0x0000_0000_0000_0000_2E81_74B6_9C35_D04A;

/// From one book to another, in one asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Corridor {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) asset: Asset,
}

/// A transfer from one book to another.
#[derive(Debug, Clone)]
pub(super) struct Across {
    pub(super) id: TransferId,
    pub(super) transfer: Transfer,
    pub(super) corridor: Corridor,
}

/// The hold that a transfer between books begins with.
pub(super) fn hold_of(id: TransferId) -> TransferId {
    TransferId::from_u128(id.as_u128() ^ HOLD)
}

/// The transfer that begins with this hold.
pub(super) fn transfer_of(hold: TransferId) -> TransferId {
    TransferId::from_u128(hold.as_u128() ^ HOLD)
}

fn release_of(id: TransferId) -> TransferId {
    TransferId::from_u128(id.as_u128() ^ RELEASE)
}

/// Never, as far as a bank is concerned.
fn never() -> Timestamp {
    Timestamp::from_second(7_258_118_400).unwrap_or(Timestamp::MAX)
}

fn command(id: TransferId, act: Act) -> Command {
    Command { id, act, linked: false }
}

impl SeveralBooks {
    /// The account in the book `here` for what goes to `there` and comes from it.
    pub(super) fn transit(&self, here: usize, there: usize, asset: Asset) -> AccountId {
        let name = |at: usize| self.books.get(at).map_or("", |book| book.name.as_str());
        let text = format!("transit\0{}\0{}\0{asset}", name(here), name(there));
        let digest = Algorithm::Sha256.hash(&[text.as_bytes()]);
        let mut entropy = [0; 10];
        entropy.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        AccountId::seeded(0, entropy)
    }

    /// Moves all, and tells for each what became of it.
    ///
    /// # Errors
    /// [`Unavailable`]: a book does not answer. What was begun is brought to its end by the same ids.
    pub(super) async fn move_across(
        &self,
        across: Vec<(usize, Across)>,
    ) -> Result<Vec<(usize, Outcome)>, Unavailable> {
        let mut done = Vec::with_capacity(across.len());
        for corridor in across.iter().map(|(_, one)| one.corridor).collect::<BTreeSet<_>>() {
            self.open_corridor(corridor).await?;
        }
        let mut by_corridor: BTreeMap<Corridor, Vec<(usize, Across)>> = BTreeMap::new();
        for (at, one) in across {
            by_corridor.entry(one.corridor).or_default().push((at, one));
        }
        for (corridor, all) in by_corridor {
            done.extend(self.move_through(corridor, all).await?);
        }
        Ok(done)
    }

    async fn move_through(
        &self,
        corridor: Corridor,
        all: Vec<(usize, Across)>,
    ) -> Result<Vec<(usize, Outcome)>, Unavailable> {
        let Corridor { from, to, asset } = corridor;
        let (out, into) = (self.transit(from, to, asset), self.transit(to, from, asset));
        let holds = all.iter().map(|(_, one)| {
            let held = Transfer { credit: out, hold_until: Some(never()), ..one.transfer.clone() };
            command(hold_of(one.id), Act::Transfer(held))
        });
        let held = self.book(from)?.submit(holds.collect()).await?;
        let mut done = Vec::with_capacity(all.len());
        let (mut going, mut arriving) = (Vec::new(), Vec::new());
        for ((at, one), held) in all.into_iter().zip(held) {
            match held {
                Err(refusal) => done.push((at, Err(refusal))),
                Ok(applied) => {
                    // Both books book it on one day.
                    let day = one.transfer.booked_on.or(Some(applied.booked_on));
                    let arrived =
                        Transfer { debit: into, booked_on: day, counts_toward_limits: false, ..one.transfer };
                    arriving.push(command(one.id, Act::Transfer(arrived)));
                    going.push((at, one.id));
                }
            }
        }
        if going.is_empty() {
            return Ok(done);
        }
        let arrived = self.book(to)?.submit(arriving).await?;
        let ends = going.iter().zip(&arrived).map(|((_, id), arrived)| end_of(*id, arrived));
        let ended = self.book(from)?.submit(ends.collect()).await?;
        for (((at, id), arrived), ended) in going.into_iter().zip(arrived).zip(ended) {
            done.push((at, both(id, arrived, ended)?));
        }
        Ok(done)
    }

    /// In which book a transfer between books has begun with this id, if one has.
    pub(super) async fn begun_in(&self, id: TransferId) -> Result<Option<usize>, Unavailable> {
        for (at, book) in self.books.iter().enumerate() {
            if matches!(book.ledger.outcome(hold_of(id)).await?, Some(Ok(_))) {
                return Ok(Some(at));
            }
        }
        Ok(None)
    }

    /// Brings a transfer that has begun in `from` to the end that the payee's book has decided; `None` where it has not
    /// decided yet.
    pub(super) async fn finish(&self, id: TransferId, from: usize) -> Result<Option<Outcome>, Unavailable> {
        for (_, book) in self.books.iter().enumerate().filter(|(at, _)| *at != from) {
            if let Some(arrived) = book.ledger.outcome(id).await? {
                let ended = self.book(from)?.submit(vec![end_of(id, &arrived)]).await?.pop();
                return both(id, arrived, ended.ok_or(Unavailable::Misunderstood)?).map(Some);
            }
        }
        Ok(None)
    }

    /// Lets a transfer that nobody has brought further never be posted, unless the payee's book has it by now; and ends
    /// it accordingly.
    pub(super) async fn give_up(&self, id: TransferId, corridor: Corridor) -> Result<(), Unavailable> {
        let Corridor { from, to, asset } = corridor;
        let into = self.transit(to, from, asset);
        // Refused for ever, because an account cannot pay itself; or it means something else there already.
        let nothing = Transfer {
            debit: into,
            credit: into,
            amount: 1,
            hold_until: None,
            code: 0,
            booked_on: None,
            value_on: None,
            counts_toward_limits: false,
        };
        self.book(to)?.submit(vec![command(id, Act::Transfer(nothing))]).await?;
        self.finish(id, from).await.map(|_| ())
    }

    /// Both transit accounts are there: a refused id would stay refused.
    async fn open_corridor(&self, corridor: Corridor) -> Result<(), Unavailable> {
        if self.opened.lock().unwrap_or_else(PoisonError::into_inner).contains(&corridor) {
            return Ok(());
        }
        let Corridor { from, to, asset } = corridor;
        for (here, there) in [(from, to), (to, from)] {
            let account = self.transit(here, there, asset);
            let open = OpenAccount {
                account,
                asset,
                normal: Side::Credit,
                kind: kinds::TRANSIT,
                floor: None,
                limits: Limits::default(),
            };
            let id = TransferId::from_u128(account.as_u128());
            let outcome = self.book(here)?.submit(vec![command(id, Act::OpenAccount(open))]).await?.pop();
            match outcome {
                Some(Ok(_) | Err(Refusal::AccountExists)) => {}
                other => {
                    tracing::error!(?other, %asset, "a transit account could not be opened");
                    return Err(Unavailable::StoreFailed);
                }
            }
        }
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).insert(corridor);
        Ok(())
    }
}

/// What the payer's book is told once the payee's has decided.
fn end_of(id: TransferId, arrived: &Outcome) -> Command {
    let hold = hold_of(id);
    match arrived {
        Ok(_) => command(id, Act::PostHold { hold, amount: None }),
        Err(_) => command(release_of(id), Act::VoidHold { hold }),
    }
}

/// The outcome of a transfer of which both books have told theirs.
fn both(id: TransferId, arrived: Outcome, ended: Outcome) -> Result<Outcome, Unavailable> {
    match (arrived, ended) {
        (Ok(arrived), Ok(left)) => {
            // Payer first, then payee; transit accounts are nobody's business.
            let payer = left.balances.into_iter().take(1);
            let balances = payer.chain(arrived.balances.into_iter().skip(1)).collect();
            Ok(Ok(Applied { balances, ..left }))
        }
        (Err(refusal), Ok(_)) => {
            Ok(Err(if refusal == Refusal::SameAccount { Refusal::HoldVoided } else { refusal }))
        }
        (arrived, Err(refusal)) => {
            tracing::error!(transfer = %id, ?arrived, %refusal, "the two sides of a transfer between books differ");
            Err(Unavailable::StoreFailed)
        }
    }
}
