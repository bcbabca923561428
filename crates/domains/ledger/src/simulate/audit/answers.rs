//! What clients hear, against the journal.

use clock::BusinessDate;
use contracts::ledger::{
    Balance, Command, DayBalances, DayMoved, DayQuery, HistoryQuery, Movement, Outcome, Receipt, Refusal,
};
use ids::{AccountId, TransferId};

use super::{Auditor, Placed, Violation, chains, violation};
use crate::simulate::client::{Answer, Call};

/// What a client heard of one command.
struct Heard {
    at: i64,
    repeated: bool,
    /// Where it is told.
    booked_on: Option<BusinessDate>,
    /// Posted balances of what was touched, in order.
    posted: Vec<Option<i128>>,
    /// All that is told of what was touched, where it is told.
    touched: Option<Vec<(AccountId, Balance)>>,
}

/// Positions of the journal between which an answer must lie.
#[derive(Debug, Clone, Copy)]
struct Between(usize, usize);

fn heard_in_full(outcome: &Outcome) -> Result<Heard, Refusal> {
    let applied = outcome.as_ref().map_err(|refusal| *refusal)?;
    Ok(Heard {
        at: i64::try_from(applied.at.as_nanosecond()).unwrap_or(i64::MAX),
        repeated: applied.repeated,
        booked_on: Some(applied.booked_on),
        posted: applied.balances.iter().map(|(_, balance)| Some(balance.posted())).collect(),
        touched: Some(applied.balances.clone()),
    })
}

fn heard_in_brief(receipt: &Receipt) -> Result<Heard, Refusal> {
    let receipted = receipt.as_ref().map_err(|refusal| *refusal)?;
    let balances = [receipted.debit_balance, receipted.credit_balance];
    Ok(Heard {
        at: receipted.at,
        repeated: receipted.repeated,
        booked_on: None,
        posted: balances.iter().map(|balance| balance.map(i128::from)).collect(),
        touched: None,
    })
}

impl Auditor {
    /// Checks an answer to a call that began when everything up to `after` had been acknowledged, whichever instance
    /// answers. The rows must have been followed to the end.
    pub(in crate::simulate) fn answered(
        &mut self,
        call: &Call,
        answer: &Answer,
        after: usize,
    ) -> Result<(), Violation> {
        let between = Between(after, self.position);
        let checked = match (call, answer) {
            (Call::Submit(commands), Answer::Outcomes(outcomes)) => {
                let heard = outcomes.iter().map(heard_in_full).collect();
                self.executed(commands, heard, between)
            }
            (Call::Post(commands), Answer::Receipts(receipts)) => {
                let heard = receipts.iter().map(heard_in_brief).collect();
                self.executed(commands, heard, between)
            }
            (Call::Balances(accounts), Answer::Balances(balances)) => {
                self.balances(accounts, balances, between)
            }
            (Call::History(query), Answer::History(movements)) => self.history(query, movements, between),
            (Call::Days(query), Answer::Days(days)) => self.days(query, days, between),
            (Call::Movement(account, id), Answer::Movement(movement)) => {
                self.movement(*account, *id, movement.as_ref(), between)
            }
            (Call::Outcome(id), Answer::Outcome(outcome)) => self.outcome(*id, outcome.as_ref(), between),
            _ => violation("the answer is of another kind".to_owned()),
        };
        checked.map_err(|Violation(what)| Violation(format!("{what} (in answer to {call:?})")))
    }

    fn acknowledge(&mut self, position: usize) {
        self.acknowledged = self.acknowledged.max(position);
    }

    fn executed(
        &mut self,
        commands: &[Command],
        heard: Vec<Result<Heard, Refusal>>,
        between: Between,
    ) -> Result<(), Violation> {
        if heard.len() != commands.len() {
            return violation(format!("{} answers to {} commands", heard.len(), commands.len()));
        }
        let mut heard = heard.into_iter();
        for chain in chains(commands) {
            for (place, (command, heard)) in chain.iter().zip(&mut heard).enumerate() {
                let Some(placed) = self.placed.get(&command.id) else {
                    return violation(format!("{}: acknowledged, but not in the journal", command.id));
                };
                let position = placed.position;
                let same = placed.place == place && placed.chain.as_slice() == chain;
                let expected = if same { placed.told } else { Err(Refusal::IdReused) };
                match (heard, expected) {
                    (Err(heard), Err(expected)) if heard == expected => {}
                    (Ok(heard), Ok(())) => self.applied(command.id, &heard, between)?,
                    (heard, expected) => {
                        let heard = heard.map(|heard| heard.repeated);
                        return violation(format!(
                            "{}: {heard:?} was answered, but it must be {expected:?}",
                            command.id
                        ));
                    }
                }
                self.acknowledge(position);
            }
        }
        Ok(())
    }

    fn applied(&mut self, id: TransferId, heard: &Heard, between: Between) -> Result<(), Violation> {
        let Some(placed) = self.placed.get(&id).cloned() else { return Ok(()) };
        if heard.at != placed.at || heard.booked_on.is_some_and(|day| day != placed.booked_on) {
            return violation(format!(
                "{id}: at {} on {:?} was answered, but it was at {} on {}",
                heard.at, heard.booked_on, placed.at, placed.booked_on
            ));
        }
        if heard.repeated {
            return self.balances_of(id, &placed, heard, between).map(|_| ());
        }
        if placed.fresh || placed.position <= between.0 {
            return violation(format!("{id}: done just now was answered, but it was done before the call"));
        }
        if let Some(placed) = self.placed.get_mut(&id) {
            placed.fresh = true;
        }
        let expected: Vec<i128> = placed.touched.iter().map(|(_, balance)| balance.posted()).collect();
        let posted: Vec<i128> = heard.posted.iter().flatten().copied().collect();
        if posted != expected || heard.touched.as_ref().is_some_and(|told| *told != placed.touched) {
            return violation(format!(
                "{id}: balances {:?} {:?} were answered, but after it they were {:?}",
                heard.posted, heard.touched, placed.touched
            ));
        }
        Ok(())
    }

    /// The first place between submissions at which everything told was so.
    fn balances_of(
        &self,
        id: TransferId,
        placed: &Placed,
        heard: &Heard,
        between: Between,
    ) -> Result<usize, Violation> {
        let accounts: Vec<AccountId> = placed.touched.iter().map(|(account, _)| *account).collect();
        let posted: Vec<i128> = heard.posted.iter().flatten().copied().collect();
        let found = self.first_place(Between(between.0.max(placed.position), between.1), |place| {
            let now: Vec<_> = accounts.iter().filter_map(|account| self.version(*account, place)).collect();
            now.iter().map(|balance| balance.posted()).eq(posted.iter().copied())
                && heard.touched.as_ref().is_none_or(|told| told.iter().map(|(_, told)| told).eq(&now))
        });
        match found {
            Some(place) => Ok(place),
            None => violation(format!("{id}: the balances told with it never were: {:?}", heard.posted)),
        }
    }

    /// The first place between submissions that lies in `between` and for which `is` holds.
    fn first_place(&self, between: Between, is: impl Fn(usize) -> bool) -> Option<usize> {
        let first = self.boundaries.partition_point(|place| *place < between.0);
        let places = self.boundaries.get(first..).unwrap_or_default();
        places.iter().copied().take_while(|place| *place <= between.1).find(|place| is(*place))
    }

    /// An account as it was at a position.
    fn version(&self, account: AccountId, position: usize) -> Option<Balance> {
        let versions = self.versions.get(&account)?;
        let later = versions.partition_point(|(from, _)| *from <= position);
        versions.get(later.checked_sub(1)?).map(|(_, balance)| *balance)
    }

    fn balances(
        &mut self,
        accounts: &[AccountId],
        told: &[Option<Balance>],
        between: Between,
    ) -> Result<(), Violation> {
        let is =
            |place| accounts.iter().map(|account| self.version(*account, place)).eq(told.iter().copied());
        match self.first_place(between, is) {
            Some(place) => {
                self.acknowledge(place);
                Ok(())
            }
            None => violation(format!("these balances never were between {between:?}: {told:?}")),
        }
    }

    fn history(
        &mut self,
        query: &HistoryQuery,
        told: &[Movement],
        between: Between,
    ) -> Result<(), Violation> {
        let all = self.movements.get(&query.account).map(Vec::as_slice).unwrap_or_default();
        let up_to = |position: usize| all.partition_point(|(at, _)| *at < position);
        let limit = query.limit as usize;
        let shown = |count: usize| {
            let before = query
                .before
                .map_or(usize::MAX, |before| usize::try_from(before).unwrap_or(usize::MAX).saturating_sub(1));
            let newest = all.get(..count.min(before)).unwrap_or_default();
            newest.iter().rev().take(limit).map(|(_, movement)| movement)
        };
        let Between(from, until) = between;
        let Some(count) = (up_to(from)..=up_to(until)).find(|count| shown(*count).eq(told)) else {
            let expected: Vec<_> = shown(up_to(until)).collect();
            return violation(format!("this history never was: {told:?}, expected {expected:?}"));
        };
        let seen = count.checked_sub(1).and_then(|last| all.get(last)).map_or(0, |(at, _)| *at + 1);
        if query.before.is_none() {
            self.acknowledge(seen);
        }
        Ok(())
    }

    fn days(
        &mut self,
        query: &DayQuery,
        told: &DayBalances,
        Between(from, until): Between,
    ) -> Result<(), Violation> {
        let all = self.movements.get(&query.account).map(Vec::as_slice).unwrap_or_default();
        let up_to = |position: usize| all.partition_point(|(at, _)| *at < position);
        let normal = self.naive.money.accounts.get(&query.account).map(|account| account.normal);
        let days = |count: usize| {
            let movements = all.iter().take(count).map(|(_, movement)| DayMoved::by(movement, query.kind));
            normal.map(|normal| DayBalances::of(normal, query, movements)).unwrap_or_default()
        };
        let Some(count) = (up_to(from)..=up_to(until)).find(|count| days(*count) == *told) else {
            let expected = days(up_to(until));
            return violation(format!("these days never were: {told:?}, expected {expected:?}"));
        };
        let seen = count.checked_sub(1).and_then(|last| all.get(last)).map_or(0, |(at, _)| *at + 1);
        self.acknowledge(seen);
        Ok(())
    }

    fn movement(
        &self,
        account: AccountId,
        id: TransferId,
        told: Option<&Movement>,
        Between(from, until): Between,
    ) -> Result<(), Violation> {
        let all = self.movements.get(&account).map(Vec::as_slice).unwrap_or_default();
        let found = all.iter().find(|(_, movement)| movement.transfer == id);
        match (told, found) {
            (None, None) => Ok(()),
            (None, Some((at, _))) if *at >= from => Ok(()),
            (Some(told), Some((at, movement))) if told == movement && *at < until => Ok(()),
            (told, found) => violation(format!("movement {told:?} was answered, but it is {found:?}")),
        }
    }

    fn outcome(&self, id: TransferId, told: Option<&Outcome>, between: Between) -> Result<(), Violation> {
        let placed = self.placed.get(&id).filter(|placed| placed.position <= between.1);
        let (told, placed) = match (told, placed) {
            (None, None) => return Ok(()),
            (None, Some(placed)) if placed.position > between.0 => return Ok(()),
            (Some(told), Some(placed)) => (told, placed),
            (told, placed) => {
                return violation(format!("outcome {told:?} was answered, but it is {placed:?}"));
            }
        };
        match (heard_in_full(told), placed.told) {
            (Err(told), Err(refusal)) if told == refusal => Ok(()),
            (Ok(heard), Ok(())) if heard.at == placed.at && heard.booked_on == Some(placed.booked_on) => {
                self.balances_of(id, placed, &heard, between).map(|_| ())
            }
            _ => violation(format!("outcome {told:?} was answered, but it is {placed:?}")),
        }
    }
}
