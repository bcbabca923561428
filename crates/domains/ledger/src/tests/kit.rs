//! Ledgers on every store, and short ways to say commands.

use std::sync::Arc;

use clock::{ManualClock, Timestamp};
use contracts::ledger::{Act, Asset, Command, Ledger, Limits, OpenAccount, Outcome, Transfer, codes, kinds};
use db::testing::{Folder, Store};
use ids::{AccountId, TransferId};
use money::Side;

use crate::hash::Algorithm;
use crate::journal::memory::MemoryJournal;
use crate::journal::{Journal, Row};
use crate::model::{Answers, Batch, Book, Past};
use crate::record::seal;
use crate::{LocalLedger, OpenFailed, Settings, Stores, open, snapshot};

pub(crate) fn start() -> Timestamp {
    "2026-11-22T02:00:00Z".parse().unwrap()
}

pub(crate) fn account(number: u128) -> AccountId {
    AccountId::from_u128(number)
}

pub(crate) fn id(number: u128) -> TransferId {
    TransferId::from_u128(number)
}

pub(crate) fn command(number: u128, act: Act) -> Command {
    Command { id: id(number), act, linked: false }
}

pub(crate) fn cny() -> Asset {
    Asset::try_new("CNY").unwrap()
}

pub(crate) fn transfer(debit: u128, credit: u128, amount: u64) -> Transfer {
    Transfer {
        debit: account(debit),
        credit: account(credit),
        amount,
        hold_until: None,
        code: codes::TRANSFER,
        booked_on: None,
        value_on: None,
        counts_toward_limits: false,
    }
}

pub(crate) fn open_account(number: u128, normal: Side, floor: Option<i64>) -> Act {
    Act::OpenAccount(OpenAccount {
        account: account(number),
        asset: cny(),
        normal,
        kind: kinds::CURRENT,
        floor,
        limits: Limits::default(),
    })
}

/// CNY, cash as account 1 and customers as accounts 2..=`accounts`, each with 1,000,000 fen. Ids below 100,000.
pub(crate) fn beginning(accounts: u128) -> Vec<Command> {
    let mut commands = vec![
        command(1, Act::RegisterAsset { asset: cny(), scale: 2 }),
        command(2, open_account(1, Side::Debit, None)),
    ];
    for number in 2..=accounts {
        commands.push(command(10_000 + number, open_account(number, Side::Credit, Some(0))));
        commands.push(command(50_000 + number, Act::Transfer(transfer(1, number, 1_000_000))));
    }
    commands
}

/// Executes with nothing looked up, and answers in full.
pub(crate) fn execute(book: &mut Book, commands: &[Command], batch: &mut Batch) -> Vec<Outcome> {
    execute_with(book, commands, &Past::default(), batch)
}

pub(crate) fn execute_with(
    book: &mut Book,
    commands: &[Command],
    past: &Past,
    batch: &mut Batch,
) -> Vec<Outcome> {
    let mut answers = Answers::Full(vec![]);
    book.execute(commands, past, batch, &mut answers);
    match answers {
        Answers::Full(outcomes) => outcomes,
        Answers::Brief(_) => unreachable!("asked in full"),
    }
}

pub(crate) async fn do_all(ledger: &LocalLedger, commands: Vec<Command>) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for chunk in commands.chunks(8_000) {
        outcomes.extend(ledger.submit(chunk.to_vec()).await.unwrap());
    }
    outcomes
}

/// A journal of one record for each of these lists of commands, each executed by itself.
pub(crate) fn rows_of(records: impl IntoIterator<Item = Vec<Command>>) -> Vec<Row> {
    let (mut book, mut previous) = (Book::default(), [0; 32]);
    let seal_one = |(sequence, commands): (u64, Vec<Command>)| {
        let mut batch = book.begin(sequence, 0);
        for command in &commands {
            execute(&mut book, std::slice::from_ref(command), &mut batch);
        }
        let record = seal(Algorithm::Sm3, 1, previous, &batch);
        book.launch(batch);
        book.land();
        previous = record.hash;
        Row { sequence, epoch: 1, hash: record.hash.to_vec(), record: record.bytes }
    };
    (1..).zip(records).map(seal_one).collect()
}

/// A journal of `records` records: the first opens 21 accounts in 42 entries, each other has three transfers. From
/// record `fork.0` on, its transfers are others, told apart by `fork.1`.
pub(crate) fn book_rows(records: u64, fork: Option<(u64, u64)>) -> Vec<Row> {
    rows_of((1..=records).map(|sequence| {
        if sequence == 1 {
            return beginning(21);
        }
        let other = fork.filter(|(from, _)| sequence >= *from).map_or(0, |(_, variant)| variant);
        let base = 1_000_000 + u128::from(sequence) * 10 + u128::from(other) * 1_000_000;
        let each = |n: u128| command(base + n, Act::Transfer(transfer(2 + n, 3 + n, 5 + other)));
        (0..3).map(each).collect()
    }))
}

/// Where a test's ledger lives; it can be opened again and again.
pub(crate) struct Home {
    pub(crate) name: &'static str,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) folder: Folder,
    memory: Option<MemoryJournal>,
    store: Option<Store>,
}

impl Home {
    pub(crate) fn memory(journal: &MemoryJournal) -> Self {
        Self::new("memory", Some(journal.clone()), None)
    }

    pub(crate) fn sqlite() -> Self {
        Self::new("sqlite", None, None)
    }

    fn new(name: &'static str, memory: Option<MemoryJournal>, store: Option<Store>) -> Self {
        let clock = Arc::new(ManualClock::new(start()));
        Self { name, clock, folder: Folder::try_new().unwrap(), memory, store }
    }

    /// One on every store that is there.
    pub(crate) async fn everywhere() -> Vec<Self> {
        let mut homes = vec![Self::memory(&MemoryJournal::default()), Self::sqlite()];
        if let Ok(admin) = std::env::var(db::testing::POSTGRES) {
            let store = db::testing::postgres(&admin).await.unwrap();
            homes.push(Self::new("postgres", None, Some(store)));
        }
        homes
    }

    pub(crate) async fn stores(&self) -> Result<Stores, OpenFailed> {
        match (&self.memory, &self.store) {
            (Some(journal), _) => {
                let file = self.folder.path().join(crate::DERIVED_FILE);
                let derived = db::Db::open_sqlite_disposable(&file).await?;
                snapshot::MIGRATIONS.apply(&derived).await?;
                let journal: Arc<dyn Journal> = Arc::new(journal.clone());
                Ok(Stores { journal, derived, owns_derived: true })
            }
            (None, Some(store)) => Stores::postgres(&store.db).await,
            (None, None) => Stores::sqlite(self.folder.path()).await,
        }
    }

    pub(crate) async fn try_open(&self) -> Result<Arc<LocalLedger>, OpenFailed> {
        self.try_open_with(&Settings::default()).await
    }

    pub(crate) async fn try_open_with(&self, settings: &Settings) -> Result<Arc<LocalLedger>, OpenFailed> {
        open(self.stores().await?, self.clock.clone(), settings).await
    }

    pub(crate) async fn open(&self) -> Arc<LocalLedger> {
        self.try_open().await.unwrap()
    }
}
