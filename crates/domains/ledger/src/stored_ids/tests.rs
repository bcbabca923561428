//! Ids of every age: against a list of all of them, over restarts, lost records, damage and equal hashes.

use std::collections::BTreeMap;
use std::sync::Arc;

use contracts::ledger::{Act, Command, Ledger, Outcome, Refusal, Transfer};
use db::Db;
use ids::TransferId;
use proptest::prelude::*;
use sea_orm::ConnectionTrait;

use super::*;
use crate::hash::Algorithm;
use crate::journal::memory::{Fault as Lost, MemoryJournal};
use crate::journal::{Position, Row};
use crate::model::{Batch, IdGeneration};
use crate::record::seal;
use crate::tests::kit::{Home, beginning, do_all, transfer};
use crate::{DERIVED_FILE, LocalLedger, Settings, snapshot, verify};

/// Generations of 40 ids, so that a few batches fill several.
fn tiny() -> Settings {
    Settings { ids_recent: 40, ids_filter_mb: 1, ..Settings::default() }
}

/// Ids of every kind: minted in order, long ago or by a clock that is wrong, and at random.
fn id(n: u128) -> TransferId {
    let entropy = (n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
    let entropy: [u8; 10] = [&entropy[..], &[1, 2]].concat().try_into().unwrap();
    match n % 7 {
        0 => TransferId::from_u128(n.wrapping_mul(0xDEAD_BEEF_0000_4000_0000_1234_5678_9ABD) << 8 | 1),
        1 => TransferId::seeded(1_000 + (n as u64 * 7_919) % 50_000, entropy),
        _ => TransferId::seeded(1_700_000_000_000 + n as u64, entropy),
    }
}

fn pay(n: u128) -> Command {
    let transfer = transfer(2 + n % 4, 2 + (n + 1) % 4, 1 + (n % 9) as u64);
    Command { id: id(n), act: Act::Transfer(transfer), linked: false }
}

fn altered(n: u128) -> Command {
    let transfer = Transfer { amount: 777, ..transfer(2, 3, 1) };
    Command { id: id(n), act: Act::Transfer(transfer), linked: false }
}

async fn begun(home: &Home) -> Arc<LocalLedger> {
    let ledger = home.try_open_with(&tiny()).await.unwrap();
    do_all(&ledger, beginning(5)).await;
    ledger
}

/// What is known of each payment that was answered: when it was posted.
type Known = BTreeMap<u128, i64>;

async fn post_new(ledger: &LocalLedger, known: &mut Known, count: u128) {
    let from = known.last_key_value().map_or(1, |(last, _)| last + 1);
    let outcomes = do_all(ledger, (from..from + count).map(pay).collect()).await;
    for (n, outcome) in (from..).zip(outcomes) {
        let applied = outcome.unwrap();
        assert!(!applied.repeated, "{n} is new");
        known.insert(n, i64::try_from(applied.at.as_nanosecond()).unwrap());
    }
}

fn is_repeated(outcome: &Outcome, known: &Known, n: u128) {
    let applied = outcome.as_ref().unwrap_or_else(|refusal| panic!("{n}: {refusal:?}"));
    assert!(applied.repeated, "{n} was posted before");
    assert_eq!(applied.at.as_nanosecond(), i128::from(known[&n]), "{n}");
}

async fn post_again(ledger: &LocalLedger, known: &Known, which: impl Iterator<Item = u128>) {
    let which: Vec<u128> = which.collect();
    let outcomes = do_all(ledger, which.iter().map(|n| pay(*n)).collect()).await;
    which.iter().zip(&outcomes).for_each(|(n, outcome)| is_repeated(outcome, known, *n));
    let outcomes = do_all(ledger, which.iter().map(|n| altered(*n)).collect()).await;
    assert!(outcomes.iter().all(|outcome| *outcome == Err(Refusal::IdReused)));
}

/// Posts on until so many ids have left memory.
async fn until_stored(ledger: &LocalLedger, known: &mut Known, ids: u64) {
    while ledger.stored_ids().len() < ids {
        post_new(ledger, known, 3).await;
    }
}

async fn execute(db: &Db, statement: String) {
    db.write(move |tx| {
        let statement = statement.clone();
        Box::pin(async move { tx.execute_unprepared(&statement).await.map(|_| ()) })
    })
    .await
    .unwrap();
}

async fn sound(ledger: &LocalLedger, name: &str) {
    assert_eq!(ledger.verify().await.unwrap().fault, None, "{name}");
}

#[tokio::test]
async fn a_retry_of_any_age_is_answered_exactly_on_every_store() {
    for home in Home::everywhere().await {
        let (mut ledger, mut known) = (begun(&home).await, Known::new());
        for round in 0..4_u64 {
            post_new(&ledger, &mut known, 90).await;
            until_stored(&ledger, &mut known, (round + 1) * 60).await;
            post_again(&ledger, &known, known.keys().copied()).await;
            for n in known.keys().step_by(13) {
                is_repeated(&ledger.outcome(id(*n)).await.unwrap().unwrap(), &known, *n);
            }
            assert_eq!(ledger.outcome(id(1_000_007)).await.unwrap(), None);
            sound(&ledger, home.name).await;
            ledger.stop().await;
            ledger = home.try_open_with(&tiny()).await.unwrap();
            assert!(ledger.stored_ids().len() >= (round + 1) * 60, "{}", home.name);
            post_again(&ledger, &known, known.keys().copied()).await;
        }
        ledger.stop().await;
    }
}

#[tokio::test]
async fn damage_is_named_and_made_anew_from_the_journal() {
    let middle = "(SELECT generation FROM ledger_id_generation ORDER BY from_location LIMIT 1 OFFSET 1)";
    let of_middle = |rows: &str| format!("{rows} WHERE number / 4294967296 = {middle}");
    let edits = [
        (of_middle("UPDATE ledger_id_block SET bytes = digest"), "is missing or has other bytes"),
        (of_middle("DELETE FROM ledger_id_block"), "is missing or has other bytes"),
        (of_middle("UPDATE ledger_id_filter SET bytes = digest"), "its filter is missing or has other bytes"),
        (of_middle("DELETE FROM ledger_id_filter"), "its filter is missing or has other bytes"),
        (format!("DELETE FROM ledger_id_generation WHERE generation = {middle}"), "are not stored"),
        ("UPDATE ledger_id_generation SET outline = digest".to_owned(), "its row is damaged"),
        (
            "UPDATE ledger_id_generation SET until_location = until_location + 1".to_owned(),
            "its row is damaged",
        ),
        ("UPDATE ledger_id_generation SET head_hash = digest".to_owned(), "its row is damaged"),
    ];
    for home in Home::everywhere().await {
        let (ledger, mut known) = (begun(&home).await, Known::new());
        until_stored(&ledger, &mut known, 300).await;
        ledger.stop().await;
        for (edit, expected) in &edits {
            let stores = home.stores().await.unwrap();
            execute(&stores.derived, edit.clone()).await;
            let found = verify::verify(&*stores.journal, Some(&stores.derived)).await.unwrap().fault;
            let found = found.unwrap_or_default();
            assert!(found.starts_with("ids: ") && found.contains(expected), "{}: {edit}: {found}", home.name);
            stores.close().await;

            let ledger = home.try_open_with(&tiny()).await.unwrap();
            post_again(&ledger, &known, known.keys().copied()).await;
            assert!(ledger.stored_ids().len() >= 300, "{}: {edit}", home.name);
            sound(&ledger, edit).await;
            ledger.stop().await;
        }
    }
}

/// Where ids are to be made anew of records that are gone, the start ends and names the first of them, whichever it is.
#[tokio::test]
async fn a_record_that_is_gone_is_named_and_not_waited_for() {
    let middle = "DELETE FROM ledger_id_generation WHERE generation =
        (SELECT generation FROM ledger_id_generation ORDER BY from_location LIMIT 1 OFFSET 1)";
    let (mut gone, mut records, mut named) = (1, 2, 0);
    while gone < records {
        let journal = MemoryJournal::default();
        let home = Home::memory(&journal);
        let (ledger, mut known) = (begun(&home).await, Known::new());
        until_stored(&ledger, &mut known, 120).await;
        ledger.stop().await;
        let stores = home.stores().await.unwrap();
        execute(&stores.derived, middle.to_owned()).await;
        stores.close().await;
        let rows = journal.rows();
        records = rows.len() as u64;
        journal.replace(rows.into_iter().filter(|row| row.sequence != gone).collect());
        match home.try_open_with(&tiny()).await {
            Err(refused) => {
                let told = format!("{refused:?}");
                assert!(told.contains(&format!("sequence: {gone}")), "record {gone}: {told}");
                named += 1;
            }
            Ok(ledger) => ledger.stop().await,
        }
        gone += 1;
    }
    assert!(named > 1, "{named} of {records}");
}

#[derive(Debug, Clone)]
enum Step {
    /// So many new payments in one batch.
    New(u8),
    /// Payments from somewhere in the past, and altered ones.
    Again(u16, u8),
    /// A batch that does not become durable.
    Lost(u8),
    /// An orderly stop and a start.
    Restart,
    /// The process is gone without a last snapshot, and another one starts.
    Crash,
    /// All that can be made anew is lost.
    LoseDerived,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (1_u8..150).prop_map(Step::New),
        4 => (any::<u16>(), 1_u8..120).prop_map(|(from, count)| Step::Again(from, count)),
        3 => (1_u8..120).prop_map(Step::Lost),
        2 => Just(Step::Restart),
        1 => Just(Step::Crash),
        1 => Just(Step::LoseDerived),
    ]
}

async fn run(steps: Vec<Step>) {
    let journal = MemoryJournal::default();
    let home = Home::memory(&journal);
    let (mut ledger, mut known) = (begun(&home).await, Known::new());
    post_new(&ledger, &mut known, 200).await;
    for step in steps {
        match step {
            Step::New(count) => post_new(&ledger, &mut known, count.into()).await,
            Step::Again(from, count) => {
                let from = usize::from(from) % known.len();
                post_again(&ledger, &known, known.keys().copied().skip(from).take(count.into())).await;
            }
            Step::Lost(count) => {
                // Twice: the writer tries the same record once more.
                journal.inject([Lost::Lost, Lost::Lost]);
                let from = known.last_key_value().unwrap().0 + 1;
                let lost = (from..from + u128::from(count)).map(pay).collect();
                ledger.submit(lost).await.unwrap_err();
                journal.heal();
            }
            Step::Restart => {
                ledger.stop().await;
                ledger = home.try_open_with(&tiny()).await.unwrap();
            }
            Step::Crash => {
                // The old one learns of the new one only when it writes, which it never does again.
                let new = home.try_open_with(&tiny()).await.unwrap();
                drop(std::mem::replace(&mut ledger, new));
            }
            Step::LoseDerived => {
                ledger.stop().await;
                for ending in ["", "-wal", "-shm"] {
                    let _ = std::fs::remove_file(home.folder.path().join(format!("{DERIVED_FILE}{ending}")));
                }
                ledger = home.try_open_with(&tiny()).await.unwrap();
            }
        }
    }
    post_again(&ledger, &known, known.keys().copied()).await;
    sound(&ledger, "memory").await;
    ledger.stop().await;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn nothing_that_happens_makes_an_id_forgotten(steps in proptest::collection::vec(step(), 1..14)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(run(steps));
    }
}

/// Nothing is stored of a journal of 50,000 records without entries.
async fn empty_store(filter_bytes: usize) -> (db::testing::Folder, StoredIds) {
    let folder = db::testing::Folder::try_new().unwrap();
    let db = Db::open_sqlite_disposable(&folder.path().join(DERIVED_FILE)).await.unwrap();
    snapshot::MIGRATIONS.apply(&db).await.unwrap();
    let mut position = Position::default();
    let record = |sequence: u64| {
        let batch = Batch::of(sequence, i64::try_from(sequence).unwrap(), 0, &[]);
        let sealed = seal(Algorithm::Sha256, 1, position.hash, &batch);
        position = Position::of(&sealed);
        let hash = sealed.hash.to_vec();
        Row { sequence, epoch: 1, hash, record: sealed.bytes }
    };
    let journal = Arc::new(MemoryJournal::of((1..=50_000).map(record).collect()));
    (folder, StoredIds::open(db, journal, 10_000, filter_bytes, Dice::of(7)).await.unwrap())
}

fn generation(keys: impl Iterator<Item = (IdKey, Location)>) -> IdGeneration {
    let mut generation = IdGeneration::with_room(10_000);
    keys.for_each(|(key, location)| generation.insert(key, location));
    generation
}

#[tokio::test]
async fn all_ids_of_one_hash_are_told() {
    let (_folder, ids) = empty_store(1 << 20).await;
    let key = |n: u64| IdKey { hash: u64::MAX - n / 500, minted_ms: Some(7) };
    let location = |n: u64| Location::new(1 + n * 1_000_000, 5);
    let all = generation((0..1_000).map(|n| (key(n), location(n))));
    ids.store(&all, BEGINNING, Location::new(2, 0), None).await.unwrap();
    let found = ids.find(&[key(700), key(3), IdKey { hash: 5, minted_ms: Some(7) }]).await.unwrap();
    // Blocks keep 48 bits: both hashes lead to all.
    for hash in [key(700).hash, key(3).hash] {
        let mut of_hash: Vec<_> =
            found.iter().filter(|(found, _)| *found == hash).map(|(_, at)| *at).collect();
        of_hash.sort_unstable();
        assert_eq!(of_hash, (0..1_000).map(location).collect::<Vec<_>>());
    }
    assert_eq!(found.len(), 2_000);
    assert_eq!(ids.find(&[IdKey { minted_ms: Some(8), ..key(3) }]).await.unwrap(), []);
}

#[tokio::test]
async fn filters_hide_nothing_and_stay_within_their_bound() {
    // Room for two filters of 15 KB and a half.
    let room = 40_000;
    let (_folder, ids) = empty_store(room).await;
    let key = |n: u64| IdKey { hash: n.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ n << 40, minted_ms: None };
    let mut covered = BEGINNING;
    for generation_number in 0..5_u64 {
        let from = generation_number * 10_000;
        let all = generation((from..from + 10_000).map(|n| (key(n), Location::new(1 + n, 0))));
        let until = Location::new(1 + from + 10_000, 0);
        ids.store(&all, covered, until, None).await.unwrap();
        covered = until;
    }
    for _ in 0..2 {
        let keys: Vec<IdKey> = (0..50_000).step_by(3).chain(900_000..910_000).map(key).collect();
        let found = ids.find(&keys).await.unwrap();
        assert_eq!(found.len(), 50_000_usize.div_ceil(3));
        assert!(found.iter().all(|(hash, at)| key(at.sequence() - 1).hash == *hash));
        let used = ids.filters.lock().unwrap().used();
        assert!(used > 0 && used <= room, "{used}");
    }
    let outlines = ids.generations();
    let filter = ids.load_filter(&outlines.all[0]).await.unwrap();
    let passing = (100_000..200_000).filter(|n| outlines.all[0].may_hold(&filter, key(*n))).count();
    assert!(passing < 1_500, "{passing} of 100,000 foreign ids pass");
}

#[tokio::test]
async fn a_filter_is_loaded_once_ids_asked_one_by_one_have_become_many() {
    let (_folder, ids) = empty_store(1 << 20).await;
    let key = |n: u64| IdKey { hash: n.wrapping_mul(0x9E37_79B9_7F4A_7C15), minted_ms: None };
    let all = generation((0..1_000).map(|n| (key(n), Location::new(1 + n, 0))));
    ids.store(&all, BEGINNING, Location::new(1_001, 0), None).await.unwrap();
    for n in 0..100 {
        assert_eq!(ids.filters.lock().unwrap().used() > 0, n >= 64, "{n}");
        assert_eq!(ids.find(&[key(n)]).await.unwrap(), [(key(n).hash, Location::new(1 + n, 0))]);
        assert_eq!(ids.asked([key(n + 5_000)].into_iter()).len(), 1);
    }
}
