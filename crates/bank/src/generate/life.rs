//! What generated customers do with their money, day by day.

use clock::BusinessDate;
use contracts::ledger::codes;
use money::Currency;

use super::calendar::Day;
use super::people::{PENSION_FUND, People, UTILITIES, Way, Work};
use super::plan::{Account, Party, Transfer};
use super::words::{self, Spending};
use crate::books::BankSide;

/// The movements so far and what they leave on each account. No account goes below zero.
pub(super) struct Book {
    pub(super) transfers: Vec<Transfer>,
    balances: Vec<u64>,
    currencies: Vec<Currency>,
}

impl Book {
    pub(super) fn new(accounts: &[Account]) -> Self {
        Self {
            transfers: Vec::new(),
            balances: vec![0; accounts.len()],
            currencies: accounts.iter().map(|account| account.currency).collect(),
        }
    }

    fn balance(&self, account: usize) -> u64 {
        self.balances.get(account).copied().unwrap_or(0)
    }

    /// Moves `amount`, unless it is nothing or the payer lacks it.
    fn pay(
        &mut self,
        on: BusinessDate,
        payer: Party,
        payee: Party,
        (amount, code, memo): (u64, u16, &'static str),
    ) {
        let short = matches!(payer, Party::Account(account) if self.balance(account) < amount);
        let currency = [payer, payee].into_iter().find_map(|party| match party {
            Party::Account(account) => self.currencies.get(account).copied(),
            Party::Bank(..) => None,
        });
        let Some(currency) = currency.filter(|_| !short && amount > 0 && payer != payee) else { return };
        if let Party::Account(account) = payer
            && let Some(balance) = self.balances.get_mut(account)
        {
            *balance -= amount;
        }
        if let Party::Account(account) = payee
            && let Some(balance) = self.balances.get_mut(account)
        {
            *balance += amount;
        }
        self.transfers.push(Transfer { booked_on: on, payer, payee, amount, currency, code, memo });
    }
}

/// The other banks' side, nobody named.
const ELSEWHERE: Party = Party::Bank(BankSide::Settlement, None);

/// Brings in what everyone had before the first day.
pub(super) fn open(people: &mut People, book: &mut Book, on: BusinessDate) {
    for at in 0..people.accounts.len() {
        let Some(account) = people.accounts.get(at) else { continue };
        let work = people.ways.get(account.owner).map(|way| way.work.clone());
        let yuan = match (account.currency, work) {
            (Currency::CNY, Some(Work::Business { .. })) => people.dice.mostly_small(30_000, 400_000),
            (Currency::CNY, Some(Work::Student { .. })) => people.dice.between(300, 4_000),
            (Currency::CNY, _) => people.dice.mostly_small(2_000, 90_000),
            _ => people.dice.mostly_small(200, 12_000),
        };
        let amount = yuan * 100 + people.dice.below(100);
        book.pay(on, ELSEWHERE, Party::Account(at), (amount, codes::OPENING_BALANCE, ""));
    }
}

/// One day of everyone.
pub(super) fn live(people: &mut People, book: &mut Book, day: &Day) {
    if day.is_interest_day() {
        credit_interest(people, book, day);
    }
    for at in 0..people.ways.len() {
        let Some(way) = people.ways.get(at).cloned() else { continue };
        earn(people, book, day, at, &way);
        if matches!(way.work, Work::Business { .. }) {
            trade(people, book, day, &way);
        } else {
            keep_house(people, book, day, &way);
            spend(people, book, day, &way);
            celebrate(people, book, day, &way);
        }
        if day.day == 25 && way.pays_for_sms {
            let fee = (200, codes::FEE, "短信服务费");
            book.pay(day.on, Party::Account(way.main), Party::Bank(BankSide::FeeIncome, None), fee);
        }
    }
}

/// Demand deposits bear 0.05 % a year, rounded down, credited once a quarter.
fn credit_interest(people: &People, book: &mut Book, day: &Day) {
    for at in 0..people.accounts.len() {
        let interest = book.balance(at) * 5 / 10_000 / 4;
        let paid = (interest, codes::INTEREST, "结息");
        book.pay(day.on, Party::Bank(BankSide::InterestExpense, None), Party::Account(at), paid);
    }
}

fn earn(people: &mut People, book: &mut Book, day: &Day, at: usize, way: &Way) {
    let main = Party::Account(way.main);
    match way.work {
        Work::Employed { salary, payday, employer } => {
            if day.is_payday(payday) {
                let varied = salary * people.dice.between(97, 104) / 100;
                book.pay(day.on, employer, main, (varied, codes::SALARY, "工资"));
                if let Some(pocket) = way.pocket {
                    let saved = varied / 100 * people.dice.between(3, 12) / 1_000 * 1_000;
                    book.pay(day.on, main, Party::Account(pocket), (saved, codes::OWN_TRANSFER, "存零钱"));
                }
            }
            // Most get a bonus some days before the Spring Festival.
            if day.to_spring_festival == Some(12) && !at.is_multiple_of(3) {
                let bonus = salary * people.dice.between(50, 220) / 100;
                book.pay(day.on, employer, main, (bonus, codes::SALARY, "年终奖"));
            }
        }
        Work::Retired { pension } if day.is_payday(15) => {
            let fund = Party::Bank(BankSide::Settlement, Some(PENSION_FUND));
            book.pay(day.on, fund, main, (pension, codes::PENSION, "养老金"));
        }
        Work::Student { allowance } if day.day == 1 => {
            book.pay(day.on, ELSEWHERE, main, (allowance, codes::INTERBANK_CREDIT, "生活费"));
        }
        _ => {}
    }
    if let Some(foreign) = way.foreign
        && people.dice.chance(8)
    {
        let amount = people.dice.mostly_small(100, 3_000) * 100;
        book.pay(day.on, ELSEWHERE, Party::Account(foreign), (amount, codes::INTERBANK_CREDIT, "境外汇款"));
    }
}

/// Takings come the day after, on weekdays; goods, rent and taxes go out.
fn trade(people: &mut People, book: &mut Book, day: &Day, way: &Way) {
    let main = Party::Account(way.main);
    let Work::Business { takings } = way.work else { return };
    if !day.weekend && people.dice.chance(550) {
        let amount = takings * people.dice.between(60, 150) / 100;
        book.pay(day.on, ELSEWHERE, main, (amount, codes::INTERBANK_CREDIT, "收单结算"));
    }
    if !day.weekend && people.dice.chance(140) {
        let amount = takings * people.dice.between(80, 220) / 100;
        book.pay(day.on, main, ELSEWHERE, (amount, codes::INTERBANK_DEBIT, "货款"));
    }
    match (day.day, way.rent) {
        (5, Some((rent, landlord))) => book.pay(day.on, main, landlord, (rent, codes::HOUSEHOLD, "铺面租金")),
        (15, _) if day.month % 3 == 1 => {
            let tax = takings * people.dice.between(60, 180) / 100;
            book.pay(day.on, main, ELSEWHERE, (tax, codes::INTERBANK_DEBIT, "税款"));
        }
        (20, _) if day.month % 3 == 0 => {
            let fee = (3_000, codes::FEE, "账户管理费");
            book.pay(day.on, main, Party::Bank(BankSide::FeeIncome, None), fee);
        }
        _ => {}
    }
}

/// Rent, mortgage, utilities, insurance.
fn keep_house(people: &mut People, book: &mut Book, day: &Day, way: &Way) {
    let main = Party::Account(way.main);
    if let (1, Some((rent, landlord))) = (day.day, way.rent) {
        book.pay(day.on, main, landlord, (rent, codes::HOUSEHOLD, "房租"));
    }
    if let (20, Some(mortgage)) = (day.day, way.mortgage) {
        book.pay(day.on, main, ELSEWHERE, (mortgage, codes::LOAN_REPAYMENT, "房贷还款"));
    }
    // Students live in halls. Gas and water are billed every other month.
    if matches!(day.day, 6..=16) && !matches!(way.work, Work::Student { .. }) && people.dice.chance(85) {
        let (outsider, memo, from, to) = people.dice.pick(&UTILITIES);
        let amount = people.dice.mostly_small(from, to);
        let payee = Party::Bank(BankSide::Settlement, Some(outsider));
        book.pay(day.on, main, payee, (amount, codes::HOUSEHOLD, memo));
    }
    if let (18, Work::Employed { salary, .. }) = (day.day, &way.work) {
        save(people, book, day, way, *salary);
    }
    if day.day == 8 && people.dice.chance(40) {
        let amount = people.dice.between(3, 90) * 5_000;
        book.pay(day.on, main, ELSEWHERE, (amount, codes::INSURANCE, "保险费"));
    }
}

/// What has gathered beyond three months' pay goes to savings elsewhere.
fn save(people: &mut People, book: &mut Book, day: &Day, way: &Way, salary: u64) {
    let spare = book.balance(way.main).saturating_sub(salary * 3);
    if spare > salary && people.dice.chance(600) {
        let amount = spare / 100_000 * 100_000;
        book.pay(day.on, Party::Account(way.main), ELSEWHERE, (amount, codes::INTERBANK_DEBIT, "转存他行"));
    }
}

/// Everyday purchases, cash, and what friends owe each other.
fn spend(people: &mut People, book: &mut Book, day: &Day, way: &Way) {
    let main = Party::Account(way.main);
    // Half as many again at the weekend.
    let weight = if day.weekend { 43 } else { 29 };
    let mut draws = way.purchases * weight;
    while draws > 0 {
        if people.dice.chance(draws.min(1_000)) {
            let at = usize::try_from(people.dice.mostly_small(0, 15)).unwrap_or(0);
            if let Some(what) = words::DAILY.get(at) {
                let pocket = way.pocket.filter(|_| people.dice.chance(250));
                buy(people, book, day, pocket.map_or(main, Party::Account), *what);
            }
        }
        draws = draws.saturating_sub(1_000);
    }
    if people.dice.chance(8) {
        let amount = people.dice.between(2, 30) * 10_000;
        book.pay(day.on, main, Party::Bank(BankSide::Cash, None), (amount, codes::CASH_WITHDRAWAL, ""));
    }
    if people.dice.chance(12) {
        let amount = people.dice.mostly_small(1_500, 60_000);
        let memo = people.dice.pick(&words::FRIENDLY);
        give(people, book, day, way, (amount, codes::TRANSFER, memo));
    }
}

/// Red packets, sales, journeys.
fn celebrate(people: &mut People, book: &mut Book, day: &Day, way: &Way) {
    if matches!(day.to_spring_festival, Some(-2..=1)) && people.dice.chance(160) {
        let amount = people.dice.pick(&words::RED_PACKETS) * 100;
        give(people, book, day, way, (amount, codes::TRANSFER, "新年快乐 红包"));
    }
    if (day.month, day.day) == (5, 20) && people.dice.chance(40) {
        give(people, book, day, way, (52_000, codes::TRANSFER, "520"));
    }
    let occasion: Option<&[Spending]> = match () {
        () if day.is_sale() && people.dice.chance(230) => Some(&words::SALES),
        () if day.is_national_week() && people.dice.chance(50) => Some(&words::TRAVEL),
        () if matches!(day.to_spring_festival, Some(2..=9)) && people.dice.chance(25) => Some(&words::TRAVEL),
        () => None,
    };
    let what = occasion.and_then(|list| list.get(people.dice.index(list.len())));
    if let Some(what) = what {
        buy(people, book, day, Party::Account(way.main), *what);
    }
}

/// A purchase: one in five at a shop that banks here, where one serves this trade.
fn buy(people: &mut People, book: &mut Book, day: &Day, payer: Party, what: Spending) {
    let amount = people.dice.mostly_small(what.from, what.to);
    let amount = if what.whole { amount / 100 * 100 } else { amount };
    let local = people.dice.chance(200);
    let at = people.dice.index(people.shops.len());
    let shop = people.shops.get(at).filter(|(_, trade)| local && *trade == what.trade);
    let payee = match shop.and_then(|(customer, _)| people.ways.get(*customer)) {
        Some(way) => Party::Account(way.main),
        None => people.merchant(what.trade),
    };
    book.pay(day.on, payer, payee, (amount, codes::PURCHASE, what.memo));
}

/// Money to a friend.
fn give(people: &mut People, book: &mut Book, day: &Day, way: &Way, what: (u64, u16, &'static str)) {
    let at = people.dice.index(way.friends.len());
    let friend = way.friends.get(at).and_then(|friend| people.ways.get(*friend)).map(|way| way.main);
    if let Some(friend) = friend {
        book.pay(day.on, Party::Account(way.main), Party::Account(friend), what);
    }
}
