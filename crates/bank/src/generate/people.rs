//! Who lives in a generated bank: people and businesses, their accounts, and how they live.

use std::collections::BTreeMap;

use clock::BusinessDate;
use contracts::accounts::{Class, Right};
use contracts::customers::{Business, Person, Profile};
use money::Currency;

use super::dice::Dice;
use super::plan::{Account, Party, Size, Transfer};
use super::{numbers, words};
use crate::books::BankSide;

/// Everyone, with the chance that decides what they do next.
pub(super) struct People {
    pub(super) dice: Dice,
    pub(super) customers: Vec<Profile>,
    pub(super) accounts: Vec<Account>,
    pub(super) authorized: Vec<(usize, usize, Right)>,
    pub(super) outsiders: Vec<String>,
    /// Merchants outside the bank by trade, indexes of outsiders.
    pub(super) merchants: BTreeMap<&'static str, Vec<usize>>,
    /// By customer.
    pub(super) ways: Vec<Way>,
    /// Businesses among the customers, with the trade that they serve.
    pub(super) shops: Vec<(usize, &'static str)>,
}

/// How a customer lives.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub(super) work: Work,
    /// The current account; an index of accounts.
    pub(super) main: usize,
    /// A class II account.
    pub(super) pocket: Option<usize>,
    /// An account in another currency.
    pub(super) foreign: Option<usize>,
    /// Purchases in a month.
    pub(super) purchases: u64,
    /// Fen a month to a landlord.
    pub(super) rent: Option<(u64, Party)>,
    /// Fen a month for a flat of one's own.
    pub(super) mortgage: Option<u64>,
    /// Whether movements are told by SMS, for a fee.
    pub(super) pays_for_sms: bool,
    /// Other customers.
    pub(super) friends: Vec<usize>,
}

/// What money comes from.
#[derive(Debug, Clone)]
pub(super) enum Work {
    /// A salary in fen, on the day of the month, from an employer.
    Employed { salary: u64, payday: i8, employer: Party },
    /// A pension in fen.
    Retired { pension: u64 },
    /// An allowance in fen from home.
    Student { allowance: u64 },
    /// Its own trade: fen of card takings on a usual day.
    Business { takings: u64 },
}

/// Settles `size.customers` customers who had their accounts before `from`.
pub(super) fn settle(size: Size, from: BusinessDate) -> People {
    let mut people = People {
        dice: Dice::new(size.seed),
        customers: Vec::new(),
        accounts: Vec::new(),
        authorized: Vec::new(),
        outsiders: Vec::new(),
        merchants: BTreeMap::new(),
        ways: Vec::new(),
        shops: Vec::new(),
    };
    people
        .outsiders
        .extend(["社会保险基金管理中心", "供电公司", "自来水公司", "燃气公司", "通信公司"].map(String::from));
    let count = usize::try_from(size.customers.min(100_000)).unwrap_or(0);
    let phones = people.dice.below(100_000_000);
    for at in 0..count {
        let phone = numbers::phone(u64::try_from(at).unwrap_or(0), phones);
        // Three of a hundred keep a small business.
        if matches!(at % 100, 3 | 33 | 66) {
            people.add_business(at, phone, from);
        } else {
            people.add_person(at, phone, from);
        }
    }
    people.befriend();
    people
}

/// Places of the outsiders that everyone deals with.
pub(super) const PENSION_FUND: usize = 0;
/// Power, water, gas, phone.
pub(super) const UTILITIES: [(usize, &str, u64, u64); 4] = [
    (1, "电费", 4_000, 32_000),
    (2, "水费", 2_000, 9_000),
    (3, "燃气费", 2_500, 22_000),
    (4, "话费充值", 3_000, 19_900),
];

impl People {
    fn add_business(&mut self, at: usize, phone: String, from: BusinessDate) {
        let dice = &mut self.dice;
        let (division, city, district) = dice.pick(&words::DIVISIONS);
        let (ending, trade) = dice.pick(&words::TRADES);
        let serial = u64::try_from(at).unwrap_or(0);
        let woman = dice.chance(400);
        self.customers.push(Profile::Business(Business {
            name: words::business(dice, city, ending),
            credit_code: numbers::credit_code(division, serial, dice),
            phone: Some(phone),
            representative: words::person(dice, woman),
            division: Some(division.to_owned()),
            address: Some(words::address(dice, city, district)),
        }));
        let work = Work::Business { takings: dice.between(60_000, 380_000) };
        let landlord = words::business(dice, city, "物业管理有限公司");
        let rent = Some((dice.between(30, 180) * 10_000, self.outsider(landlord)));
        let main = self.open(at, Currency::CNY, Class::I, "对公结算户", from);
        let way = Way {
            work,
            main,
            pocket: None,
            foreign: None,
            purchases: 0,
            rent,
            mortgage: None,
            pays_for_sms: self.dice.chance(300),
            friends: Vec::new(),
        };
        self.shops.push((at, trade));
        self.ways.push(way);
    }

    fn add_person(&mut self, at: usize, phone: String, from: BusinessDate) {
        let dice = &mut self.dice;
        let (division, city, district) = dice.pick(&words::DIVISIONS);
        let woman = dice.chance(490);
        let kind = dice.below(100);
        let age = match kind {
            0..80 => dice.between(22, 58),
            80..92 => dice.between(60, 82),
            _ => dice.between(18, 22),
        };
        let born_on = BusinessDate::from_day_number(
            from.day_number() - i32::try_from(age * 365 + age / 4 + dice.below(300)).unwrap_or(10_000),
        )
        .unwrap_or(from);
        let serial = u64::try_from(at).unwrap_or(0);
        self.customers.push(Profile::Person(Person {
            name: words::person(dice, woman),
            id_number: Some(numbers::id_number(division, born_on, serial, woman)),
            foreign_number: None,
            phone: Some(phone),
            born_on: Some(born_on),
            division: Some(division.to_owned()),
            address: Some(words::address(dice, city, district)),
        }));
        let work = match kind {
            0..80 => self.employ(city),
            80..92 => Work::Retired { pension: self.dice.between(250, 750) * 1_000 },
            _ => Work::Student { allowance: self.dice.between(15, 28) * 10_000 },
        };
        let way = self.way_of_life(at, work, city, from);
        self.ways.push(way);
    }

    fn employ(&mut self, city: &str) -> Work {
        // One in twelve works for a shop that banks here.
        let shop = self.dice.index(self.shops.len());
        let shop = self.shops.get(shop).map(|(customer, _)| *customer).filter(|_| self.dice.chance(80));
        let (salary, employer) = match shop.and_then(|customer| self.ways.get(customer)) {
            Some(way) => (self.dice.between(38, 70) * 10_000, Party::Account(way.main)),
            None => {
                let ending = self.dice.pick(&[
                    "科技有限公司",
                    "制造有限公司",
                    "物流有限公司",
                    "设计院",
                    "中学",
                    "医院",
                    "软件有限公司",
                ]);
                let name = words::business(&mut self.dice, city, ending);
                (self.dice.mostly_small(42, 270) * 10_000, self.outsider(name))
            }
        };
        Work::Employed { salary, payday: self.dice.pick(&[10, 15]), employer }
    }

    fn way_of_life(&mut self, at: usize, work: Work, city: &str, from: BusinessDate) -> Way {
        let main = self.open(at, Currency::CNY, Class::I, "工资卡", from);
        let pocket = self.dice.chance(350).then(|| self.open(at, Currency::CNY, Class::II, "零钱账户", from));
        let foreign = self.dice.chance(70).then(|| {
            let (currency, nickname) = match self.dice.below(3) {
                0 => (Currency::USD, "美元户"),
                1 => (Currency::HKD, "港币户"),
                _ => (Currency::EUR, "欧元户"),
            };
            self.open(at, currency, Class::I, nickname, from)
        });
        let salary = if let Work::Employed { salary, .. } = work { salary } else { 0 };
        let rent = (salary > 0 && self.dice.chance(380)).then(|| {
            let amount = salary * self.dice.between(16, 28) / 100 / 5_000 * 5_000;
            let name = words::business(&mut self.dice, city, "房屋租赁有限公司");
            (amount.max(50_000), self.outsider(name))
        });
        let mortgage = (rent.is_none() && salary > 900_000 && self.dice.chance(420))
            .then(|| salary * self.dice.between(18, 34) / 100);
        // Most use another bank for everyday things; one in twenty does everything here.
        let purchases =
            if self.dice.chance(50) { self.dice.between(14, 30) } else { self.dice.between(1, 3) };
        Way {
            work,
            main,
            pocket,
            foreign,
            purchases,
            rent,
            mortgage,
            pays_for_sms: self.dice.chance(80),
            friends: Vec::new(),
        }
    }

    fn open(
        &mut self,
        owner: usize,
        currency: Currency,
        class: Class,
        nickname: &'static str,
        from: BusinessDate,
    ) -> usize {
        let before = i32::try_from(self.dice.between(20, 2_200)).unwrap_or(20);
        let opened_on = BusinessDate::from_day_number(from.day_number() - before).unwrap_or(from);
        self.accounts.push(Account { owner, currency, class, nickname, opened_on });
        self.accounts.len() - 1
    }

    /// Somebody outside the bank, paid and paying through the settlement account.
    pub(super) fn outsider(&mut self, name: String) -> Party {
        self.outsiders.push(name);
        Party::Bank(BankSide::Settlement, Some(self.outsiders.len() - 1))
    }

    /// A merchant of the trade outside the bank: one of a dozen, named when first met.
    pub(super) fn merchant(&mut self, trade: &'static str) -> Party {
        let at = self.dice.index(12);
        if let Some(known) = self.merchants.get(trade).and_then(|known| known.get(at)) {
            return Party::Bank(BankSide::Settlement, Some(*known));
        }
        let city = self.dice.pick(&words::DIVISIONS).1;
        let name = words::business(&mut self.dice, city, trade);
        let party = self.outsider(name);
        self.merchants.entry(trade).or_default().push(self.outsiders.len() - 1);
        party
    }

    /// Gives everyone three to five friends, some a landlord among the customers, and one in thirty a person who
    /// may use the account.
    fn befriend(&mut self) {
        let count = self.ways.len();
        for at in 0..count {
            let friends =
                (0..self.dice.between(3, 5)).map(|_| self.dice.index(count)).filter(|friend| *friend != at);
            let friends: Vec<usize> = friends.collect();
            let landlord = friends.first().and_then(|friend| self.ways.get(*friend)).map(|way| way.main);
            let authorized = friends.last().copied().filter(|_| self.dice.chance(33));
            let from_friend = self.dice.chance(300);
            let right = if self.dice.chance(500) { Right::See } else { Right::Move };
            let Some(way) = self.ways.get_mut(at) else { continue };
            if let (Some((_, party)), Some(landlord), true) = (&mut way.rent, landlord, from_friend) {
                *party = Party::Account(landlord);
            }
            if let Some(friend) = authorized {
                self.authorized.push((way.main, friend, right));
            }
            way.friends = friends;
        }
    }

    /// See [`super::plan::Plan::shown`].
    pub(super) fn worth_showing(&self, transfers: &[Transfer]) -> Vec<usize> {
        let mut busy: Vec<u64> = vec![0; self.customers.len()];
        for party in transfers.iter().flat_map(|transfer| [transfer.payer, transfer.payee]) {
            let Party::Account(account) = party else { continue };
            let owner = self.accounts.get(account).map_or(0, |account| account.owner);
            if let Some(count) = busy.get_mut(owner) {
                *count += 1;
            }
        }
        let busiest = |fits: &dyn Fn(&Way) -> bool| {
            let fitting = self.ways.iter().enumerate().filter(|(_, way)| fits(way));
            fitting.max_by_key(|(at, _)| busy.get(*at).copied()).map(|(at, _)| at)
        };
        let employed = |way: &Way| matches!(way.work, Work::Employed { .. });
        [
            busiest(&|way| employed(way) && way.pocket.is_some() && way.foreign.is_none()),
            busiest(&|way| way.foreign.is_some()),
            busiest(&|way| matches!(way.work, Work::Business { .. })),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
