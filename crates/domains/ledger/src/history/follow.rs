//! Following the journal: what was missed from the journal itself, then what the writer hands over.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use db::Db;
use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};

use super::keep::Keeper;
use super::read::Reading;
use super::shared::Shared;
use super::{HistoryFailed, Posted, Shape, posted};
use crate::journal::{Journal, Position};
use crate::model::{Batch, Entry, Reader, Truncated, decode};
use crate::replay::{Follower, READ_BYTES, ReplayFailed};
use crate::writer::Turn;

/// Bytes of records that may wait between writer and history; beyond, the writer waits.
const WAITING_MAX: usize = 32 << 20;
/// Postings that are taken while readers wait.
const POSTINGS_AT_ONCE: usize = 256;
/// Rest after a failure.
const PAUSE: Duration = Duration::from_millis(500);

/// What a committed record means to the history.
#[derive(Debug)]
struct News {
    position: Position,
    batch: Arc<Batch>,
    /// Room taken among what may wait.
    _room: OwnedSemaphorePermit,
}

/// The writer's end: hands over what was committed.
#[derive(Debug)]
pub struct Following {
    news: mpsc::UnboundedSender<News>,
    room: Arc<Semaphore>,
}

impl Following {
    /// Hands over the record at `position`. Waits where the history has fallen too far behind.
    pub async fn hand_over(&self, position: Position, batch: Arc<Batch>) {
        let wanted = u32::try_from(batch.bytes.len().clamp(1, WAITING_MAX)).unwrap_or(u32::MAX);
        // A closed semaphore or channel means that the history has ended: it will catch up at the next start.
        if let Ok(room) = Arc::clone(&self.room).acquire_many_owned(wanted).await {
            let _ = self.news.send(News { position, batch, _room: room });
        }
    }
}

/// The one who takes records into memory.
struct Taker {
    shared: Arc<Shared>,
    progress: Arc<watch::Sender<u64>>,
    postings: Vec<Posted>,
}

/// The history of one book. Everything that it does can be done step by step, in any order ([`History::take`],
/// [`History::freeze`], [`History::step`], or `turn` for all of it); [`History::run`] takes records while the store
/// is written.
pub struct History {
    taker: Taker,
    keeper: Keeper,
    news: mpsc::UnboundedReceiver<News>,
    room: Arc<Semaphore>,
    /// The store failed when nobody was left to wait for it: the rest is left to the next start.
    given_up: bool,
}

/// Why a record could not be taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TakeFailed {
    #[error("the journal could not be followed")]
    Journal(#[from] ReplayFailed),
    #[error("the record handed over cannot be read")]
    Batch(#[from] Truncated),
    #[error("records between are missing")]
    Gap,
}

impl Taker {
    /// The last record that was taken.
    fn taken(&self) -> Position {
        self.shared.memory().fresh.to
    }

    /// Up to where the journal is to be read, if what it holds is not in memory.
    fn behind(&self) -> Option<u64> {
        let memory = self.shared.memory();
        (memory.fresh.to.sequence < memory.known).then_some(memory.known)
    }

    /// Takes a record of these entries.
    fn take(
        &mut self,
        position: Position,
        at: i64,
        entries: impl Iterator<Item = Result<Entry, Truncated>>,
    ) -> Result<(), TakeFailed> {
        if self.taken().sequence + 1 != position.sequence {
            return Err(TakeFailed::Gap);
        }
        self.postings.clear();
        for (entry, place) in entries.zip(0_u32..) {
            self.postings.extend(posted(&entry?, Batch::instant_of(at, place)));
        }
        for some in self.postings.chunks(POSTINGS_AT_ONCE) {
            self.shared.memory().fresh.push(some);
        }
        self.shared.memory().fresh.to = position;
        self.progress.send_replace(position.sequence);
        Ok(())
    }

    fn take_batch(&mut self, position: Position, batch: &Batch) -> Result<(), TakeFailed> {
        let mut from = Reader::new(&batch.bytes);
        let date = batch.date;
        self.take(position, batch.at, (0..batch.len).map(|_| decode(&mut from, date)))
    }

    /// Takes one helping of records up to `until` from the journal.
    async fn catch_up(&mut self, journal: &dyn Journal, until: u64) -> Result<(), TakeFailed> {
        let mut follower = Follower { position: self.taken(), last_at: i64::MIN, ..Follower::default() };
        let rows = journal.read(follower.position.sequence, READ_BYTES).await.map_err(ReplayFailed::from)?;
        if rows.is_empty() {
            return Err(TakeFailed::Gap);
        }
        for row in &rows {
            // What comes later is handed over by the writer.
            if self.taken().sequence >= until {
                break;
            }
            // Names the record that is not there, wherever the next one stands.
            let (head, entries) = follower.check(row).map_err(ReplayFailed::from)?;
            follower.advance(&head, row);
            self.take(follower.position, head.at, entries.into_iter().map(Ok))?;
            if self.shared.is_full() {
                break;
            }
        }
        Ok(())
    }
}

impl History {
    /// Reads how far the history has come.
    ///
    /// # Errors
    /// The store's.
    pub async fn open(db: Db) -> Result<(Self, Following, Reading), HistoryFailed> {
        Self::open_with(db, Shape::default()).await
    }

    /// As [`History::open`], in pieces of other sizes.
    ///
    /// # Errors
    /// The store's.
    pub async fn open_with(db: Db, shape: Shape) -> Result<(Self, Following, Reading), HistoryFailed> {
        let keeper = Keeper::open(db, shape).await?;
        let (shared, progress) = (Arc::clone(keeper.shared()), Arc::clone(keeper.progress()));
        let (sender, news) = mpsc::unbounded_channel();
        let room = Arc::new(Semaphore::new(WAITING_MAX));
        let reading = Reading::new(Arc::clone(&shared), progress.subscribe());
        let taker = Taker { shared, progress, postings: Vec::new() };
        let room_left = Arc::clone(&room);
        let history = Self { taker, keeper, news, room: room_left, given_up: false };
        Ok((history, Following { news: sender, room }, reading))
    }

    /// Up to where the history is stored.
    #[must_use]
    pub const fn cursor(&self) -> Position {
        self.keeper.stored()
    }

    /// The last record that can be read.
    #[must_use]
    pub fn taken(&self) -> Position {
        self.taker.taken()
    }

    /// The runs that are stored, the oldest first.
    #[cfg(test)]
    pub(super) fn runs(&self) -> super::shared::Runs {
        Arc::clone(&self.taker.shared.memory().runs)
    }

    /// Throws everything away; following then begins with the first record.
    ///
    /// # Errors
    /// The store's.
    pub async fn clear(&mut self) -> Result<(), HistoryFailed> {
        self.keeper.clear().await
    }

    /// Takes the record that comes next into memory, where it can be read at once; `false` where it is not the next.
    pub fn take(&mut self, position: Position, batch: &Batch) -> bool {
        self.taker.take_batch(position, batch).is_ok()
    }

    /// Whether there is enough in memory to be written: [`History::freeze`] before more is taken.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.taker.shared.is_full()
    }

    /// Lets the next [`History::step`] write what is in memory; `false` where it has something to write already.
    pub fn freeze(&mut self) -> bool {
        self.taker.shared.freeze()
    }

    /// Does a helping of what there is to do with the store: writing, merging, deleting. Tells whether there was
    /// anything. After a failure it has looked what is stored: see [`History::taken`] where to go on.
    ///
    /// # Errors
    /// [`HistoryFailed`].
    pub async fn step(&mut self) -> Result<bool, HistoryFailed> {
        let done = self.keeper.step().await;
        if done.is_err() {
            self.keeper.recover().await?;
        }
        done
    }

    /// Takes what the journal holds up to `until` and was not taken yet.
    ///
    /// # Errors
    /// The journal's, as text, and the store's.
    pub(super) async fn catch_up(&mut self, journal: &dyn Journal, until: u64) -> Result<(), FollowFailed> {
        while self.taken().sequence < until {
            while self.is_full() && !self.freeze() {
                self.step().await?;
            }
            self.taker.catch_up(journal, until).await?;
        }
        Ok(())
    }

    /// Writes everything that is in memory.
    ///
    /// # Errors
    /// [`HistoryFailed`].
    pub async fn finish(&mut self) -> Result<(), HistoryFailed> {
        self.keeper.flush().await?;
        if !self.taker.shared.memory().fresh.is_empty() {
            while !self.freeze() {
                self.keeper.step().await?;
            }
            self.keeper.flush().await?;
        }
        Ok(())
    }

    /// The journal ends at `until`: what is missing up to there is read from it.
    pub(crate) fn begin(&mut self, until: Position) {
        self.taker.shared.memory().known = until.sequence;
    }

    /// Does one thing: takes a helping of records from the journal, or what the writer has handed over, or writes a
    /// helping. Once the writer has let go, everything is written.
    pub(crate) async fn turn(&mut self, journal: &dyn Journal) -> Result<Turn, FollowFailed> {
        if self.given_up {
            return Ok(Turn::Ended);
        }
        if self.is_full() && !self.freeze() {
            self.keeper.step().await?;
            return Ok(Turn::Worked);
        }
        if let Some(target) = self.taker.behind() {
            self.taker.catch_up(journal, target).await?;
            return Ok(Turn::Worked);
        }
        match self.news.try_recv() {
            // What was caught up with meanwhile comes again.
            Ok(news) if news.position.sequence > self.taken().sequence => {
                if !self.take(news.position, &news.batch) {
                    self.begin(news.position);
                }
                Ok(Turn::Worked)
            }
            Ok(_) => Ok(Turn::Worked),
            Err(TryRecvError::Empty) if self.keeper.step().await? => Ok(Turn::Worked),
            Err(TryRecvError::Empty) => Ok(Turn::Idle),
            Err(TryRecvError::Disconnected) => {
                self.finish().await?;
                Ok(Turn::Ended)
            }
        }
    }

    /// Looks what is stored after a failure: another process may have followed. Where nobody is left to wait for it,
    /// what failed is left to the next start.
    pub(crate) async fn look_again(&mut self) {
        if let Err(error) = self.keeper.recover().await {
            tracing::warn!(%error, "the history's store cannot be read");
        }
        self.given_up = self.news.is_closed();
    }

    /// Catches up with the journal, then follows the writer until it lets go.
    pub async fn run(self, journal: Arc<dyn Journal>) {
        let Self { mut taker, mut keeper, mut news, room, .. } = self;
        let ending = AtomicBool::new(false);
        let failing = AtomicBool::new(false);
        let taking = async {
            let line = Line { ending: &ending, failing: &failing, journal: &*journal };
            line.take_all(&mut taker, &mut news).await;
            ending.store(true, Ordering::Release);
            taker.shared.frozen.notify_one();
        };
        tokio::join!(taking, keep(&mut keeper, &ending, &failing));
        let mut history = Self { taker, keeper, news, room, given_up: false };
        if let Err(error) = history.finish().await {
            tracing::warn!(%error, "the newest movements were not stored; the next start reads them again");
        }
        history.room.close();
    }
}

/// Why the history could not follow.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FollowFailed {
    #[error(transparent)]
    Take(#[from] TakeFailed),
    #[error(transparent)]
    History(#[from] HistoryFailed),
}

/// Writes and merges until the taking has ended.
async fn keep(keeper: &mut Keeper, ending: &AtomicBool, failing: &AtomicBool) {
    let shared = Arc::clone(keeper.shared());
    while !ending.load(Ordering::Acquire) {
        match keeper.step().await {
            Ok(true) => failing.store(false, Ordering::Release),
            Ok(false) => shared.frozen.notified().await,
            Err(error) => {
                tracing::warn!(%error, stored = keeper.stored().sequence, "the history could not be stored");
                failing.store(true, Ordering::Release);
                shared.flushed.notify_one();
                tokio::time::sleep(PAUSE).await;
                if let Err(error) = keeper.recover().await {
                    tracing::warn!(%error, "the history's store cannot be read");
                }
            }
        }
    }
}

/// How the one who takes stands with the others.
struct Line<'a> {
    ending: &'a AtomicBool,
    failing: &'a AtomicBool,
    journal: &'a dyn Journal,
}

impl Line<'_> {
    async fn take_all(&self, taker: &mut Taker, news: &mut mpsc::UnboundedReceiver<News>) {
        let shared = Arc::clone(&taker.shared);
        loop {
            self.reach(taker, news).await;
            let next = tokio::select! {
                next = news.recv() => next,
                () = shared.gone.notified() => continue,
            };
            let Some(next) = next else { return };
            // What was caught up with meanwhile comes again.
            let sequence = next.position.sequence;
            if sequence <= taker.taken().sequence {
                continue;
            }
            if !self.make_room(taker, news).await {
                return;
            }
            if let Err(error) = taker.take_batch(next.position, &next.batch) {
                tracing::warn!(%error, sequence, "the history reads a record from the journal");
                shared.memory().known = sequence;
            }
        }
    }

    /// Reads what is missing from the journal, as long as somebody waits for it.
    async fn reach(&self, taker: &mut Taker, news: &mpsc::UnboundedReceiver<News>) {
        while let Some(target) = taker.behind()
            && self.make_room(taker, news).await
        {
            if let Err(error) = taker.catch_up(self.journal, target).await {
                let error: &(dyn std::error::Error + Send + Sync) = &error;
                tracing::warn!(error, taken = taker.taken().sequence, "the history could not follow");
                if news.is_closed() {
                    return;
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    /// Waits until more can be taken; `false` where that will not be before the end.
    async fn make_room(&self, taker: &Taker, news: &mpsc::UnboundedReceiver<News>) -> bool {
        while taker.shared.is_full() && !taker.shared.freeze() {
            if news.is_closed() && self.failing.load(Ordering::Acquire) {
                return false;
            }
            taker.shared.flushed.notified().await;
        }
        !self.ending.load(Ordering::Acquire)
    }
}

/// Starts the history in a thread of its own. `done` is told when it has ended.
pub(crate) fn start(history: History, journal: Arc<dyn Journal>) -> std::io::Result<oneshot::Receiver<()>> {
    let (done, ended) = oneshot::channel();
    let runtime = tokio::runtime::Handle::current();
    std::thread::Builder::new().name("ledger-history".to_owned()).spawn(move || {
        runtime.block_on(history.run(journal));
        let _ = done.send(());
    })?;
    Ok(ended)
}
