//! A million random operations: the book beside the naive model, with the invariants checked after each.

use clock::{BusinessDate, Timestamp};
use contracts::ledger::{Act, Asset, Command, Limits, OpenAccount, Refusal, Transfer};
use ids::{AccountId, TransferId};
use money::Side;

use crate::hash::Algorithm;
use crate::model::{Batch, Book, Entry, IdKey, Location, Past, Remembered};
use crate::record;
use crate::simulate::naive::{Naive, Told};
use crate::simulate::random::Random;
use crate::tests::kit::execute_with;

const OPERATIONS: usize = 1_000_000;
/// How often the whole state is compared with that of a replay and of its own parts.
const COMPARED_EVERY: usize = 100_000;

struct Driver {
    random: Random,
    now: i64,
    next_id: u128,
    /// Chains that were submitted lately, to be submitted again or to be altered.
    recent: Vec<Vec<Command>>,
    holds: Vec<TransferId>,
    accounts: u64,
    day: i32,
}

fn seed() -> u64 {
    std::env::var("YUANHANG_TEST_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_261_122)
}

impl Driver {
    fn id(&mut self) -> TransferId {
        self.next_id += 1;
        // Spread like real ids, so that the index is not walked in order.
        TransferId::from_u128(self.next_id << 70 | u128::from(self.random.next()))
    }

    fn account(&mut self) -> AccountId {
        AccountId::from_u128(u128::from(1 + self.random.below(self.accounts)))
    }

    fn asset(&mut self) -> Asset {
        let code = match self.random.below(24) {
            0 => "XXX",
            1 | 2 => "POINTS",
            _ => "CNY",
        };
        Asset::try_new(code).unwrap()
    }

    fn amount(&mut self) -> u64 {
        match self.random.below(100) {
            0 => 0,
            1 => u64::MAX,
            2 => i64::MAX as u64,
            3 => i64::MAX as u64 + 1,
            4 => self.random.next() >> self.random.below(64),
            5..60 => 1 + self.random.below(100),
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
            1 => Some(i64::try_from(self.random.below(2_000)).unwrap() - 1_500),
            _ => Some(0),
        }
    }

    fn some_day(&mut self) -> Option<BusinessDate> {
        let away = i32::try_from(self.random.below(120)).unwrap() - 90;
        self.random.one_in(4).then(|| BusinessDate::from_day_number(self.day + away).unwrap())
    }

    fn transfer(&mut self, hold: bool) -> Transfer {
        let until = self.now + i64::try_from(self.random.below(4_000)).unwrap() - 100;
        Transfer {
            debit: self.account(),
            credit: self.account(),
            amount: self.amount(),
            hold_until: hold.then(|| Timestamp::from_nanosecond(i128::from(until)).unwrap()),
            code: (self.random.below(50)) as u16,
            booked_on: self.some_day(),
            value_on: self.some_day(),
            counts_toward_limits: self.random.one_in(2),
        }
    }

    fn hold(&mut self) -> TransferId {
        if self.holds.is_empty() || self.random.one_in(50) {
            return self.id();
        }
        // Mostly young ones, which may still be open.
        let back = self.random.below(12.min(self.holds.len() as u64)) as usize;
        self.holds[self.holds.len() - 1 - back]
    }

    fn act(&mut self) -> Act {
        match self.random.below(1_000) {
            0..3 => Act::RegisterAsset { asset: self.asset(), scale: self.random.below(21) as u8 },
            3..15 => Act::OpenAccount(OpenAccount {
                account: self.account(),
                asset: self.asset(),
                normal: if self.random.one_in(3) { Side::Debit } else { Side::Credit },
                kind: 1,
                floor: self.floor(),
                limits: self.limits(),
            }),
            15..30 => Act::SetFloor { account: self.account(), floor: self.floor() },
            30..45 => Act::SetLimits { account: self.account(), limits: self.limits() },
            45..60 => Act::SetFreeze {
                account: self.account(),
                debits: self.random.one_in(12),
                credits: self.random.one_in(12),
            },
            60..64 => Act::CloseAccount { account: self.account() },
            64..70 => {
                let to = self.day + i32::try_from(self.random.below(5)).unwrap() - 1;
                Act::AdvanceBusinessDate { to: BusinessDate::from_day_number(to).unwrap() }
            }
            70..160 => Act::Transfer(self.transfer(true)),
            160..230 => {
                let amount = (!self.random.one_in(3)).then(|| self.amount());
                Act::PostHold { hold: self.hold(), amount }
            }
            230..260 => Act::VoidHold { hold: self.hold() },
            _ => Act::Transfer(self.transfer(false)),
        }
    }

    /// One chain, or one command by itself; sometimes one that was submitted before, or nearly so.
    fn chain(&mut self) -> Vec<Command> {
        if !self.recent.is_empty() && self.random.one_in(12) {
            let at = self.random.below(self.recent.len() as u64) as usize;
            let mut again = self.recent[at].clone();
            if self.random.one_in(3) {
                let place = self.random.below(again.len() as u64) as usize;
                again[place].act = self.act();
            } else if self.random.one_in(4) {
                again.pop();
                if let Some(last) = again.last_mut() {
                    last.linked = self.random.one_in(2);
                }
            }
            if !again.is_empty() {
                return again;
            }
        }
        let len = if self.random.one_in(6) { 2 + self.random.below(4) as usize } else { 1 };
        let mut chain: Vec<Command> = (0..len)
            .map(|place| Command { id: self.id(), act: self.act(), linked: place + 1 < len })
            .collect();
        if len > 1 && self.random.one_in(30) {
            chain[len - 1].id = chain[0].id;
        }
        if self.random.one_in(300) {
            chain[len - 1].linked = true;
        }
        chain
    }

    fn remember(&mut self, chain: &[Command], told: &[Told]) {
        for (command, told) in chain.iter().zip(told) {
            if matches!(&command.act, Act::Transfer(transfer) if transfer.hold_until.is_some())
                && (told.is_ok() || self.random.one_in(20))
            {
                self.holds.push(command.id);
            }
        }
        if self.recent.len() < 4_000 {
            self.recent.push(chain.to_vec());
        } else {
            let at = self.random.below(4_000) as usize;
            self.recent[at] = chain.to_vec();
        }
    }
}

fn told(book_outcomes: &[contracts::ledger::Outcome]) -> Vec<Told> {
    book_outcomes.iter().map(|outcome| outcome.as_ref().map(|done| done.repeated).map_err(|no| *no)).collect()
}

/// Everything that can be seen of an account, in both.
fn check_account(book: &Book, naive: &Naive, id: AccountId) {
    let Some(expected) = naive.money.accounts.get(&id) else {
        assert_eq!(book.number_of(id), None);
        return;
    };
    let number = book.number_of(id).expect("the account is in the book");
    let found = book.balance(number).unwrap();
    let account = &book.accounts()[number as usize];
    assert_eq!(i128::try_from(found.debits_posted).unwrap(), expected.debits);
    assert_eq!(i128::try_from(found.credits_posted).unwrap(), expected.credits);
    assert_eq!(i128::try_from(found.debits_pending).unwrap(), naive.money.held(id, Side::Debit));
    assert_eq!(i128::try_from(found.credits_pending).unwrap(), naive.money.held(id, Side::Credit));
    let conditions = (found.floor, found.limits, found.frozen_debits, found.frozen_credits, found.closed);
    assert_eq!(
        conditions,
        (expected.floor, expected.limits, expected.frozen.0, expected.frozen.1, expected.closed)
    );
    let used = naive.money.used(id, naive.money.today);
    assert_eq!((u128::from(found.used.day), u128::from(found.used.month)), used);
    assert_eq!(u64::from(account.movements), expected.movements);
    assert_eq!(i128::from(account.posted()), found.posted());
}

/// Nothing is created or lost: in each asset debits equal credits, posted and held.
fn check_conservation(book: &Book) {
    let mut sums: Vec<(Asset, [i128; 2])> = vec![];
    for account in book.accounts() {
        let posted =
            i128::try_from(account.debits_posted).unwrap() - i128::try_from(account.credits_posted).unwrap();
        let held = i128::from(account.debits_pending) - i128::from(account.credits_pending);
        let of = book.asset_of(account).unwrap();
        match sums.iter_mut().find(|(asset, _)| *asset == of) {
            Some((_, sum)) => *sum = [sum[0] + posted, sum[1] + held],
            None => sums.push((of, [posted, held])),
        }
    }
    assert!(sums.iter().all(|(_, sum)| *sum == [0, 0]), "{sums:?}");
}

/// What the rules promise of an accepted transfer, looked at from outside.
fn check_promises(book: &Book, chain: &[Command], told: &[Told]) {
    for (command, told) in chain.iter().zip(told) {
        let (Act::Transfer(transfer), Ok(false), false) = (&command.act, told, command.linked) else {
            continue;
        };
        if chain.len() > 1 {
            continue;
        }
        for (id, side) in [(transfer.debit, Side::Debit), (transfer.credit, Side::Credit)] {
            let account = &book.accounts()[book.number_of(id).unwrap() as usize];
            assert!(!account.is_closed());
            if side != account.normal()
                && let Some(floor) = account.floor()
            {
                let left = i128::from(account.posted()) - i128::from(account.held());
                assert!(left >= i128::from(floor), "below the floor");
            }
        }
    }
}

#[test]
fn a_million_operations_agree_with_the_naive_model() {
    let seed = seed();
    println!("seed {seed}: set YUANHANG_TEST_SEED to run it again");
    let mut driver = Driver {
        random: Random::new(seed),
        now: 1_000_000,
        next_id: 0,
        recent: vec![],
        holds: vec![],
        accounts: 12,
        day: 20_000,
    };
    let (mut book, mut naive) = (Book::default(), Naive::new(BusinessDate::from_day_number(0).unwrap()));
    let mut replayed = Book::default();
    let mut written = Written::default();
    let mut refusals = std::collections::BTreeMap::new();
    let mut operations = 0;
    let mut next_comparison = COMPARED_EVERY;
    while operations < OPERATIONS {
        driver.now += i64::try_from(driver.random.below(40)).unwrap();
        driver.accounts = 12 + (operations as u64) / 40_000;
        let discarded = driver.random.one_in(100);
        let mut batch = book.begin(written.0.len() as u64 + 1, driver.now);
        if discarded {
            try_and_discard(&mut driver, &mut book, batch, &written);
        } else {
            operations += step(&mut driver, &mut book, &mut naive, &mut batch, &written, &mut refusals);
            written.0.push(replay(&mut replayed, &batch));
            book.launch(batch);
            book.land();
        }
        driver.day = naive.money.today.day_number().max(20_000);
        let someone = driver.account();
        check_account(&book, &naive, someone);
        if operations >= next_comparison {
            next_comparison += COMPARED_EVERY;
            compare_states(&book, &replayed);
        }
    }
    for id in naive.money.accounts.keys() {
        check_account(&book, &naive, *id);
    }
    for (id, (_, _, outcome)) in &naive.ids {
        assert_eq!(written.outcome(&book, *id).unwrap(), *outcome, "{id}");
    }
    compare_states(&book, &replayed);
    let accepted = naive.ids.values().filter(|(_, _, outcome)| outcome.is_ok()).count();
    println!("{operations} operations, {accepted} accepted, {} accounts", book.accounts().len());
    println!("refused: {refusals:?}");
    assert!(accepted > OPERATIONS / 5, "too little was accepted: {accepted}");
    assert!(refusals.len() >= 30, "some refusals never happened: {refusals:?}");
}

type Refusals = std::collections::BTreeMap<String, u64>;

/// The records so far, as a journal keeps them.
#[derive(Default)]
struct Written(Vec<record::Sealed>);

impl Written {
    fn entry(&self, location: Location) -> Option<Remembered> {
        let record = self.0.get(usize::try_from(location.sequence()).unwrap() - 1)?;
        let opened = record::Opened::try_new(&record.bytes).unwrap();
        let at = Batch::instant_of(opened.head.at, location.place());
        Some(Remembered { entry: opened.entry(location.place()).unwrap()?, at })
    }

    /// What executing these commands may need, looked up as the writer does.
    fn past(&self, book: &Book, commands: &[Command], batch: &Batch) -> Past {
        let mut past = Past::default();
        for location in book.wanted(commands, batch) {
            past.entries.insert(location, self.entry(location).unwrap());
        }
        past
    }

    fn outcome(&self, book: &Book, id: TransferId) -> Option<Result<(), Refusal>> {
        book.ids.find(IdKey::of(id)).find_map(|location| match self.entry(location)?.entry {
            Entry::Executed(executed) if executed.id == id => Some(executed.refusal().map_or(Ok(()), Err)),
            _ => None,
        })
    }
}

/// A record that did not become durable leaves nothing behind, nor does one that was executed upon it.
fn try_and_discard(driver: &mut Driver, book: &mut Book, mut batch: Batch, written: &Written) {
    let look =
        |book: &Book| (book.encode_rest(), book.accounts().to_vec(), book.ids.len(), book.expiries.clone());
    let before = look(book);
    for _ in 0..=driver.random.below(2) {
        book.expire(&mut batch, 1_000);
        for _ in 0..=driver.random.below(3) {
            let chain = driver.chain();
            let past = written.past(book, &chain, &batch);
            execute_with(book, &chain, &past, &mut batch);
        }
        let sequence = batch.sequence + 1;
        if driver.random.one_in(2) {
            break;
        }
        book.launch(std::mem::take(&mut batch));
        batch = book.begin(sequence, driver.now);
    }
    book.discard();
    assert_eq!(look(book), before);
}

/// One to three submissions in one batch; gives the number of operations.
fn step(
    driver: &mut Driver,
    book: &mut Book,
    naive: &mut Naive,
    batch: &mut Batch,
    written: &Written,
    refusals: &mut Refusals,
) -> usize {
    let mut operations = 0;
    let at = batch.at;
    book.expire(batch, 1_000);
    let mut expired: Vec<TransferId> = batch
        .entries()
        .unwrap()
        .iter()
        .map(|entry| match entry {
            Entry::Expired { hold } => *hold,
            Entry::Executed(_) => panic!("nothing was submitted yet"),
        })
        .collect();
    let mut expected = naive.expire(i128::from(at));
    expired.sort_unstable();
    expected.sort_unstable();
    assert_eq!(expired, expected);
    for _ in 0..=driver.random.below(3) {
        let chain = driver.chain();
        operations += chain.len();
        let instant = batch.next_instant();
        let past = written.past(book, &chain, batch);
        let found = told(&execute_with(book, &chain, &past, batch));
        let expected: Vec<Told> = chain
            .split_inclusive(|command| !command.linked)
            .flat_map(|part| naive.chain(part, i128::from(instant)))
            .collect();
        assert_eq!(found, expected, "{chain:?}");
        for refusal in found.iter().filter_map(|told| told.err()) {
            *refusals.entry(format!("{refusal:?}")).or_default() += 1;
        }
        check_conservation(book);
        check_promises(book, &chain, &found);
        for command in &chain {
            if let Act::Transfer(transfer) = &command.act {
                check_account(book, naive, transfer.debit);
                check_account(book, naive, transfer.credit);
            }
        }
        driver.remember(&chain, &found);
    }
    operations
}

/// The record goes through its bytes, and its effects alone bring another book to the same state.
fn replay(replayed: &mut Book, batch: &Batch) -> record::Sealed {
    let sealed = record::seal(Algorithm::Sha256, 1, [0; 32], batch);
    let (head, hash, entries) = record::open(&sealed.bytes).unwrap();
    assert_eq!(hash, sealed.hash);
    assert_eq!(entries, batch.entries().unwrap());
    assert_eq!(replayed.audit(head.sequence, head.at, head.logic, &entries).unwrap(), []);
    replayed.commit(head.last_at());
    sealed
}

fn compare_states(book: &Book, replayed: &Book) {
    let hash = book.state_hash(Algorithm::Sm3);
    assert_eq!(replayed.state_hash(Algorithm::Sm3), hash, "replay differs");
    let parts = book.parts(Algorithm::Sm3);
    let restored = Book::from_parts(parts.into_iter().map(|part| part.bytes)).unwrap();
    assert_eq!(restored.state_hash(Algorithm::Sm3), hash, "a snapshot differs");
}
