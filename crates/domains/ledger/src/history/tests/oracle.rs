//! Random postings, and what the history of them must be, kept as plain lists.

use contracts::ledger::{DayBalances, DayKind, DayMoved, DayQuery, HistoryQuery};
use ids::TransferId;
use money::Side;

use super::blocks::Random;
use crate::history::{Moved, movements};
use crate::model::{Batch, Did, Entry, Executed, Posting};

/// All movements of a few accounts.
#[derive(Default)]
pub(super) struct Oracle {
    pub(super) accounts: Vec<Vec<Moved>>,
    /// Number and balance of the last movement of each account.
    last: Vec<(u32, i64)>,
    at: i64,
    sequence: u64,
}

impl Oracle {
    pub(super) fn of(accounts: usize) -> Self {
        Self { accounts: vec![vec![]; accounts], last: vec![(0, 0); accounts], ..Self::default() }
    }

    /// The next record, with about `postings` postings.
    pub(super) fn next(&mut self, random: &mut Random, postings: u64) -> Batch {
        self.sequence += 1;
        self.at += 1 + random.below(5_000_000_000) as i64;
        let count = random.below(postings + 1);
        let date = 20_000 + (self.sequence / 9) as i32;
        let entries: Vec<Entry> = (0..count).map(|place| self.entry(random, date, place)).collect();
        let batch = Batch::of(self.sequence, self.at, date, &entries);
        for moved in movements(self.at, &entries) {
            self.accounts[moved.account as usize].push(moved);
        }
        self.at = batch.last_at();
        batch
    }

    fn entry(&mut self, random: &mut Random, date: i32, place: u64) -> Entry {
        let transfer = u128::from(random.next()) << 64 | u128::from(self.sequence << 20 | place);
        let transfer = TransferId::from_u128(transfer);
        if random.below(10) == 0 {
            return Entry::Expired { hold: transfer };
        }
        let many = self.accounts.len() as u64;
        // Account 0 has a part in nearly every posting.
        let debit = if random.below(3) > 0 { 0 } else { random.below(many) };
        let credit = (debit + 1 + random.below(many - 1)) % many;
        let amount = 1 + random.below(1_000);
        let booked_on = date - random.below(3) as i32;
        let (debit_before, credit_before) = (self.last[debit as usize], self.last[credit as usize]);
        let posting = Posting {
            debit: debit as u32,
            credit: credit as u32,
            amount,
            code: 1 + random.below(3) as u16,
            booked_on,
            value_on: booked_on - random.below(2) as i32,
            debit_movement: debit_before.0 + 1,
            credit_movement: credit_before.0 + 1,
            debit_balance: debit_before.1 - amount as i64,
            credit_balance: credit_before.1 + amount as i64,
        };
        self.last[debit as usize] = (posting.debit_movement, posting.debit_balance);
        self.last[credit as usize] = (posting.credit_movement, posting.credit_balance);
        let did = Did::Posted { posting, counts: false, names_booking: true, names_value: true };
        Entry::Executed(Executed { id: transfer, linked: false, digest: None, booked_on, did })
    }
}

impl Oracle {
    /// Number of an account's newest movement.
    pub(super) fn newest(&self, account: usize) -> u32 {
        self.last[account].0
    }

    /// The days of an account, on which credits are what increases it.
    pub(super) fn days(&self, account: usize, kind: DayKind) -> DayBalances {
        let query = DayQuery { account: ids::AccountId::from_u128(9), kind, from: None, until: None };
        let counterparty = ids::AccountId::from_u128(8);
        let told = self.accounts[account].iter().map(|moved| moved.told(counterparty));
        DayBalances::of(Side::Credit, &query, told.map(|movement| DayMoved::by(&movement, kind)))
    }

    /// A question about an account, and its answer.
    pub(super) fn question(&self, random: &mut Random, account: usize) -> (HistoryQuery, Vec<Moved>) {
        let mut query = HistoryQuery::newest(ids::AccountId::from_u128(9), 1 + random.below(60) as u32);
        let mut maybe = |one_in: u64, below: u64| (random.below(one_in) == 0).then(|| random.below(below));
        let day = |days: u64| crate::model::day(20_000 + days as i32);
        query.before = maybe(2, u64::from(self.newest(account)) + 3);
        query.side = maybe(4, 2).map(|side| if side == 0 { Side::Debit } else { Side::Credit });
        query.amount_min = maybe(4, 1_000);
        query.amount_max = maybe(4, 1_000);
        query.from = maybe(5, self.sequence / 9 + 1).map(day);
        query.until = maybe(5, self.sequence / 9 + 1).map(day);
        let wanted = |moved: &&Moved| {
            query.before.is_none_or(|before| u64::from(moved.number) < before)
                && query.side.is_none_or(|side| moved.side == side)
                && query.amount_min.is_none_or(|least| moved.amount >= least)
                && query.amount_max.is_none_or(|most| moved.amount <= most)
                && query.from.is_none_or(|from| crate::model::day(moved.booked_on) >= from)
                && query.until.is_none_or(|until| crate::model::day(moved.booked_on) <= until)
        };
        let answer = self.accounts[account].iter().rev().filter(wanted).take(query.limit as usize);
        (query.clone(), answer.cloned().collect())
    }
}
