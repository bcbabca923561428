//! Live sessions in memory, so that finding out who asks costs no I/O.
//!
//! INVARIANT: where no other process has the store open, this holds every session that has not ended; a token that is
//! not here is nobody's. Sessions enter after their row is durable and leave when their end is, before the one who ended
//! them is answered.
//!
//! Where other processes sign people in and out, too, what is here was true within the last [`BELIEVED`]: then the row
//! is read again. A session that another process has ended is nobody's after that time.
//!
//! A session that was opened in another, its parent, is somebody's while its parent is, and using it is using its parent:
//! a customer in a mini-program is still in the app around it, which is never idle before it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use clock::Timestamp;
use contracts::identity::{Channel, Principal, Session};
use ids::SessionId;
use rustc_hash::FxHashMap;

use crate::Settings;
use crate::model::later;
use crate::store::{Hash, SessionRow};

const SHARDS: usize = 16;
/// How long a session is believed to live, where another process may have ended it.
const BELIEVED: Duration = Duration::from_millis(700);

/// A session that lives.
pub(crate) struct Live {
    pub(crate) session: Session,
    /// The session that it was opened in, by the hash of its token.
    parent: Option<Hash>,
    idle_s: u32,
    /// Microseconds; read and written without a lock.
    last_seen_at: AtomicI64,
    /// What of it is in the store.
    written_at: AtomicI64,
    /// When its row was read or written.
    read: Instant,
}

/// What memory knows of a token.
pub(crate) enum Seen {
    /// Its session.
    Session(Session),
    /// It is nobody's.
    Nobodys,
    /// Nothing, or nothing that is new enough: read its row and [`Sessions::learn`].
    Unknown,
}

impl Live {
    pub(crate) fn last_seen_at(&self) -> Timestamp {
        Timestamp::from_microsecond(self.last_seen_at.load(Ordering::Relaxed))
            .unwrap_or(self.session.started_at)
    }

    fn is_over(&self, now: Timestamp) -> bool {
        now >= self.session.expires_at || now >= later(self.last_seen_at(), self.idle_s)
    }
}

type Shard = RwLock<FxHashMap<Hash, Arc<Live>>>;

/// All live sessions, by hash of their token.
pub(crate) struct Sessions {
    shards: [Shard; SHARDS],
    customer_idle_s: u32,
    branch_idle_s: u32,
    staff_idle_s: u32,
    third_party_idle_s: u32,
    /// Whether other processes open and end sessions.
    shared: bool,
}

impl Sessions {
    pub(crate) fn new(settings: &Settings, shared: bool) -> Self {
        Self {
            shards: std::array::from_fn(|_| Shard::default()),
            customer_idle_s: settings.session_idle_s,
            branch_idle_s: settings.branch.session_idle_s,
            staff_idle_s: settings.staff_idle_s,
            // Short enough as a whole.
            third_party_idle_s: settings.third_party_token_s,
            shared,
        }
    }

    pub(crate) fn insert(&self, row: SessionRow) {
        let idle_s = self.idle_s(&row.session);
        let seen = row.last_seen_at.as_microsecond();
        let live = Live {
            session: row.session,
            parent: row.parent,
            idle_s,
            last_seen_at: AtomicI64::new(seen),
            written_at: AtomicI64::new(seen),
            read: Instant::now(),
        };
        if let Some(shard) = self.shard(&row.token_hash) {
            shard.write().unwrap_or_else(PoisonError::into_inner).insert(row.token_hash, Arc::new(live));
        }
    }

    /// The session of this token, seen now together with its parent.
    pub(crate) fn see(&self, token_hash: &Hash, now: Timestamp) -> Seen {
        match self.see_alone(token_hash, now) {
            (Seen::Session(session), Some(parent)) => match self.see_alone(&parent, now).0 {
                Seen::Session(_) => Seen::Session(session),
                other => other,
            },
            (seen, _) => seen,
        }
    }

    /// The session of this token, seen now, and its parent where it has one.
    fn see_alone(&self, token_hash: &Hash, now: Timestamp) -> (Seen, Option<Hash>) {
        let unknown = if self.shared { Seen::Unknown } else { Seen::Nobodys };
        let Some(shard) = self.shard(token_hash) else { return (unknown, None) };
        let shard = shard.read().unwrap_or_else(PoisonError::into_inner);
        let Some(live) = shard.get(token_hash) else { return (unknown, None) };
        if self.shared && live.read.elapsed() > BELIEVED {
            return (Seen::Unknown, None);
        }
        if live.is_over(now) {
            return (Seen::Nobodys, None);
        }
        live.last_seen_at.fetch_max(now.as_microsecond(), Ordering::Relaxed);
        let mut session = live.session.clone();
        session.emergency_until = session.emergency_until.filter(|until| now < *until);
        (Seen::Session(session), live.parent)
    }

    /// What the store says of a token now.
    pub(crate) fn learn(&self, token_hash: &Hash, row: Option<SessionRow>) {
        match row {
            Some(mut row) => {
                row.last_seen_at = self.last_seen_at(&row);
                self.insert(row);
            }
            None => self.forget(token_hash),
        }
    }

    /// When a session was seen last, by what its row and memory say.
    pub(crate) fn last_seen_at(&self, row: &SessionRow) -> Timestamp {
        let shard = self.shard(&row.token_hash);
        let shard = shard.map(|shard| shard.read().unwrap_or_else(PoisonError::into_inner));
        let here = shard.and_then(|shard| Some(shard.get(&row.token_hash)?.last_seen_at()));
        here.map_or(row.last_seen_at, |here| here.max(row.last_seen_at))
    }

    /// Whether a session was not used for too long, by what its row and memory say.
    pub(crate) fn is_idle(&self, row: &SessionRow, now: Timestamp) -> bool {
        now >= later(self.last_seen_at(row), self.idle_s(&row.session))
    }

    /// After how many seconds without a request a session ends.
    pub(crate) fn idle_s(&self, session: &Session) -> u32 {
        match session.principal {
            Principal::Customer(_) if session.channel == Channel::Branch => self.branch_idle_s,
            Principal::Customer(_) => self.customer_idle_s,
            Principal::Staff(..) => self.staff_idle_s,
            Principal::ThirdParty(..) => self.third_party_idle_s,
        }
    }

    fn forget(&self, token_hash: &Hash) {
        if let Some(shard) = self.shard(token_hash) {
            shard.write().unwrap_or_else(PoisonError::into_inner).remove(token_hash);
        }
    }

    pub(crate) fn remove(&self, ended: &[SessionRow]) {
        ended.iter().for_each(|row| self.forget(&row.token_hash));
    }

    /// Sessions seen since it was last written down, each with when.
    pub(crate) fn to_write(&self) -> Vec<(SessionId, Timestamp)> {
        let mut seen = Vec::new();
        for shard in &self.shards {
            let shard = shard.read().unwrap_or_else(PoisonError::into_inner);
            for live in shard.values() {
                let at = live.last_seen_at.load(Ordering::Relaxed);
                if live.written_at.swap(at, Ordering::Relaxed) != at {
                    seen.push((live.session.id, live.last_seen_at()));
                }
            }
        }
        seen
    }

    /// Forgets sessions that are over.
    pub(crate) fn sweep(&self, now: Timestamp) {
        for shard in &self.shards {
            shard.write().unwrap_or_else(PoisonError::into_inner).retain(|_, live| !live.is_over(now));
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.shards.iter().map(|shard| shard.read().unwrap_or_else(PoisonError::into_inner).len()).sum()
    }

    fn shard(&self, token_hash: &Hash) -> Option<&Shard> {
        let first = token_hash.first().copied().unwrap_or_default();
        self.shards.get(usize::from(first) % SHARDS)
    }
}
