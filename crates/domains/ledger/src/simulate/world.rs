//! One simulated world: clients, instances, store and clock under one scheduler, which draws who has the next
//! turn and what goes wrong.

mod calm;

use std::sync::Arc;

use clock::{Clock, ManualClock, Timestamp};
use contracts::Unavailable;
use contracts::ledger::{DayKind, DayQuery, HistoryQuery};
use db::Db;

use super::audit::{Auditor, Violation};
use super::client::{Answer, Asked, Call, Client};
use super::instance::{Instance, PARTS, Place};
use super::load::{Load, MILLISECOND};
use super::random::Random;
use super::store::{Rates, Store};
use super::{Totals, derived, finale};
use crate::Settings;
use crate::hash::Algorithm;
use crate::history::Shape;
use crate::model::nanoseconds;
use crate::open::OpenFailed;
use crate::replay::ReplayFailed;
use crate::stored_ids::IdsFailed;
use crate::writer::Pace;

/// When a simulation begins: 2026-11-22T02:00Z, nanoseconds since 1970.
const BEGINNING: i64 = 1_795_312_800_000_000_000;
/// The day then, since 1970.
const DAY: i32 = 20_779;
/// Turns after which a world in which things go wrong is brought to its end.
const TURNS_MAX: u64 = 40_000;
/// Turns within which a book that could not be opened is opened again.
const REOPENS_WITHIN: u64 = 200;

/// How often things happen to the instances: one turn in so many; 0 for never.
#[derive(Debug, Clone, Copy)]
struct Events {
    crash: u64,
    second: u64,
    stop: u64,
    jump: u64,
    slow: u64,
    derived: u64,
    damage: u64,
}

pub(super) struct World {
    pub(super) random: Random,
    pub(super) place: Place,
    events: Events,
    pub(super) instances: Vec<Instance>,
    clients: Vec<Client>,
    pub(super) load: Load,
    pub(super) auditor: Auditor,
    /// Until which turn each part of the newest instance rests.
    slow: [u64; PARTS.len()],
    turns: u64,
    /// Not opened again before this turn.
    reopens: u64,
    damaged: bool,
    /// Up to this one, snapshots may be damaged.
    pub(super) snapshots_damaged: u64,
    pub(super) totals: Totals,
}

impl World {
    /// A world made of its seed. `db` is the store of derived data; nothing of before is left in it.
    pub(super) fn new(seed: u64, db: &Db, runtime: &tokio::runtime::Handle) -> Result<Self, Violation> {
        let mut random = Random::new(seed);
        // Each world has its own mixture: what never goes wrong lets other things come far.
        let mut rate = |often: u64| if random.one_in(3) { 0 } else { often + random.below(often * 4) };
        let rates =
            Rates { lost: rate(8), ambiguous: rate(8), late: rate(10), unread: rate(30), away: rate(60) };
        let events = Events {
            crash: rate(400),
            second: rate(1_200),
            stop: rate(900),
            jump: rate(300),
            slow: rate(60),
            derived: rate(300),
            damage: rate(200),
        };
        // Of a database that is a file one process has all, and what it has asked for does not arrive later.
        let several = events.second > 0 || random.one_in(2);
        let rates = if several { rates } else { Rates { late: 0, ..rates } };
        let algorithm = if random.one_in(2) { Algorithm::Sm3 } else { Algorithm::Sha256 };
        let settings = Settings {
            hash: algorithm,
            snapshot_every_commands: 10 + random.below(150),
            accounts_expected: 0,
            queue_commands: 8_190,
            ids_recent: 5 + random.below(80) as u32,
            ..Settings::default()
        };
        let pace = Pace {
            batch_commands_max: if random.one_in(2) { 16_380 } else { 200 },
            pipelined_commands_min: 1 + random.place(40),
            accounts_copied: 1 + random.place(6),
            history: Shape {
                postings_max: 1 + random.place(40),
                block_bytes_max: 120 + random.place(400),
                fan_out: 2 + random.place(3),
                helping_blocks: 1 + random.place(4),
            },
            dice: None,
        };
        let start = Timestamp::from_nanosecond(i128::from(BEGINNING)).unwrap_or(Timestamp::UNIX_EPOCH);
        let place = Place {
            journal: Store::new(random.fork(), rates, several),
            derived: db.clone(),
            clock: Arc::new(ManualClock::new(start)),
            settings,
            pace,
            runtime: runtime.clone(),
        };
        let load = Load::new(random.fork(), DAY);
        let mut clients: Vec<Client> = (0..2 + random.below(5)).map(|_| Client::default()).collect();
        let calls = 20 + random.below(180);
        clients.iter_mut().for_each(|client| client.left = calls / 3);
        runtime.block_on(derived::begin(db)).map_err(|error| Violation(error.to_string()))?;
        Ok(Self {
            random,
            place,
            events,
            instances: Vec::new(),
            clients,
            load,
            auditor: Auditor::new()?,
            slow: [0; PARTS.len()],
            turns: 0,
            reopens: 0,
            damaged: false,
            snapshots_damaged: 0,
            totals: Totals::default(),
        })
    }

    /// Lives through it.
    pub(super) fn run(&mut self) -> Result<(), Violation> {
        let first = self.load.beginning();
        self.auditor.asks(&first);
        if let Some(client) = self.clients.first_mut() {
            client.again = Some(Call::Submit(first));
        }
        while self.turns < TURNS_MAX && self.clients.iter().any(Client::is_busy) {
            self.turns += 1;
            self.happen()?;
            self.turn()?;
        }
        self.calm()?;
        finale::run(self)
    }

    /// Somebody has a turn.
    fn turn(&mut self) -> Result<(), Violation> {
        let by = self.random.below(2_000_000);
        self.pass(by);
        let clients = self.clients.len();
        let choice = self.random.place(clients + 8);
        if choice < clients {
            return self.turn_of_client(choice);
        }
        if !self.instances.iter().any(Instance::serves) {
            return if self.turns < self.reopens { Ok(()) } else { self.open(false) };
        }
        let which = self.random.place(self.instances.len());
        let part = self.random.place(PARTS.len());
        self.turn_of(which, part, false)?;
        self.forget_ended();
        Ok(())
    }

    /// Time goes on, some nanoseconds.
    fn pass(&self, nanoseconds: u64) {
        self.place.clock.advance(std::time::Duration::from_nanos(nanoseconds));
    }

    fn turn_of(&mut self, which: usize, part: usize, calm: bool) -> Result<bool, Violation> {
        let rests = self.slow.get(part).is_some_and(|until| self.turns < *until);
        let Some((instance, part)) = self.instances.get_mut(which).zip(PARTS.get(part)) else {
            return Ok(false);
        };
        if rests && !calm { Ok(false) } else { instance.turn(*part) }
    }

    fn forget_ended(&mut self) {
        // A writer that has been superseded is a process that somebody stops sooner or later.
        let gone = |instance: &Instance| instance.has_ended();
        for instance in self.instances.iter().filter(|instance| !instance.serves()) {
            instance.ledger.begin_stop();
        }
        self.instances.retain(|instance| !gone(instance));
    }

    /// Something may happen.
    fn happen(&mut self) -> Result<(), Violation> {
        let Events { crash, second, stop, jump, slow, derived, damage } = self.events;
        let odds = [crash, second, stop, jump, slow, derived, damage];
        let happens = odds.map(|one_in| one_in > 0 && self.random.one_in(one_in));
        if happens.contains(&true) {
            self.totals.faults += happens.iter().filter(|happens| **happens).count() as u64;
        }
        let [crash, second, stop, jump, slow, derived, damage] = happens;
        if crash {
            self.crash()?;
        }
        if second && self.instances.len() < 2 {
            self.open(false)?;
        }
        if stop && let Some(newest) = self.instances.last() {
            newest.ledger.begin_stop();
        }
        if jump {
            self.jump();
        }
        if slow {
            let until = self.turns + 5 + self.random.below(300);
            let part = self.random.place(PARTS.len());
            self.slow.get_mut(part).into_iter().for_each(|slow| *slow = until);
        }
        if derived {
            let db = self.place.derived.clone();
            let done = if self.random.one_in(2) {
                self.place.runtime.block_on(derived::fail(&db, &mut self.random))
            } else {
                self.place.runtime.block_on(derived::heal(&db))
            };
            done.map_err(|error| Violation(error.to_string()))?;
        }
        if damage {
            self.damaged = self.place.journal.damage();
        }
        Ok(())
    }

    fn jump(&mut self) {
        let now = nanoseconds(self.place.clock.now());
        let most = [5, 500, 100_000, 90_000_000];
        let most = most.get(self.random.place(most.len())).copied().unwrap_or(5);
        let by = i64::try_from(self.random.below(most)).unwrap_or(0) * MILLISECOND;
        let to = if self.random.one_in(3) { now.saturating_sub(by) } else { now.saturating_add(by) };
        if let Ok(to) = Timestamp::from_nanosecond(i128::from(to)) {
            self.place.clock.set(to);
        }
    }

    /// All processes end at once; what is not durable is gone.
    pub(super) fn crash(&mut self) -> Result<(), Violation> {
        for client in &mut self.clients {
            client.lose();
        }
        self.instances.clear();
        let db = self.place.derived.clone();
        let crashed = self.place.runtime.block_on(derived::crash(&db, &mut self.random));
        let damaged = crashed.map_err(|error| Violation(error.to_string()))?;
        self.snapshots_damaged = self.snapshots_damaged.max(damaged);
        Ok(())
    }

    /// Another instance opens the book. `calm`: nothing goes wrong, so it must succeed.
    pub(super) fn open(&mut self, calm: bool) -> Result<(), Violation> {
        let opened = Instance::open(&self.place);
        if opened.is_err() {
            // Whoever starts it again waits a while.
            self.reopens = self.turns + self.random.below(REOPENS_WITHIN);
        }
        match opened {
            Ok(instance) => self.instances.push(instance),
            Err(error) if calm => return Err(Violation(format!("the book cannot be opened: {error}"))),
            Err(
                OpenFailed::Replay(ReplayFailed::Fault(_) | ReplayFailed::Ids(IdsFailed::Record(_)))
                | OpenFailed::Ids(IdsFailed::Record(_))
                | OpenFailed::Behind { .. },
            ) if self.damaged => {
                // It was noticed; the row is brought back from a copy.
                self.place.journal.restore();
                self.damaged = false;
            }
            Err(OpenFailed::Append(_) | OpenFailed::Read(_) | OpenFailed::Replay(ReplayFailed::Read(_))) => {}
            // A store of derived data that takes nothing keeps the book closed.
            Err(
                OpenFailed::Derived(_)
                | OpenFailed::Replay(ReplayFailed::Ids(IdsFailed::Store(_) | IdsFailed::Journal(_)))
                | OpenFailed::Ids(IdsFailed::Store(_) | IdsFailed::Journal(_)),
            ) => {}
            Err(error) => return Err(Violation(format!("the book cannot be opened: {error:?}"))),
        }
        self.follow()
    }

    pub(super) fn follow(&mut self) -> Result<(), Violation> {
        let rows = self.place.journal.written(self.auditor.rows());
        self.auditor.follow(&rows)
    }

    fn turn_of_client(&mut self, which: usize) -> Result<(), Violation> {
        let Some(client) = self.clients.get_mut(which) else { return Ok(()) };
        if let Some(asked) = &mut client.asked {
            let Some(answer) = asked.look() else { return Ok(()) };
            let Some(asked) = client.asked.take() else { return Ok(()) };
            return self.heard(which, &asked, answer);
        }
        let call = match client.again.take() {
            Some(again) => again,
            None if client.left > 0 => {
                client.left -= 1;
                self.next_call()
            }
            None => return Ok(()),
        };
        let serving = self.instances.len();
        let newest = serving.saturating_sub(1);
        let place = if self.random.one_in(4) { self.random.place(serving) } else { newest };
        let instance = self.instances.get(place);
        let Some(client) = self.clients.get_mut(which) else { return Ok(()) };
        match instance {
            None => client.again = Some(call),
            Some(instance) => {
                client.asked = Some(Asked::new(call, instance, self.auditor.acknowledged()));
                // It is sent with the first look.
                return self.turn_of_client(which);
            }
        }
        Ok(())
    }

    fn next_call(&mut self) -> Call {
        let now = nanoseconds(self.place.clock.now());
        let accounts: Vec<_> = Load::accounts().collect();
        let some = self.random.place(accounts.len());
        let account = accounts.get(some).copied();
        match (self.random.below(20), account) {
            (0 | 1, _) => Call::Balances(accounts),
            (2, Some(account)) => {
                let limit = 1 + self.random.below(12) as u32;
                let before = self.random.one_in(3).then(|| 1 + self.random.below(60));
                // Nothing more is drawn for it, so that old seeds play as they did.
                if limit.is_multiple_of(4) {
                    let kind = if before.is_some() { DayKind::Booking } else { DayKind::Value };
                    return Call::Days(DayQuery { account, kind, from: None, until: None });
                }
                Call::History(HistoryQuery { before, ..HistoryQuery::newest(account, limit) })
            }
            (3, _) => Call::Outcome(self.load.some_id()),
            (4, Some(account)) => Call::Movement(account, self.load.some_id()),
            (number, _) => {
                let commands = self.load.submission(now);
                self.auditor.asks(&commands);
                if number == 5 { Call::Post(commands) } else { Call::Submit(commands) }
            }
        }
    }

    fn heard(
        &mut self,
        which: usize,
        asked: &Asked,
        answer: Result<Answer, Unavailable>,
    ) -> Result<(), Violation> {
        let Some(client) = self.clients.get_mut(which) else { return Ok(()) };
        match answer {
            Ok(answer) => {
                self.totals.operations += asked.call.operations();
                self.follow()?;
                self.auditor.answered(&asked.call, &answer, asked.after)
            }
            Err(_) => {
                client.again = Some(asked.call.clone());
                Ok(())
            }
        }
    }
}
