//! A service under more load than it takes, in virtual time and from a seed.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use super::*;

const BOUNDS: Bounds = Bounds { least: 64, most: 2048, wait_us: 50_000 };

/// Answers so many requests at once; the others wait in line, whatever they are.
const WORKERS: usize = 16;
/// What one request takes on average.
const WORK_US: u64 = 5_000;
/// How many requests it answers in a second.
const CAPACITY: u64 = WORKERS as u64 * 1_000_000 / WORK_US;

/// How many of a hundred requests are of each class.
const MIX: [(Class, u64); 6] = [
    (Class::Protective, 1),
    (Class::Money, 16),
    (Class::Own, 23),
    (Class::Browse, 40),
    (Class::Pages, 10),
    (Class::Bulk, 10),
];

/// What became of the requests of one class.
#[derive(Debug, Default, Clone)]
struct Fate {
    asked: usize,
    refused: usize,
    answered_us: Vec<u64>,
}

impl Fate {
    fn success_percent(&self) -> usize {
        (self.asked - self.refused) * 100 / self.asked.max(1)
    }

    fn p99_us(&mut self) -> u64 {
        self.answered_us.sort_unstable();
        let at = self.answered_us.len() * 99 / 100;
        self.answered_us.get(at).copied().unwrap_or_default()
    }
}

/// A request on its way.
#[derive(Debug, Clone, Copy)]
struct Inside {
    class: usize,
    came_us: u64,
    era: u32,
}

/// A request that is worked on: when it is answered, its class, when it came, its era, and the work that it is.
type Working = (u64, usize, u64, u32, u64);

struct Town {
    random: ChaCha8Rng,
    now_us: u64,
    meter: Meter,
    in_progress: u32,
    line: VecDeque<Inside>,
    working: BinaryHeap<Reverse<Working>>,
    next_us: u64,
}

impl Town {
    fn new(seed: u64) -> Self {
        Self {
            random: ChaCha8Rng::seed_from_u64(seed),
            now_us: 0,
            meter: Meter::new(BOUNDS),
            in_progress: 0,
            line: VecDeque::new(),
            working: BinaryHeap::new(),
            next_us: 0,
        }
    }

    /// So many seconds with `percent` of the load that can be answered.
    fn runs(&mut self, seconds: u64, percent: u64) -> [Fate; 6] {
        let mut fates: [Fate; 6] = Default::default();
        let until = self.now_us + seconds * 1_000_000;
        let gap_us = 100 * 1_000_000 / (CAPACITY * percent).max(1);
        while self.next_us < until {
            while let Some(Reverse((at, ..))) = self.working.peek().copied()
                && at <= self.next_us
            {
                self.answers(&mut fates);
            }
            self.now_us = self.next_us;
            self.next_us += self.random.random_range(0..=2 * gap_us);
            self.comes(&mut fates);
        }
        fates
    }

    fn comes(&mut self, fates: &mut [Fate; 6]) {
        let mut of_hundred = self.random.random_range(0..100);
        let mut class = 0;
        while of_hundred >= MIX[class].1 {
            of_hundred -= MIX[class].1;
            class += 1;
        }
        fates[class].asked += 1;
        let most = share(MIX[class].0, self.meter.places(), BOUNDS.most);
        if self.in_progress < most {
            self.in_progress += 1;
            self.line.push_back(Inside { class, came_us: self.now_us, era: self.meter.era() });
        } else {
            fates[class].refused += 1;
        }
        self.meter.arrived(self.in_progress, self.now_us);
        self.works();
    }

    fn works(&mut self) {
        while self.working.len() < WORKERS
            && let Some(Inside { class, came_us, era }) = self.line.pop_front()
        {
            let work = self.random.random_range(1..=2 * WORK_US);
            self.working.push(Reverse((self.now_us + work, class, came_us, era, work)));
        }
    }

    fn answers(&mut self, fates: &mut [Fate; 6]) {
        let Some(Reverse((at, class, came_us, era, work))) = self.working.pop() else { return };
        self.now_us = at;
        self.in_progress -= 1;
        fates[class].answered_us.push(at - came_us);
        self.meter.answered(era, Some(at - came_us - work), at);
        self.works();
    }
}

#[test]
fn four_times_the_load_costs_money_and_sign_out_nothing_and_the_rest_what_there_is_too_much() {
    for seed in 0..20 {
        let mut town = Town::new(seed);
        let calm = town.runs(10, 60);
        for (at, fate) in calm.iter().enumerate() {
            assert_eq!(fate.success_percent(), 100, "seed {seed}: nobody is refused in calm: {:?}", MIX[at]);
        }
        // The first two seconds are the shock; what is promised holds of all of it.
        let mut loaded = town.runs(20, 400);
        let places = town.meter.places();
        for at in [0, 1] {
            assert!(
                loaded[at].success_percent() >= 95,
                "seed {seed}: {:?} {:?}",
                MIX[at],
                loaded[at].success_percent()
            );
            assert!(loaded[at].p99_us() <= 250_000, "seed {seed}: {:?} {}", MIX[at], loaded[at].p99_us());
        }
        let answered: usize = loaded.iter().map(|fate| fate.answered_us.len()).sum();
        assert!(
            answered as u64 >= 20 * CAPACITY * 95 / 100,
            "seed {seed}: the service is kept busy: {answered}"
        );
        let success: Vec<_> = loaded.iter().map(Fate::success_percent).collect();
        assert!(
            success.is_sorted_by(|above, below| above >= below),
            "seed {seed}: the urgent first: {success:?}"
        );
        assert!(places < 256, "seed {seed}: {places} places are more than it takes");
        // It recovers, and not at once.
        town.runs(1, 60);
        assert!(town.meter.places() < 256, "seed {seed}: {}", town.meter.places());
        let calm = town.runs(20, 60);
        assert!(calm.iter().all(|fate| fate.refused == 0), "seed {seed}: {calm:?}");
        assert_eq!(town.meter.places(), 256, "seed {seed}");
    }
}

#[test]
fn whoever_never_asks_much_at_once_is_never_refused_however_slow_it_is() {
    let mut meter = Meter::new(BOUNDS);
    for at in 0..10_000 {
        meter.arrived(BOUNDS.least, at * 10_000);
        meter.answered(0, Some(5_000_000), at * 10_000);
    }
    assert_eq!((meter.places(), meter.era()), (256, 0));
    for (class, least) in [(Class::Money, 64), (Class::Own, 54), (Class::Browse, 44), (Class::Bulk, 32)] {
        assert_eq!(share(class, BOUNDS.least, BOUNDS.most), least);
    }
}

#[test]
fn places_come_with_use_and_go_without() {
    let mut meter = Meter::new(BOUNDS);
    let mut now_us = 0;
    let mut windows = |meter: &mut Meter, count, in_progress: fn(u32) -> u32| {
        for _ in 0..count {
            now_us += 60_000;
            for _ in 0..10 {
                meter.arrived(in_progress(meter.places()), now_us);
                meter.answered(0, Some(0), now_us);
            }
        }
        meter.places()
    };
    assert_eq!(windows(&mut meter, 20, |places| places / 3), 256);
    assert_eq!(windows(&mut meter, 20, |places| places), BOUNDS.most, "many at once, and nobody waits");
    assert_eq!(windows(&mut meter, 20, |places| places / 3), BOUNDS.most);
    let going = windows(&mut meter, 20, |_| 10);
    assert!((1500..2000).contains(&going), "{going}");
    assert_eq!(windows(&mut meter, 400, |_| 10), 256);
}

#[test]
fn a_service_that_hangs_gets_fewer_places_before_anything_comes_back() {
    let mut meter = Meter::new(BOUNDS);
    for second in 1..=6 {
        meter.arrived(meter.places().min(1000), second * 1_000_000);
    }
    assert_eq!(meter.places(), BOUNDS.least);
}

#[test]
fn answers_of_before_the_last_cut_do_not_cut_again() {
    let mut meter = Meter::new(BOUNDS);
    let late = |meter: &mut Meter, era, now_us| {
        meter.arrived(1000, now_us);
        (0..400).for_each(|_| meter.answered(era, Some(60_000), now_us));
    };
    late(&mut meter, 0, 40_000);
    late(&mut meter, 0, 60_000);
    let cut = meter.places();
    // 401 answers in 60 ms are 334 in the 50 that are borne.
    assert_eq!(cut, 230);
    for now_ms in (65..300).step_by(10) {
        late(&mut meter, 0, now_ms * 1_000);
        assert_eq!(meter.places(), cut, "they neither shrink nor grow: {now_ms} ms");
    }
    let era = meter.era();
    late(&mut meter, era, 310_000);
    late(&mut meter, era, 420_000);
    assert!(meter.places() < cut, "{}", meter.places());
}

#[test]
fn after_a_rest_there_are_few_places_and_soon_more() {
    let mut meter = Meter::new(BOUNDS);
    meter.rests(0);
    assert_eq!(meter.places(), 16);
    let (mut before, era) = (0, meter.era());
    for window in 1..=8 {
        assert!(meter.places() > before);
        before = meter.places();
        for _ in 0..10 {
            meter.arrived(10, window * 50_000);
            meter.answered(era, Some(0), window * 50_000);
        }
    }
    assert!((30..=60).contains(&meter.places()), "{}", meter.places());
}

#[test]
fn what_is_usual_is_the_fastest_answer_and_fades() {
    for (took, usual, unchanged_s, expected) in [
        (900, None, 0, (0, 900)),
        (700, Some(900), 0, (0, 700)),
        (1000, Some(700), 0, (300, 700)),
        (1000, Some(700), 10, (230, 770)),
        (1000, Some(700), 100, (0, 1000)),
    ] {
        assert_eq!(wait(took, usual, unchanged_s), expected, "{took} {usual:?} {unchanged_s}");
    }
}
