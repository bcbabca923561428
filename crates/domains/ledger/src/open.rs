//! Opening a book: from the newest snapshot that holds, and the rest of the journal.

use std::path::Path;
use std::sync::Arc;

use clock::Clock;
use db::Db;
use sea_orm::DbErr;
use tokio::sync::{Semaphore, oneshot, watch};

use crate::config::{MAIN, Settings};
use crate::handle::{LocalLedger, Parts};
use crate::history::{self, History, HistoryFailed};
use crate::journal::postgres::PostgresJournal;
use crate::journal::sqlite::SqliteJournal;
use crate::journal::{self, AppendFailed, Journal, Position, ReadFailed};
use crate::model::{Book, nanoseconds};
use crate::record;
use crate::replay::{Follower, Ids, ReplayFailed, remember, replay};
use crate::snapshot::{self, Snapshot};
use crate::storage;
use crate::stored_ids::{Dice, IdsFailed, Shelving, StoredIds, drive};
use crate::witness::{Refused, Witness};
use crate::writer::commit::{Committer, CommitterParts};
use crate::writer::keep::{Keeping, KeepingParts};
use crate::writer::{Done, Lines, Pace, State, Writer, start};

/// The journal's file in a data directory.
pub const JOURNAL_FILE: &str = "ledger.db";
/// The file of snapshots and history, which may be thrown away.
pub const DERIVED_FILE: &str = "ledger_derived.db";

/// Why a book could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenFailed {
    /// The database cannot be opened.
    #[error("the ledger's database could not be opened")]
    Database(#[from] db::OpenFailed),
    /// The book's name would be no good name of a schema.
    #[error("`ledger.book` is `{0}`; use lower-case letters and digits")]
    Name(String),
    /// The journal's file cannot be opened, or another process has it open.
    #[error("the journal `{0}` could not be opened")]
    Journal(String, #[source] sqlx::Error),
    /// Its tables are of a newer version or cannot be brought up to date.
    #[error("the ledger's tables could not be brought up to date")]
    Migrate(#[from] db::MigrateFailed),
    /// The journal is damaged, or of a newer version.
    #[error("{0}; `yuanhang ledger verify` tells more")]
    Replay(#[from] ReplayFailed),
    /// The journal cannot be read.
    #[error("the journal could not be read")]
    Read(#[from] ReadFailed),
    /// Snapshots or history cannot be read.
    #[error("the ledger's derived data could not be read")]
    Derived(#[from] DbErr),
    /// The history cannot be read.
    #[error("the ledger's history could not be read")]
    History(#[from] HistoryFailed),
    /// The ids that are no longer in memory cannot be found.
    #[error("the stored ids could not be opened")]
    Ids(#[from] IdsFailed),
    /// Records are missing at the end of the journal.
    #[error(
        "the journal ends with record {head}, but {what} was made of record {sequence}: records are missing. If an older journal was restored on purpose, remove the derived data ({DERIVED_FILE})"
    )]
    Behind {
        /// Where the journal ends.
        head: u64,
        /// What was made of a later record.
        what: &'static str,
        /// Of which.
        sequence: u64,
    },
    /// The journal is behind or beside its witness, or the witness is not right.
    #[error(transparent)]
    Witness(#[from] Refused),
    /// No thread could be started.
    #[error("the writer's threads could not be started")]
    Thread(#[source] std::io::Error),
    /// The journal does not accept the record that says the book was opened.
    #[error("the journal does not accept records")]
    Append(#[from] AppendFailed),
}

/// Where a book is kept.
#[derive(Clone)]
pub struct Stores {
    /// The journal: the truth.
    pub journal: Arc<dyn Journal>,
    /// Snapshots and history: follow from the journal.
    pub derived: Db,
    /// Whether `derived` is the ledger's own and is closed with it.
    pub owns_derived: bool,
}

impl Stores {
    /// The files of a data directory, made where they are missing, with their tables up to date.
    ///
    /// # Errors
    /// [`OpenFailed`].
    pub async fn sqlite(directory: &Path) -> Result<Self, OpenFailed> {
        let file = directory.join(JOURNAL_FILE);
        let unopened = |error| OpenFailed::Journal(file.display().to_string(), error);
        // Whether another process has it open is asked first: the journal's own connection asks for all of it.
        SqliteJournal::open(&file).await.map_err(unopened)?.close().await;
        let tables = Db::open_sqlite(&file).await?;
        let migrated = journal::MIGRATIONS.apply(&tables).await;
        tables.close().await;
        migrated?;
        let derived = Db::open_sqlite_disposable(&directory.join(DERIVED_FILE)).await?;
        snapshot::MIGRATIONS.apply(&derived).await?;
        let journal = SqliteJournal::open(&file).await.map_err(unopened)?;
        Ok(Self { journal: Arc::new(journal), derived, owns_derived: true })
    }

    /// The bank's database, with the ledger's tables brought up to date; `db` is a PostgreSQL.
    ///
    /// # Errors
    /// [`OpenFailed`].
    pub async fn postgres(db: &Db) -> Result<Self, OpenFailed> {
        journal::MIGRATIONS.apply(db).await?;
        snapshot::MIGRATIONS.apply(db).await?;
        storage::keep_plain(db).await;
        let pool = db.postgres_pool().cloned().ok_or(ReadFailed::Away)?;
        Ok(Self { journal: Arc::new(PostgresJournal::new(pool)), derived: db.clone(), owns_derived: false })
    }

    /// Lets go of what the ledger owns.
    pub async fn close(&self) {
        self.journal.close().await;
        if self.owns_derived {
            self.derived.close().await;
        }
    }
}

/// The database in which the book `book` keeps its tables: `db`, which is at `address`, or a schema there for one that is
/// not the main one.
///
/// # Errors
/// [`OpenFailed::Database`], [`OpenFailed::Name`].
pub async fn book_db(db: &Db, address: &str, book: &str) -> Result<Db, OpenFailed> {
    if book == MAIN {
        return Ok(db.clone());
    }
    if book.is_empty() || !book.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        return Err(OpenFailed::Name(book.to_owned()));
    }
    Ok(Db::open_postgres_schema(address, &format!("book_{book}")).await?)
}

/// A book as it was found.
pub(crate) struct Found {
    pub(crate) book: Book,
    pub(crate) follower: Follower,
    pub(crate) snapshot_sequence: u64,
}

/// Opens a book for writing as [`open`] does, once its journal was compared with the witness; from then on its
/// statements go there.
///
/// # Errors
/// [`OpenFailed`].
pub async fn open_witnessed(
    stores: Stores,
    clock: Arc<dyn Clock>,
    settings: &Settings,
    witness: Option<Witness>,
) -> Result<Arc<LocalLedger>, OpenFailed> {
    if let Some(witness) = &witness
        && let Err(refused) = witness.check(&*stores.journal).await
    {
        stores.close().await;
        return Err(refused.into());
    }
    let ledger = open(stores, clock, settings).await?;
    if let Some(witness) = witness {
        ledger.attach(Arc::new(witness));
    }
    Ok(ledger)
}

/// Opens a book for writing: finds its state, appends the record that says so, and starts writer and history.
/// That first record has no entries; it raises the epoch, so that a writer of before is refused at once.
///
/// # Errors
/// [`OpenFailed`].
pub async fn open(
    stores: Stores,
    clock: Arc<dyn Clock>,
    settings: &Settings,
) -> Result<Arc<LocalLedger>, OpenFailed> {
    run(prepare(stores, clock, settings, Pace::default()).await?)
}

/// Starts writer, history and the storing of ids.
pub(crate) fn run(prepared: Prepared) -> Result<Arc<LocalLedger>, OpenFailed> {
    let Prepared { writer, committer, history, woken, mut parts } = prepared;
    let (done, ended) = oneshot::channel();
    let done = Done::new(done);
    shelve(Arc::clone(&parts.ids), woken, done.clone()).map_err(OpenFailed::Thread)?;
    start(writer, committer, done).map_err(OpenFailed::Thread)?;
    let followed = history::start(history, Arc::clone(&parts.stores.journal)).map_err(OpenFailed::Thread)?;
    parts.tasks = vec![
        tokio::spawn(async move {
            let _ = ended.await;
        }),
        tokio::spawn(async move {
            let _ = followed.await;
        }),
    ];
    Ok(Arc::new(LocalLedger::new(parts)))
}

/// An opened book of which nothing runs yet.
pub(crate) struct Prepared {
    pub(crate) writer: Writer,
    pub(crate) committer: Committer,
    pub(crate) history: History,
    /// Told when there are ids to be stored.
    pub(crate) woken: std::sync::mpsc::Receiver<()>,
    pub(crate) parts: Parts,
}

/// Finds the state of a book and appends the record that says that it was opened.
pub(crate) async fn prepare(
    stores: Stores,
    clock: Arc<dyn Clock>,
    settings: &Settings,
    pace: Pace,
) -> Result<Prepared, OpenFailed> {
    let ids = ids_of(&stores, settings, pace.dice);
    ids.find_stored().await.map_err(ids_unread)?;
    let found = find(&*stores.journal, Some(&stores.derived), Ids::Stored(&ids)).await?;
    prepare_found(stores, clock, settings, pace, Arc::new(ids), found).await
}

/// As [`prepare`], with the state that was found and the ids that belong to it.
pub(crate) async fn prepare_found(
    stores: Stores,
    clock: Arc<dyn Clock>,
    settings: &Settings,
    pace: Pace,
    ids: Arc<StoredIds>,
    found: Found,
) -> Result<Prepared, OpenFailed> {
    let (mut history, following, reading) = History::open_with(stores.derived.clone(), pace.history).await?;
    check_history(&*stores.journal, &mut history, found.follower.position).await?;

    let Found { mut book, follower, snapshot_sequence } = found;
    book.reserve(settings.accounts_expected as usize);
    let algorithm = follower.algorithm.unwrap_or(settings.hash);
    let before = follower.position;
    let epoch = before.epoch + 1;
    let opening = book.begin(before.sequence + 1, nanoseconds(clock.now()));
    let record = record::seal(algorithm, epoch, before.hash, &opening);
    stores.journal.append(before, &record).await?;
    book.commit(opening.at);
    let position = Position::of(&record);

    let (state, state_seen) = watch::channel(State::Serving);
    let (stop, stopping) = watch::channel(false);
    let (committed, committed_seen) = watch::channel(position);
    let (requests, asked) = std::sync::mpsc::channel();
    let (work_sender, work) = std::sync::mpsc::sync_channel(1);
    let keeping = Keeping::new(KeepingParts {
        derived: stores.derived.clone(),
        algorithm,
        every: settings.snapshot_every_commands,
        accounts_copied: pace.accounts_copied,
        since: follower.entries,
        sequence: snapshot_sequence,
        position,
    });
    let lines = Lines { requests: asked, work: work_sender };
    let journal = Arc::clone(&stores.journal);
    let (wake, woken) = std::sync::mpsc::channel();
    let shelving = Shelving { ids: Arc::clone(&ids), wake };
    let writer = Writer::new(book, journal, Arc::clone(&clock), keeping, shelving, lines, pace);
    let committer = Committer::new(CommitterParts {
        position,
        epoch,
        algorithm,
        journal: Arc::clone(&stores.journal),
        runtime: tokio::runtime::Handle::current(),
        following,
        state,
        committed,
        stopping,
        work,
        writer: requests.clone(),
    });
    history.begin(position);
    let room = Arc::new(Semaphore::new(settings.queue_commands as usize));
    let parts = Parts {
        stores,
        clock,
        algorithm,
        reading,
        ids,
        state: state_seen,
        committed: committed_seen,
        stop,
        requests,
        room,
        tasks: Vec::new(),
        at_once: None,
    };
    Ok(Prepared { writer, committer, history, woken, parts })
}

/// The stored ids of a book, of which nothing was read yet.
pub(crate) fn ids_of(stores: &Stores, settings: &Settings, dice: Option<u64>) -> StoredIds {
    let dice = Dice::of(dice.unwrap_or_else(rand::random));
    let (recent, filter_bytes) = (settings.ids_recent as usize, (settings.ids_filter_mb as usize) << 20);
    StoredIds::unread(stores.derived.clone(), Arc::clone(&stores.journal), recent, filter_bytes, dice)
}

pub(crate) fn ids_unread(error: IdsFailed) -> OpenFailed {
    match error {
        IdsFailed::Behind { head, sequence } => {
            OpenFailed::Behind { head, what: "the list of ids", sequence }
        }
        IdsFailed::Store(error) => error.into(),
        IdsFailed::Journal(error) => error.into(),
        IdsFailed::Record(fault) => ReplayFailed::from(fault).into(),
        error @ IdsFailed::Damaged { .. } => error.into(),
    }
}

/// The thread that stores ids. It ends with the writer.
fn shelve(ids: Arc<StoredIds>, woken: std::sync::mpsc::Receiver<()>, done: Done) -> std::io::Result<()> {
    let runtime = tokio::runtime::Handle::current();
    std::thread::Builder::new().name("ledger-ids".to_owned()).spawn(move || {
        drive(&ids, &runtime, &woken);
        drop(done);
    })?;
    Ok(())
}

/// Finds the state at the end of the journal.
pub(crate) async fn find(
    journal: &dyn Journal,
    derived: Option<&Db>,
    ids: Ids<'_>,
) -> Result<Found, OpenFailed> {
    let snapshots = match derived {
        Some(db) => snapshot::list(db.reader()).await?,
        None => Vec::new(),
    };
    // Afterwards: another process may be making snapshots of what it appends.
    let head = journal.head().await?;
    for (snapshot, derived) in snapshots.into_iter().zip(derived.into_iter().cycle()) {
        if snapshot.sequence > head.sequence {
            let sequence = snapshot.sequence;
            return Err(OpenFailed::Behind { head: head.sequence, what: "a snapshot", sequence });
        }
        match from_snapshot(journal, derived, &snapshot).await {
            Ok(Some((mut book, mut follower))) => {
                ids.prepare(&mut book);
                remember(journal, ids, snapshot.sequence, &mut book).await?;
                replay(journal, ids, &mut follower, &mut book).await?;
                return Ok(Found { book, follower, snapshot_sequence: snapshot.sequence });
            }
            Ok(None) => {}
            Err(error) => return Err(error),
        }
    }
    let (mut book, mut follower) = (Book::default(), Follower::default());
    ids.prepare(&mut book);
    replay(journal, ids, &mut follower, &mut book).await?;
    Ok(Found { book, follower, snapshot_sequence: 0 })
}

/// The book of a snapshot, if it holds and was made of the record that the journal has in its place.
async fn from_snapshot(
    journal: &dyn Journal,
    derived: &Db,
    snapshot: &Snapshot,
) -> Result<Option<(Book, Follower)>, OpenFailed> {
    let passed_over = |why: &dyn std::fmt::Display| {
        tracing::warn!(sequence = snapshot.sequence, %why, "a snapshot does not hold and is passed over");
    };
    let Some(row) = journal.read(snapshot.sequence - 1, 1).await?.into_iter().next() else { return Ok(None) };
    let Ok((head, hash, _)) = record::open(&row.record) else {
        passed_over(&"its record cannot be read");
        return Ok(None);
    };
    let of_record = row.sequence == snapshot.sequence && head.sequence == snapshot.sequence;
    if !of_record || row.hash != snapshot.head_hash || hash.as_slice() != snapshot.head_hash {
        passed_over(&"it was made of another record");
        return Ok(None);
    }
    match snapshot::load(derived.reader(), snapshot, head.algorithm).await {
        Ok(book) => {
            let mut follower = Follower::default();
            follower.advance(&head, &row);
            follower.entries = 0;
            Ok(Some((book, follower)))
        }
        Err(error) => {
            passed_over(&error);
            Ok(None)
        }
    }
}

/// The history must be of this journal: one that is ahead says that records are missing, one of other records
/// is thrown away.
async fn check_history(
    journal: &dyn Journal,
    history: &mut History,
    head: Position,
) -> Result<(), OpenFailed> {
    let cursor = history.cursor();
    if cursor.sequence > head.sequence {
        return Err(OpenFailed::Behind {
            head: head.sequence,
            what: "the history",
            sequence: cursor.sequence,
        });
    }
    if cursor.sequence == 0 {
        return Ok(());
    }
    let row = journal.read(cursor.sequence - 1, 1).await?.into_iter().next();
    if row.is_none_or(|row| row.hash != cursor.hash) {
        tracing::warn!(sequence = cursor.sequence, "the history is of another journal and is made anew");
        history.clear().await?;
    }
    Ok(())
}
