//! Following the journal: is each record the one that comes next, and what does it do to the book.

use std::fmt;

use tokio::sync::oneshot;

use crate::hash::Algorithm;
use crate::journal::{Journal, Position, ReadFailed, Row};
use crate::model::{Book, Contradiction, Entry, IdKey, Location, keys_of};
use crate::record::{self, Head, Opened, Unreadable};
use crate::stored_ids::{IdsFailed, StoredIds};

/// How many bytes of records are read at once.
pub const READ_BYTES: usize = 4 << 20;

/// A record that is not the one that must stand in its place.
#[derive(Debug, thiserror::Error)]
#[error("record {sequence}: {what}")]
pub struct Fault {
    /// Which record.
    pub sequence: u64,
    /// What is wrong with it.
    pub what: Wrong,
}

/// What is wrong with a record.
#[derive(Debug, thiserror::Error)]
pub enum Wrong {
    /// A number is left out or stands twice.
    #[error("the record that must follow is missing; the next one stored is {0}")]
    Missing(u64),
    /// Its bytes cannot be read.
    #[error("{}", Chain(.0))]
    Unreadable(#[from] Unreadable),
    /// The stored hash is not the hash of the stored bytes.
    #[error("its bytes do not hash to its stored hash")]
    Hash,
    /// A column says otherwise than the record itself.
    #[error("the column `{0}` says otherwise than the record")]
    Column(&'static str),
    /// It names another predecessor.
    #[error("it does not follow the record before it")]
    Previous,
    /// The epoch steps back.
    #[error("its epoch is older than that of the record before it")]
    Epoch,
    /// Time does not increase.
    #[error("its time is not later than that of the record before it")]
    Time,
    /// Sealed with another hash than the record before it.
    #[error("it is sealed with another hash algorithm than the record before it")]
    Algorithm,
    /// An effect does not follow from the state.
    #[error("{0}")]
    Contradiction(#[from] Contradiction),
}

/// An error with its causes on one line.
struct Chain<'a>(&'a (dyn std::error::Error + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut next = self.0.source();
        while let Some(cause) = next {
            write!(f, ": {cause}")?;
            next = cause.source();
        }
        Ok(())
    }
}

/// A place in the journal up to which everything was found right.
#[derive(Debug, Clone, Default)]
pub struct Follower {
    /// The last record that was followed.
    pub position: Position,
    /// Instant of its last entry.
    pub last_at: i64,
    /// With what the journal is sealed; `None` before the first record.
    pub algorithm: Option<Algorithm>,
    /// Entries of the records that were followed.
    pub entries: u64,
}

impl Follower {
    /// Checks that `row` is the next record, and opens it.
    ///
    /// # Errors
    /// [`Fault`].
    pub fn check(&self, row: &Row) -> Result<(Head, Vec<Entry>), Fault> {
        let sequence = self.position.sequence + 1;
        let fault = |what| Fault { sequence, what };
        if row.sequence != sequence {
            return Err(fault(Wrong::Missing(row.sequence)));
        }
        let (head, hash, entries) = record::open(&row.record).map_err(|error| fault(error.into()))?;
        if row.hash != hash {
            return Err(fault(Wrong::Hash));
        }
        if head.sequence != row.sequence {
            return Err(fault(Wrong::Column("sequence")));
        }
        if head.epoch != row.epoch {
            return Err(fault(Wrong::Column("epoch")));
        }
        if head.previous != self.position.hash {
            return Err(fault(Wrong::Previous));
        }
        if head.epoch < self.position.epoch {
            return Err(fault(Wrong::Epoch));
        }
        if head.at <= self.last_at {
            return Err(fault(Wrong::Time));
        }
        if self.algorithm.is_some_and(|algorithm| algorithm != head.algorithm) {
            return Err(fault(Wrong::Algorithm));
        }
        Ok((head, entries))
    }

    /// Goes on to the record that was checked.
    pub fn advance(&mut self, head: &Head, row: &Row) {
        self.position = Position {
            sequence: head.sequence,
            epoch: head.epoch,
            hash: row.hash.as_slice().try_into().unwrap_or_default(),
        };
        self.last_at = head.last_at();
        self.algorithm = Some(head.algorithm);
        self.entries += u64::from(head.entries);
    }
}

/// Why the journal could not be followed to its end.
#[derive(Debug, thiserror::Error)]
pub enum ReplayFailed {
    /// It cannot be read.
    #[error("the journal could not be read")]
    Read(#[from] ReadFailed),
    /// It is damaged or of a newer version.
    #[error("the journal is not right at {0}")]
    Fault(#[from] Fault),
    /// Ids cannot leave memory.
    #[error("ids could not be stored")]
    Ids(#[from] IdsFailed),
    /// A thread could not be started, or ended badly.
    #[error("a thread that reads the journal failed")]
    Thread(#[source] std::io::Error),
}

/// The record of this number, looked up by itself: that it is there and whole is checked here, because nobody
/// follows the journal to it.
///
/// # Errors
/// [`ReplayFailed`].
pub(crate) async fn look_up(journal: &dyn Journal, sequence: u64) -> Result<Row, ReplayFailed> {
    let fault = |what| Fault { sequence, what };
    let row = journal.read(sequence.saturating_sub(1), 1).await?.into_iter().next();
    let Some(row) = row.filter(|row| row.sequence == sequence) else {
        return Err(fault(Wrong::Missing(0)).into());
    };
    let opened = Opened::try_new(&row.record).map_err(|error| fault(error.into()))?;
    opened.check_root().map_err(|error| fault(error.into()))?;
    if row.hash != opened.hash {
        return Err(fault(Wrong::Hash).into());
    }
    if opened.head.sequence != sequence {
        return Err(fault(Wrong::Column("sequence")).into());
    }
    Ok(row)
}

/// Opens a row that must be the record `sequence`, with everything checked that it says of itself.
///
/// # Errors
/// [`Fault`].
pub(crate) fn open_row(row: &Row, sequence: u64) -> Result<(Head, Vec<Entry>), Fault> {
    let fault = |what| Fault { sequence, what };
    if row.sequence != sequence {
        return Err(fault(Wrong::Missing(row.sequence)));
    }
    let (head, hash, entries) = record::open(&row.record).map_err(|error| fault(error.into()))?;
    if row.hash != hash {
        return Err(fault(Wrong::Hash));
    }
    if head.sequence != sequence {
        return Err(fault(Wrong::Column("sequence")));
    }
    Ok((head, entries))
}

/// What becomes of ids for which memory has no room while the journal is read.
#[derive(Clone, Copy)]
pub enum Ids<'a> {
    /// They are stored.
    Stored(&'a StoredIds),
    /// Another process stores them.
    Followed(&'a StoredIds),
    /// Nobody will ask for them.
    Dropped,
}

impl Ids<'_> {
    /// Before the first id is remembered.
    pub(crate) fn prepare(self, book: &mut Book) {
        if let Self::Stored(ids) | Self::Followed(ids) = self {
            book.set_id_generation(ids.generation_ids());
        }
    }

    async fn absorb(self, book: &mut Book) -> Result<(), IdsFailed> {
        match self {
            Self::Stored(ids) => ids.absorb(book).await,
            Self::Followed(ids) => ids.follow(book).await,
            Self::Dropped => {
                while book.ids_to_store(u64::MAX).is_some() {
                    book.release_ids();
                }
                Ok(())
            }
        }
    }
}

/// Keys of a record, and where they lead.
type Keys = Vec<(IdKey, Location)>;

/// Remembers the ids that are not stored of the records up to `until`, which the state of `book` has already in it.
/// One helping of records is read while the one before is checked and decoded, on two threads of their own.
///
/// # Errors
/// [`ReplayFailed`].
pub async fn remember(
    journal: &dyn Journal,
    ids: Ids<'_>,
    until: u64,
    book: &mut Book,
) -> Result<(), ReplayFailed> {
    let (Ids::Stored(stored) | Ids::Followed(stored)) = ids else { return Ok(()) };
    // Of the record in which the newest generation ends, some may be stored already: twice does no harm.
    let mut after = stored.covered().sequence().saturating_sub(1);
    let mut decoding: Option<oneshot::Receiver<Result<Vec<Keys>, Fault>>> = None;
    loop {
        let (rows, decoded) = futures_util::future::join(
            async { if after < until { journal.read(after, READ_BYTES).await } else { Ok(Vec::new()) } },
            async { Some(decoding.take()?.await) },
        )
        .await;
        let mut rows = rows?;
        rows.retain(|row| row.sequence <= until);
        match rows.last() {
            Some(last) => {
                let first = after + 1;
                after = last.sequence;
                decoding = Some(decode_apart(rows, first).map_err(ReplayFailed::Thread)?);
            }
            None if after < until => {
                return Err(Fault { sequence: after + 1, what: Wrong::Missing(0) }.into());
            }
            None => {}
        }
        match decoded {
            Some(Ok(keys)) => {
                keys?.into_iter().for_each(|keys| book.remember(keys));
                ids.absorb(book).await?;
            }
            // The thread ended badly.
            Some(Err(_)) => return Err(ReplayFailed::Thread(std::io::ErrorKind::BrokenPipe.into())),
            None => {}
        }
        if decoding.is_none() {
            return Ok(());
        }
    }
}

/// Checks and decodes rows, the first of which must be the record `first`, on two threads.
fn decode_apart(rows: Vec<Row>, first: u64) -> std::io::Result<oneshot::Receiver<Result<Vec<Keys>, Fault>>> {
    let (sender, receiver) = oneshot::channel();
    std::thread::Builder::new().name("ledger-remember".to_owned()).spawn(move || {
        let (left, right) = rows.split_at(rows.len() / 2);
        let second = first + left.len() as u64;
        let (left, right) = std::thread::scope(|scope| {
            let left = scope.spawn(move || decode(left, first));
            let right = decode(right, second);
            (left.join(), right)
        });
        // A thread that ended badly sends nothing, which the other end sees.
        if let Ok(left) = left {
            let both = left.and_then(|mut keys| {
                keys.extend(right?);
                Ok(keys)
            });
            let _ = sender.send(both);
        }
    })?;
    Ok(receiver)
}

fn decode(rows: &[Row], first: u64) -> Result<Vec<Keys>, Fault> {
    rows.iter()
        .zip(first..)
        .map(|(row, sequence)| {
            let (head, entries) = open_row(row, sequence)?;
            Ok(keys_of(head.sequence, &entries).collect())
        })
        .collect()
}

/// Applies every record after the follower's place to `book`.
///
/// # Errors
/// [`ReplayFailed`]; the book is then as after the last good record.
pub async fn replay(
    journal: &dyn Journal,
    ids: Ids<'_>,
    follower: &mut Follower,
    book: &mut Book,
) -> Result<(), ReplayFailed> {
    loop {
        let rows = journal.read(follower.position.sequence, READ_BYTES).await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in &rows {
            let (head, entries) = follower.check(row)?;
            if let Err(contradiction) = book.apply(head.sequence, head.at, &entries) {
                book.discard();
                return Err(Fault { sequence: head.sequence, what: contradiction.into() }.into());
            }
            book.commit(head.last_at());
            follower.advance(&head, row);
        }
        ids.absorb(book).await?;
        tokio::task::yield_now().await;
    }
}
