//! Hand-made histories: good ones pass, each anomaly is found by name; and random ones are judged as trying every
//! placement of every read judges them.

use super::*;
use crate::clients::Draws;

const ANN: u128 = 1;
const BOB: u128 = 2;
const EVE: u128 = 3;
/// Where money comes from; may be overdrawn.
const MINT: u128 = 9;

/// A ledger that tells the truth, and clients that note what they saw.
#[derive(Default, Clone)]
struct Tale {
    seen: Seen,
    told: Vec<Told>,
}

fn between(asked: u64, answered: u64) -> Interval {
    Interval { asked, answered: Some(answered) }
}

impl Tale {
    /// Ann and Bob with 100 each, before instant 10.
    fn new() -> Self {
        let mut tale = Self::default();
        tale.pay(1001, MINT, ANN, 100, between(1, 2));
        tale.pay(1002, MINT, BOB, 100, between(3, 4));
        tale
    }

    fn balance(&self, account: u128) -> i64 {
        self.told.iter().rev().find(|movement| movement.account == account).map_or(0, |last| last.balance)
    }

    /// Done by the ledger.
    fn apply(&mut self, id: u128, from: u128, to: u128, amount: u64) -> i64 {
        let at = i64::try_from(self.told.len()).unwrap() + 100;
        let change = i64::try_from(amount).unwrap();
        for (account, change) in [(from, -change), (to, change)] {
            let number = self.told.iter().filter(|movement| movement.account == account).count() as u64 + 1;
            let balance = self.balance(account) + change;
            self.told.push(Told { account, number, transfer: id, change, balance, at });
        }
        at
    }

    /// Done, and answered.
    fn pay(&mut self, id: u128, from: u128, to: u128, amount: u64, interval: Interval) {
        let at = self.apply(id, from, to, amount);
        let balances = Some((self.balance(from), self.balance(to)));
        self.asked(id, from, to, amount, interval, Answer::Done { at, balances });
    }

    /// Only asked.
    fn asked(&mut self, id: u128, from: u128, to: u128, amount: u64, interval: Interval, answer: Answer) {
        self.seen.transfers.push(Transfer { id, from, to, amount, interval, answer });
    }

    fn read(&mut self, balances: &[(u128, i64)], interval: Interval) {
        self.seen.reads.push(Read { balances: balances.to_vec(), interval });
    }

    fn judge(&self) -> Result<Verdict, Anomaly> {
        judge(&self.seen, &self.told)
    }
}

#[test]
fn what_is_right_passes() {
    let mut tale = Tale::new();
    tale.pay(1, ANN, BOB, 30, between(10, 20));
    tale.pay(2, BOB, ANN, 5, between(15, 30));
    tale.read(&[(ANN, 100), (BOB, 100)], between(10, 12));
    // While both are under way each state may be seen, by overlapping readers in any order.
    tale.read(&[(ANN, 75), (BOB, 125)], between(15, 19));
    tale.read(&[(ANN, 70), (BOB, 130)], between(16, 19));
    tale.read(&[(ANN, 75), (BOB, 125), (EVE, 0)], between(31, 32));
    tale.asked(3, ANN, BOB, 76, between(40, 41), Answer::Refused);
    tale.apply(4, ANN, EVE, 1);
    tale.asked(4, ANN, EVE, 1, Interval { asked: 50, answered: None }, Answer::Unknown);
    tale.asked(5, ANN, EVE, 1, Interval { asked: 51, answered: None }, Answer::Unknown);
    // What was never answered may come about at any time, or never.
    tale.read(&[(EVE, 0)], between(60, 61));
    tale.read(&[(EVE, 1)], between(70, 71));
    assert_eq!(tale.judge(), Ok(Verdict { done: 5, done_unheard: 1, never: 1, refused: 1, reads: 6 }));
    assert_eq!(judge(&Seen::default(), &[]), Ok(Verdict::default()));
}

#[test]
fn a_stale_read() {
    let mut tale = Tale::new();
    tale.pay(1, ANN, BOB, 30, between(10, 20));
    tale.read(&[(ANN, 100)], between(20, 25));
    assert!(tale.judge().is_ok(), "asked at the very instant of the answer: side by side");
    tale.read(&[(ANN, 100)], between(21, 25));
    assert_eq!(tale.judge(), Err(Anomaly::Stale { read: 1 }));
}

#[test]
fn a_read_of_what_is_to_come() {
    let mut tale = Tale::new();
    tale.pay(1, ANN, BOB, 30, between(10, 20));
    tale.read(&[(ANN, 70)], between(5, 10));
    assert!(tale.judge().is_ok(), "side by side");
    tale.read(&[(ANN, 70)], between(5, 9));
    assert_eq!(tale.judge(), Err(Anomaly::Stale { read: 1 }));
}

#[test]
fn a_read_of_two_moments() {
    let mut tale = Tale::new();
    tale.pay(1, ANN, BOB, 30, between(10, 20));
    tale.read(&[(ANN, 70), (BOB, 100)], between(10, 20));
    assert_eq!(tale.judge(), Err(Anomaly::Stale { read: 0 }));
}

#[test]
fn time_that_goes_back_between_two_reads() {
    let mut tale = Tale::new();
    tale.pay(1, ANN, BOB, 30, between(10, 50));
    tale.read(&[(BOB, 100)], between(25, 30));
    tale.read(&[(ANN, 70)], between(11, 24));
    assert_eq!(tale.judge(), Err(Anomaly::Stale { read: 0 }));
    // The later of them unaware of it, but for a refusal: there was enough after the read.
    let mut tale = Tale::new();
    tale.pay(1, BOB, ANN, 30, between(10, 50));
    tale.read(&[(ANN, 130)], between(11, 24));
    tale.asked(2, ANN, BOB, 130, between(25, 30), Answer::Refused);
    assert_eq!(tale.judge(), Err(Anomaly::RefusedInVain { transfer: 2 }));
}

#[test]
fn a_lost_update() {
    let mut tale = Tale::new();
    // The ledger computed the second from the balance before the first.
    tale.pay(1, ANN, BOB, 30, between(10, 20));
    tale.pay(2, ANN, EVE, 10, between(12, 22));
    let last = tale.told.iter_mut().rev().find(|movement| movement.account == ANN).unwrap();
    last.balance = 90;
    assert_eq!(tale.judge(), Err(Anomaly::Unexplained { account: ANN, number: 3 }));
}

#[test]
fn an_acknowledged_transfer_that_is_not_there() {
    let mut tale = Tale::new();
    let done = Answer::Done { at: 500, balances: None };
    tale.asked(1, ANN, BOB, 30, between(10, 20), done);
    assert_eq!(tale.judge(), Err(Anomaly::Lost { transfer: 1 }));
    // There, but at another instant than was said.
    tale.apply(1, ANN, BOB, 30);
    assert_eq!(tale.judge(), Err(Anomaly::Lost { transfer: 1 }));
}

#[test]
fn a_transfer_that_is_done_twice() {
    let mut tale = Tale::new();
    tale.pay(1, ANN, BOB, 30, between(10, 20));
    tale.apply(1, ANN, BOB, 30);
    assert_eq!(tale.judge(), Err(Anomaly::Twice { transfer: 1 }));
}

#[test]
fn a_transfer_that_is_done_by_half() {
    let mut tale = Tale::new();
    tale.pay(1, ANN, BOB, 30, between(10, 20));
    let mut half = tale.clone();
    half.told.pop();
    assert_eq!(half.judge(), Err(Anomaly::Half { transfer: 1 }));
    let last = tale.told.last_mut().unwrap();
    (last.change, last.balance) = (29, 129);
    assert_eq!(tale.judge(), Err(Anomaly::Half { transfer: 1 }));
}

#[test]
fn transfers_in_another_order_than_they_were_asked_for() {
    let mut tale = Tale::new();
    tale.pay(1, ANN, BOB, 30, between(15, 20));
    tale.pay(2, ANN, BOB, 30, between(10, 15));
    assert!(tale.judge().is_ok(), "side by side");
    tale.pay(3, ANN, BOB, 30, between(30, 31));
    tale.pay(4, EVE, BOB, 1, between(25, 29));
    assert_eq!(tale.judge(), Err(Anomaly::Reordered { transfer: 3 }));
    // Of different accounts: no balance shows it, the clock does.
    let mut tale = Tale::new();
    tale.pay(1, ANN, EVE, 1, between(30, 40));
    tale.pay(2, MINT, BOB, 1, between(10, 20));
    assert_eq!(tale.judge(), Err(Anomaly::Reordered { transfer: 1 }));
    // Nobody heard of it, and yet it cannot be before what was over when it was asked for.
    let mut tale = Tale::new();
    tale.apply(1, ANN, EVE, 1);
    tale.asked(1, ANN, EVE, 1, Interval { asked: 30, answered: None }, Answer::Unknown);
    tale.pay(2, MINT, BOB, 1, between(10, 20));
    assert_eq!(tale.judge(), Err(Anomaly::Reordered { transfer: 1 }));
}

#[test]
fn a_transfer_that_nobody_asked_for() {
    let mut tale = Tale::new();
    tale.apply(7, ANN, BOB, 1);
    assert_eq!(tale.judge(), Err(Anomaly::Foreign { transfer: 7 }));
    // Asked for otherwise.
    tale.asked(7, ANN, BOB, 2, Interval { asked: 10, answered: None }, Answer::Unknown);
    assert_eq!(tale.judge(), Err(Anomaly::Foreign { transfer: 7 }));
}

#[test]
fn refusals_without_reason() {
    let mut tale = Tale::new();
    tale.asked(1, ANN, BOB, 101, between(10, 11), Answer::Refused);
    assert!(tale.judge().is_ok());
    let mut vain = tale.clone();
    vain.asked(2, ANN, BOB, 100, between(10, 11), Answer::Refused);
    assert_eq!(vain.judge(), Err(Anomaly::RefusedInVain { transfer: 2 }));
    tale.apply(1, MINT, BOB, 101);
    assert_eq!(tale.judge(), Err(Anomaly::Foreign { transfer: 1 }));
    let mut done = Tale::new();
    done.apply(1, ANN, BOB, 1);
    done.asked(1, ANN, BOB, 1, between(10, 11), Answer::Refused);
    assert_eq!(done.judge(), Err(Anomaly::RefusedAndDone { transfer: 1 }));
}

#[test]
fn an_answer_with_other_balances() {
    let mut tale = Tale::new();
    let at = tale.apply(1, ANN, BOB, 30);
    let balances = Some((70, 100));
    tale.asked(1, ANN, BOB, 30, between(10, 20), Answer::Done { at, balances });
    assert_eq!(tale.judge(), Err(Anomaly::Misanswered { transfer: 1 }));
}

#[test]
fn a_ledger_without_an_order() {
    let mut tale = Tale::new();
    tale.pay(1, ANN, EVE, 1, between(10, 20));
    tale.pay(2, MINT, BOB, 1, between(10, 20));
    let at = tale.told[4].at;
    tale.told[6..].iter_mut().for_each(|movement| movement.at = at);
    assert_eq!(tale.judge(), Err(Anomaly::Unordered { at }));
}

/// A few transfers in a known order and a few reads, with intervals at random: many are impossible.
fn random_tale(draws: &mut Draws) -> Tale {
    let mut tale = Tale::default();
    let interval = |draws: &mut Draws, around: u64| {
        let asked = around + draws.below(6);
        between(asked, asked + draws.below(8))
    };
    let transfers = 1 + draws.below(4);
    let mut states = vec![(0, 0)];
    for id in 0..transfers {
        let to = [ANN, BOB][draws.below(2) as usize];
        let interval = interval(draws, 3 * id);
        tale.pay(id.into(), MINT, to, 1, interval);
        states.push((tale.balance(ANN), tale.balance(BOB)));
    }
    for _ in 0..=draws.below(3) {
        let (ann, bob) = states[draws.below(states.len() as u64) as usize];
        let interval = interval(draws, transfers);
        let both = draws.below(2) == 0;
        let balances = [(ANN, ann), (BOB, bob)];
        tale.read(if both { &balances } else { &balances[..1] }, interval);
    }
    tale
}

/// Tries every state for every read.
fn by_trying(tale: &Tale) -> bool {
    let transfers = &tale.seen.transfers;
    let before = |a: Interval, b: Interval| a.answered.is_some_and(|answered| answered < b.asked);
    let in_order = |a: usize, b: usize| !before(transfers[b].interval, transfers[a].interval);
    if (0..transfers.len()).any(|b| (0..b).any(|a| !in_order(a, b))) {
        return false;
    }
    let states = transfers.len() + 1;
    let reads = &tale.seen.reads;
    let balance = |account: u128, state: usize| {
        transfers[..state].iter().filter(|transfer| transfer.to == account).count() as i64
    };
    (0..states.pow(reads.len() as u32)).any(|choice| {
        let state = |read: usize| choice / states.pow(read as u32) % states;
        (0..reads.len()).all(|at| {
            let read = &reads[at];
            read.balances.iter().all(|(account, told)| balance(*account, state(at)) == *told)
                && (0..transfers.len()).all(|place| {
                    let transfer = transfers[place].interval;
                    (state(at) > place || !before(transfer, read.interval))
                        && (state(at) <= place || !before(read.interval, transfer))
                })
                && (0..reads.len())
                    .all(|other| !(before(reads[other].interval, read.interval) && state(other) > state(at)))
        })
    })
}

#[test]
fn random_tales_are_judged_as_by_trying_everything() {
    let mut draws = Draws(20_261_126);
    let mut passed = 0;
    for _ in 0..20_000 {
        let tale = random_tale(&mut draws);
        let right = by_trying(&tale);
        assert_eq!(tale.judge().is_ok(), right, "{:?}", tale.seen);
        passed += u32::from(right);
    }
    assert!(
        (2_000..18_000).contains(&passed),
        "{passed} of 20,000 are possible: too one-sided to tell anything"
    );
}
