//! Live sessions in memory, so that finding out who asks costs no I/O.
//!
//! INVARIANT: holds every session that has not ended; a token that is not here is nobody's. Sessions enter after their
//! row is durable and leave when their end is, before the one who ended them is answered.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use clock::Timestamp;
use contracts::identity::{Principal, Session};
use ids::SessionId;
use rustc_hash::FxHashMap;

use crate::model::later;
use crate::store::{Hash, SessionRow};

const SHARDS: usize = 16;

/// A session that lives.
pub(crate) struct Live {
    pub(crate) session: Session,
    pub(crate) device_name: String,
    token_hash: Hash,
    idle_s: u32,
    /// Microseconds; read and written without a lock.
    last_seen_at: AtomicI64,
    /// What of it is in the store.
    written_at: AtomicI64,
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
    staff_idle_s: u32,
}

impl Sessions {
    pub(crate) fn new(customer_idle_s: u32, staff_idle_s: u32) -> Self {
        Self { shards: std::array::from_fn(|_| Shard::default()), customer_idle_s, staff_idle_s }
    }

    pub(crate) fn insert(&self, row: SessionRow) {
        let idle_s = match row.session.principal {
            Principal::Customer(_) => self.customer_idle_s,
            Principal::Staff(..) => self.staff_idle_s,
        };
        let seen = row.last_seen_at.as_microsecond();
        let live = Live {
            session: row.session,
            device_name: row.device_name,
            token_hash: row.token_hash,
            idle_s,
            last_seen_at: AtomicI64::new(seen),
            written_at: AtomicI64::new(seen),
        };
        if let Some(shard) = self.shard(&row.token_hash) {
            shard.write().unwrap_or_else(PoisonError::into_inner).insert(row.token_hash, Arc::new(live));
        }
    }

    /// The session of this token, seen now; `None` where there is none or it is over.
    pub(crate) fn see(&self, token_hash: &Hash, now: Timestamp) -> Option<Session> {
        let shard = self.shard(token_hash)?.read().unwrap_or_else(PoisonError::into_inner);
        let live = shard.get(token_hash)?;
        if live.is_over(now) {
            return None;
        }
        live.last_seen_at.fetch_max(now.as_microsecond(), Ordering::Relaxed);
        Some(live.session.clone())
    }

    /// Sessions for which `wanted` holds, the youngest first.
    pub(crate) fn select(&self, now: Timestamp, wanted: impl Fn(&Session) -> bool) -> Vec<Arc<Live>> {
        let mut found: Vec<Arc<Live>> = Vec::new();
        for shard in &self.shards {
            let shard = shard.read().unwrap_or_else(PoisonError::into_inner);
            found.extend(shard.values().filter(|live| !live.is_over(now) && wanted(&live.session)).cloned());
        }
        found.sort_by_key(|live| std::cmp::Reverse(live.session.started_at));
        found
    }

    pub(crate) fn remove(&self, sessions: &[Arc<Live>]) {
        for live in sessions {
            if let Some(shard) = self.shard(&live.token_hash) {
                shard.write().unwrap_or_else(PoisonError::into_inner).remove(&live.token_hash);
            }
        }
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
