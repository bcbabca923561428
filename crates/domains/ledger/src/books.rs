//! Several books of one bank: customer groups or legal entities, each led by itself, in data centers of their own.
//!
//! [`SeveralBooks`] is asked as one ledger is. An account is in one book for ever ([`places`]); what concerns one book
//! goes there. A transfer between two books moves through an account in each of them ([`between`]), and whether both
//! sides say the same is proved from their histories ([`reconcile`]).
//!
//! Commands of one submission that concern different books are not one part of one record: each book executes its own in
//! order, then transfers between books are made. A chain over several books is refused. New accounts are opened in the book that is the `home`.

mod between;
mod places;
mod reconcile;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use contracts::Unavailable;
use contracts::ledger::{
    Act, Balance, Command, DayBalances, DayQuery, HistoryQuery, Ledger, Movement, OpenHold, Outcome, Refusal,
    Status, Verification,
};
use futures_util::future::try_join_all;
use ids::{AccountId, TransferId};

use self::between::{Across, Corridor};
use self::places::{Place, Places};
pub use self::reconcile::{Reconciled, Reconciliation};

/// A book of the bank, wherever it is led.
#[derive(Clone)]
pub struct NamedBook {
    /// `main`, or as it was called in the settings; the same in every process for ever.
    pub name: String,
    /// The book.
    pub ledger: Arc<dyn Ledger>,
}

/// The books of the bank that this process neither leads nor follows.
pub struct OtherBooks(pub Vec<NamedBook>);

/// All books of the bank as one ledger.
pub struct SeveralBooks {
    books: Vec<NamedBook>,
    /// Where accounts are opened.
    home: usize,
    places: Places,
    /// Corridors whose two accounts are open.
    opened: Mutex<BTreeSet<Corridor>>,
}

/// What one book is asked of many questions.
struct Share<'a, Q> {
    ledger: &'a dyn Ledger,
    /// The places of its questions among all.
    places: Vec<usize>,
    own: Vec<Q>,
}

impl<Q> Share<'_, Q> {
    /// Puts its answers where their questions were.
    fn put<A>(&self, answers: Vec<A>, all: &mut [A]) {
        for (at, answer) in self.places.iter().zip(answers) {
            if let Some(place) = all.get_mut(*at) {
                *place = answer;
            }
        }
    }
}

/// Where a command goes.
enum Way {
    /// To one book.
    To(usize),
    /// To all of them: they know the same assets and have the same business date.
    Everywhere,
    /// Between two.
    Across(Across),
    /// Nowhere.
    Refused(Refusal),
}

impl SeveralBooks {
    /// `books`, of which `home` is the name of the one in which accounts are opened; the first where there is none of
    /// that name. No two of the same name.
    #[must_use]
    pub fn new(books: Vec<NamedBook>, home: &str) -> Self {
        let home = books.iter().position(|book| book.name == home).unwrap_or(0);
        Self { books, home, places: Places::default(), opened: Mutex::default() }
    }

    fn opened(&self, command: &Command) -> Option<(AccountId, Place)> {
        let Act::OpenAccount(open) = &command.act else { return None };
        let known = self.places.get(open.account);
        Some((open.account, known.unwrap_or(Place { book: self.home, asset: open.asset })))
    }

    fn book(&self, at: usize) -> Result<&dyn Ledger, Unavailable> {
        self.books.get(at).map(|book| &*book.ledger).ok_or(Unavailable::Misunderstood)
    }

    /// What each book is asked of `asked`: that which concerns its own accounts.
    async fn shares<Q: Clone>(
        &self,
        asked: &[Q],
        account: fn(&Q) -> AccountId,
    ) -> Result<Vec<Share<'_, Q>>, Unavailable> {
        self.places.learn(&self.books, asked.iter().map(account).collect()).await?;
        let mut shares = Vec::with_capacity(self.books.len());
        for (book, named) in self.books.iter().enumerate() {
            let own = |(_, question): &(usize, &Q)| {
                self.places.get(account(question)).is_some_and(|place| place.book == book)
            };
            let asked = asked.iter().enumerate().filter(own).map(|(at, question)| (at, question.clone()));
            let (places, own): (Vec<_>, Vec<_>) = asked.unzip();
            if !own.is_empty() {
                shares.push(Share { ledger: &*named.ledger, places, own });
            }
        }
        Ok(shares)
    }

    /// The ways of `commands`, in order.
    async fn ways(&self, commands: &[Command]) -> Result<Vec<Way>, Unavailable> {
        // Those that are opened here and now are opened first.
        let fresh: BTreeMap<AccountId, Place> =
            commands.iter().filter_map(|command| self.opened(command)).collect();
        let named: Vec<AccountId> = commands
            .iter()
            .flat_map(|command| named(&command.act))
            .filter(|account| !fresh.contains_key(account))
            .collect();
        self.places.learn(&self.books, named).await?;
        let mut ways = Vec::with_capacity(commands.len());
        for command in commands {
            ways.push(self.way(command, &fresh).await?);
        }
        // A chain is of one book.
        let mut first = 0;
        for at in 0..commands.len() {
            if commands.get(at).is_some_and(|command| command.linked) && at + 1 < commands.len() {
                continue;
            }
            if let Some(chain) = ways.get_mut(first..=at)
                && chain.len() > 1
                && !of_one_book(chain)
            {
                chain.iter_mut().for_each(|way| *way = Way::Refused(Refusal::ChainBroken));
            }
            first = at + 1;
        }
        Ok(ways)
    }

    async fn way(&self, command: &Command, fresh: &BTreeMap<AccountId, Place>) -> Result<Way, Unavailable> {
        let place = |account: AccountId| fresh.get(&account).copied().or_else(|| self.places.get(account));
        let book = |account: AccountId| place(account).map_or(self.home, |place| place.book);
        Ok(match &command.act {
            Act::RegisterAsset { .. } | Act::AdvanceBusinessDate { .. } => Way::Everywhere,
            Act::OpenAccount(open) => Way::To(book(open.account)),
            Act::SetFloor { account, .. }
            | Act::SetLimits { account, .. }
            | Act::SetFreeze { account, .. }
            | Act::CloseAccount { account } => Way::To(book(*account)),
            Act::PostHold { hold, .. } | Act::VoidHold { hold } => Way::To(self.book_of_hold(*hold).await?),
            Act::Transfer(transfer) => match (place(transfer.debit), place(transfer.credit)) {
                (Some(from), Some(to)) if from.book != to.book => match transfer.hold_until {
                    None if from.asset == to.asset => Way::Across(Across {
                        id: command.id,
                        transfer: transfer.clone(),
                        corridor: Corridor { from: from.book, to: to.book, asset: from.asset },
                    }),
                    None => Way::Refused(Refusal::AssetMismatch),
                    // The book of the payer does not know that account.
                    Some(_) => Way::To(from.book),
                },
                (Some(place), _) | (None, Some(place)) => Way::To(place.book),
                (None, None) => Way::To(self.home),
            },
        })
    }

    async fn book_of_hold(&self, hold: TransferId) -> Result<usize, Unavailable> {
        for (at, book) in self.books.iter().enumerate() {
            if book.ledger.outcome(hold).await?.is_some() {
                return Ok(at);
            }
        }
        Ok(self.home)
    }

    async fn book_of(&self, account: AccountId) -> Result<&dyn Ledger, Unavailable> {
        self.places.learn(&self.books, vec![account]).await?;
        self.book(self.places.get(account).map_or(self.home, |place| place.book))
    }

    /// Submits to each book what goes there, and puts the outcomes where they belong.
    async fn submit_to_each(
        &self,
        commands: &[Command],
        ways: &[Way],
        outcomes: &mut [Option<Outcome>],
    ) -> Result<(), Unavailable> {
        let submitting = self.books.iter().enumerate().map(async |(book, named)| {
            let goes =
                |way: &Way| matches!(way, Way::Everywhere) || matches!(way, Way::To(to) if *to == book);
            let places: Vec<usize> =
                ways.iter().enumerate().filter(|(_, way)| goes(way)).map(|(at, _)| at).collect();
            let own: Vec<Command> = places.iter().filter_map(|at| commands.get(*at).cloned()).collect();
            let told = if own.is_empty() { Vec::new() } else { named.ledger.submit(own).await? };
            Ok::<_, Unavailable>(places.into_iter().zip(told).collect::<Vec<_>>())
        });
        for (at, outcome) in try_join_all(submitting).await?.into_iter().flatten() {
            // What goes everywhere is refused where any book refuses it.
            if let Some(place) = outcomes.get_mut(at)
                && !matches!(place, Some(Err(_)))
            {
                *place = Some(outcome);
            }
        }
        Ok(())
    }
}

fn of_one_book(ways: &[Way]) -> bool {
    let mut books = ways.iter().map(|way| if let Way::To(book) = way { Some(*book) } else { None });
    let first = books.next().flatten();
    first.is_some() && books.all(|book| book == first)
}

/// Accounts that must be found before it is known where a command goes.
fn named(act: &Act) -> Vec<AccountId> {
    match act {
        Act::SetFloor { account, .. }
        | Act::SetLimits { account, .. }
        | Act::SetFreeze { account, .. }
        | Act::CloseAccount { account } => vec![*account],
        Act::Transfer(transfer) => vec![transfer.debit, transfer.credit],
        Act::RegisterAsset { .. }
        | Act::OpenAccount(_)
        | Act::PostHold { .. }
        | Act::VoidHold { .. }
        | Act::AdvanceBusinessDate { .. } => Vec::new(),
    }
}

#[async_trait]
impl Ledger for SeveralBooks {
    async fn submit(&self, commands: Vec<Command>) -> Result<Vec<Outcome>, Unavailable> {
        let ways = self.ways(&commands).await?;
        let mut outcomes: Vec<Option<Outcome>> = vec![None; commands.len()];
        self.submit_to_each(&commands, &ways, &mut outcomes).await?;
        let mut across = Vec::new();
        for (at, way) in ways.into_iter().enumerate() {
            match (way, outcomes.get_mut(at)) {
                (Way::Across(one), _) => across.push((at, one)),
                (Way::Refused(refusal), Some(place)) => *place = Some(Err(refusal)),
                _ => {}
            }
        }
        for (at, outcome) in self.move_across(across).await? {
            if let Some(place) = outcomes.get_mut(at) {
                *place = Some(outcome);
            }
        }
        outcomes.into_iter().collect::<Option<_>>().ok_or(Unavailable::Misunderstood)
    }

    async fn balances(&self, accounts: &[AccountId]) -> Result<Vec<Option<Balance>>, Unavailable> {
        let mut balances = vec![None; accounts.len()];
        for share in self.shares(accounts, |account| *account).await? {
            share.put(share.ledger.balances(&share.own).await?, &mut balances);
        }
        Ok(balances)
    }

    async fn history(&self, query: HistoryQuery) -> Result<Vec<Movement>, Unavailable> {
        self.book_of(query.account).await?.history(query).await
    }

    async fn day_balances(&self, query: DayQuery) -> Result<DayBalances, Unavailable> {
        self.book_of(query.account).await?.day_balances(query).await
    }

    async fn movement(
        &self,
        account: AccountId,
        transfer: TransferId,
    ) -> Result<Option<Movement>, Unavailable> {
        self.book_of(account).await?.movement(account, transfer).await
    }

    async fn movements(
        &self,
        asked: &[(AccountId, TransferId)],
    ) -> Result<Vec<Option<Movement>>, Unavailable> {
        let mut movements = vec![None; asked.len()];
        for share in self.shares(asked, |(account, _)| *account).await? {
            share.put(share.ledger.movements(&share.own).await?, &mut movements);
        }
        Ok(movements)
    }

    async fn holds(&self, account: AccountId, limit: u32) -> Result<Vec<OpenHold>, Unavailable> {
        self.book_of(account).await?.holds(account, limit).await
    }

    async fn outcome(&self, id: TransferId) -> Result<Option<Outcome>, Unavailable> {
        if let Some(from) = self.begun_in(id).await? {
            return self.finish(id, from).await;
        }
        for book in &self.books {
            if let Some(outcome) = book.ledger.outcome(id).await? {
                return Ok(Some(outcome));
            }
        }
        Ok(None)
    }

    /// The book in which accounts are opened; accounts, transfers and holds are those of all.
    async fn status(&self) -> Result<Status, Unavailable> {
        let all = try_join_all(self.books.iter().map(|book| book.ledger.status())).await?;
        let home = all.get(self.home).cloned().ok_or(Unavailable::Misunderstood)?;
        let sum = |count: fn(&Status) -> u64| all.iter().map(count).sum();
        Ok(Status {
            accounts: sum(|status| status.accounts),
            transfers: sum(|status| status.transfers),
            holds: sum(|status| status.holds),
            ..home
        })
    }

    /// All books, one after the other; told is the first that is not right, or the last.
    async fn verify(&self) -> Result<Verification, Unavailable> {
        let mut found = None;
        for book in &self.books {
            let verification = book.ledger.verify().await?;
            let right = verification.verified;
            found = Some(verification);
            if !right {
                break;
            }
        }
        found.ok_or(Unavailable::Misunderstood)
    }
}

#[cfg(test)]
mod tests;
