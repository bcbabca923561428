//! What the simulated clients ask for: every kind of command, good and bad, new and repeated.

use clock::{BusinessDate, Timestamp};
use contracts::ledger::{Act, Asset, Command, Limits, OpenAccount, Transfer};
use ids::{AccountId, TransferId};
use money::Side;

use super::random::Random;

/// Accounts that a book begins with; some commands name others.
const ACCOUNTS: u64 = 7;
/// Submissions that are remembered, to be sent again or nearly so.
const REMEMBERED: usize = 60;
/// Nanoseconds of a millisecond.
pub(super) const MILLISECOND: i64 = 1_000_000;

/// Makes commands up.
pub(super) struct Load {
    random: Random,
    ids: u64,
    recent: Vec<Vec<Command>>,
    holds: Vec<TransferId>,
    /// The day around which days are chosen.
    day: i32,
}

fn account(number: u64) -> AccountId {
    AccountId::from_u128(u128::from(number))
}

fn day(number: i32) -> Option<BusinessDate> {
    BusinessDate::from_day_number(number).ok()
}

impl Load {
    pub(super) const fn new(random: Random, day: i32) -> Self {
        Self { random, ids: 0, recent: Vec::new(), holds: Vec::new(), day }
    }

    /// All accounts that any command names.
    pub(super) fn accounts() -> impl Iterator<Item = AccountId> {
        (1..=ACCOUNTS + 3).map(account)
    }

    /// An asset, accounts and money to begin with.
    pub(super) fn beginning(&mut self) -> Vec<Command> {
        let asset = |code| Asset::try_new(code);
        let mut acts = vec![];
        acts.extend(asset("CNY").map(|asset| Act::RegisterAsset { asset, scale: 2 }));
        acts.extend(asset("POINTS").map(|asset| Act::RegisterAsset { asset, scale: 0 }));
        acts.extend(day(self.day).map(|to| Act::AdvanceBusinessDate { to }));
        for number in 1..=ACCOUNTS {
            let normal = if number == 1 { Side::Debit } else { Side::Credit };
            let floor = (number > 1).then_some(0);
            acts.extend(asset("CNY").map(|asset| {
                let limits = Limits::default();
                Act::OpenAccount(OpenAccount {
                    account: account(number),
                    asset,
                    normal,
                    kind: 1,
                    floor,
                    limits,
                })
            }));
        }
        acts.extend((2..=ACCOUNTS).map(|number| {
            Act::Transfer(Transfer { debit: account(1), ..self.plain(account(number), 20_000) })
        }));
        acts.into_iter().map(|act| Command { id: self.id(), act, linked: false }).collect()
    }

    fn plain(&self, credit: AccountId, amount: u64) -> Transfer {
        Transfer {
            debit: account(1),
            credit,
            amount,
            hold_until: None,
            code: 1,
            booked_on: None,
            value_on: None,
            counts_toward_limits: false,
        }
    }

    fn id(&mut self) -> TransferId {
        self.ids += 1;
        TransferId::from_u128(u128::from(self.ids) << 80 | u128::from(self.random.next()))
    }

    fn account(&mut self) -> AccountId {
        let most = if self.random.one_in(40) { ACCOUNTS + 3 } else { ACCOUNTS };
        account(1 + self.random.below(most))
    }

    fn amount(&mut self) -> u64 {
        match self.random.below(60) {
            0 => 0,
            1 => u64::MAX,
            2 => i64::MAX.unsigned_abs(),
            3 => self.random.next() >> self.random.below(64),
            4..40 => 1 + self.random.below(100),
            _ => 1 + self.random.below(3_000),
        }
    }

    fn limits(&mut self) -> Limits {
        let mut limit = |most: u64| (!self.random.one_in(3)).then(|| self.random.below(most));
        Limits { per_transfer: limit(2_500), per_day: limit(9_000), per_month: limit(90_000) }
    }

    fn floor(&mut self) -> Option<i64> {
        match self.random.below(6) {
            0 => None,
            1 => i64::try_from(self.random.below(2_000)).ok().map(|floor| floor - 1_500),
            _ => Some(0),
        }
    }

    fn some_day(&mut self) -> Option<BusinessDate> {
        let away = self.random.below(120) as i32 - 90;
        self.random.one_in(4).then(|| day(self.day + away)).flatten()
    }

    fn transfer(&mut self, now: i64, hold: bool) -> Transfer {
        let length = i64::try_from(self.random.below(300)).unwrap_or(0) - 8;
        let until = now.saturating_add(length * MILLISECOND);
        let until = Timestamp::from_nanosecond(i128::from(until)).ok();
        Transfer {
            debit: self.account(),
            credit: self.account(),
            amount: self.amount(),
            hold_until: until.filter(|_| hold),
            code: self.random.below(50) as u16,
            booked_on: self.some_day(),
            value_on: self.some_day(),
            counts_toward_limits: self.random.one_in(2),
        }
    }

    fn hold(&mut self) -> TransferId {
        // Mostly young ones, which may still be open.
        let back = 1 + self.random.place(10.min(self.holds.len()));
        let some = self.holds.len().checked_sub(back).and_then(|place| self.holds.get(place)).copied();
        match some {
            Some(hold) if !self.random.one_in(30) => hold,
            _ => self.id(),
        }
    }

    fn act(&mut self, now: i64) -> Act {
        let asset = match self.random.below(12) {
            0 => Asset::try_new("XXX"),
            1 => Asset::try_new("POINTS"),
            _ => Asset::try_new("CNY"),
        };
        let transfer = self.transfer(now, false);
        match (self.random.below(300), asset) {
            (0..3, Some(asset)) => Act::RegisterAsset { asset, scale: self.random.below(21) as u8 },
            (3..12, Some(asset)) => Act::OpenAccount(OpenAccount {
                account: account(1 + self.random.below(ACCOUNTS + 3)),
                asset,
                normal: if self.random.one_in(3) { Side::Debit } else { Side::Credit },
                kind: 1,
                floor: self.floor(),
                limits: self.limits(),
            }),
            (12..19, _) => Act::SetFloor { account: self.account(), floor: self.floor() },
            (19..26, _) => Act::SetLimits { account: self.account(), limits: self.limits() },
            (26..33, _) => Act::SetFreeze {
                account: self.account(),
                debits: self.random.one_in(12),
                credits: self.random.one_in(12),
            },
            (33..35, _) => Act::CloseAccount { account: self.account() },
            (35..39, _) => match day(self.day + self.random.below(5) as i32 - 1) {
                Some(to) => {
                    self.day = self.day.max(to.day_number());
                    Act::AdvanceBusinessDate { to }
                }
                None => Act::Transfer(transfer),
            },
            (39..80, _) => Act::Transfer(self.transfer(now, true)),
            (80..100, _) => {
                let amount = (!self.random.one_in(3)).then(|| self.amount());
                Act::PostHold { hold: self.hold(), amount }
            }
            (100..110, _) => Act::VoidHold { hold: self.hold() },
            _ => Act::Transfer(transfer),
        }
    }

    /// One chain or one command by itself; sometimes one that was sent before, or nearly so.
    fn chain(&mut self, now: i64) -> Vec<Command> {
        if self.random.one_in(8) {
            let place = self.random.place(self.recent.len());
            let mut again = self.recent.get(place).cloned().unwrap_or_default();
            let changed = self.random.place(again.len());
            if self.random.one_in(3) {
                let act = self.act(now);
                again.get_mut(changed).into_iter().for_each(|command| command.act = act.clone());
            } else if self.random.one_in(4) {
                again.pop();
                let linked = self.random.one_in(2);
                again.last_mut().into_iter().for_each(|last| last.linked = linked);
            }
            if !again.is_empty() {
                return again;
            }
        }
        let len = if self.random.one_in(6) { 2 + self.random.below(4) } else { 1 };
        let mut chain: Vec<Command> = (1..=len)
            .map(|place| Command { id: self.id(), act: self.act(now), linked: place < len })
            .collect();
        let first = chain.first().map(|command| command.id);
        if len > 1
            && self.random.one_in(30)
            && let (Some(last), Some(first)) = (chain.last_mut(), first)
        {
            last.id = first;
        }
        if self.random.one_in(100)
            && let Some(last) = chain.last_mut()
        {
            last.linked = true;
        }
        for command in &chain {
            if matches!(&command.act, Act::Transfer(transfer) if transfer.hold_until.is_some()) {
                self.holds.push(command.id);
            }
        }
        if self.recent.len() < REMEMBERED {
            self.recent.push(chain.clone());
        } else {
            let place = self.random.place(REMEMBERED);
            self.recent.get_mut(place).into_iter().for_each(|old| old.clone_from(&chain));
        }
        chain
    }

    /// An id that was asked lately.
    pub(super) fn some_id(&mut self) -> TransferId {
        let place = self.random.place(self.recent.len());
        let id = self.recent.get(place).and_then(|chain| chain.first()).map(|command| command.id);
        id.unwrap_or_else(|| self.id())
    }

    /// What a client submits at once.
    pub(super) fn submission(&mut self, now: i64) -> Vec<Command> {
        let chains =
            if self.random.one_in(12) { 8 + self.random.below(20) } else { 1 + self.random.below(3) };
        (0..chains).flat_map(|_| self.chain(now)).collect()
    }
}
