//! The end of a simulation, in which nothing goes wrong: everything is read and asked again, verified, and then
//! damaged on purpose.

use contracts::ledger::{DayKind, DayQuery, HistoryQuery};

use super::audit::Violation;
use super::client::{Answer, Call};
use super::derived;
use super::load::Load;
use super::world::World;
use crate::journal::Row;
use crate::journal::memory::MemoryJournal;
use crate::open::find;
use crate::replay::Ids;
use crate::verify::verify;

/// Movements of one page.
const PAGE: u32 = 50;
/// Bytes that are changed, one at a time.
const FLIPS: usize = 3;

pub(super) fn run(world: &mut World) -> Result<(), Violation> {
    world.ask(Call::Balances(Load::accounts().collect()))?;
    for account in Load::accounts() {
        for kind in [DayKind::Booking, DayKind::Value] {
            world.ask(Call::Days(DayQuery { account, kind, from: None, until: None }))?;
        }
        let mut before = None;
        loop {
            let query = HistoryQuery { before, ..HistoryQuery::newest(account, PAGE) };
            let Answer::History(page) = world.ask(Call::History(query))? else { break };
            before = page.last().map(|oldest| oldest.number);
            if page.len() < PAGE as usize {
                break;
            }
        }
    }
    for chain in world.auditor.everything_asked() {
        let id = chain.first().map(|command| command.id);
        world.ask(Call::Submit(chain))?;
        if let Some(id) = id {
            world.ask(Call::Outcome(id))?;
        }
    }
    for instance in &world.instances {
        instance.ledger.begin_stop();
    }
    world.settle()?;
    world.follow()?;
    world.auditor.conserves()?;
    let (journal, db) = (world.place.journal.clone(), world.place.derived.clone());
    let forgotten = world.place.runtime.block_on(derived::forget(&db, world.snapshots_damaged));
    forgotten.map_err(|error| Violation(error.to_string()))?;
    let found = world.place.runtime.block_on(verify(&journal, Some(&db)));
    match found {
        Ok(found) if found.fault.is_none() && found.records == journal.len() => {}
        Ok(found) => {
            return Err(Violation(format!(
                "verification of {} records found {:?} in {}",
                journal.len(),
                found.fault,
                found.records
            )));
        }
        Err(error) => return Err(Violation(error.to_string())),
    }
    (0..FLIPS).try_for_each(|_| flip(world))
}

/// A byte of a copy is changed: neither a verification nor an opening may overlook it.
fn flip(world: &mut World) -> Result<(), Violation> {
    let mut rows: Vec<Row> = world.place.journal.written(0);
    let place = world.random.place(rows.len());
    let Some(row) = rows.get_mut(place) else { return Ok(()) };
    let at = world.random.place(row.record.len() + row.hash.len());
    let mask = 1 << world.random.below(8);
    let beyond = at.checked_sub(row.record.len());
    let byte = match beyond {
        None => row.record.get_mut(at),
        Some(at) => row.hash.get_mut(at),
    };
    byte.into_iter().for_each(|byte| *byte ^= mask);
    world.totals.faults += 1;
    let journal = MemoryJournal::of(rows);
    let runtime = world.place.runtime.clone();
    let found = runtime.block_on(verify(&journal, None)).map_err(|error| Violation(error.to_string()))?;
    if found.fault.is_none() {
        return Err(Violation(format!("byte {at} of record {} was changed and verified", place + 1)));
    }
    match runtime.block_on(find(&journal, None, Ids::Dropped)) {
        Ok(_) => Err(Violation(format!("byte {at} of record {} was changed and opened", place + 1))),
        Err(_) => Ok(()),
    }
}
