//! Places for requests in progress: of each service its own, as many as it takes, and the urgent before the others.
//!
//! Who finds no place waits for a moment, once, and is refused then; so do not all who are refused come back at once, and
//! a machine that has too much to do is spared refusing them again and again. Not more than so many wait.
//!
//! What is less urgent than money steps back once when it is let in, behind everything that the process has to do at that
//! moment; so it is felt as a longer answer where the machine has too much to do, although no request holds its place for
//! long.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use http::Consequence;
use metrics::Gauge;

use super::profiles::Profile;
use crate::Settings;
use crate::config::Class;
use crate::model::adaptive::{self, Bounds, Meter};

/// So many may wait for a place as one in so many may be in progress.
const WAITING_ONE_IN: u32 = 4;

/// The places of one service.
pub(super) struct Room {
    name: String,
    most: u32,
    in_progress: AtomicU32,
    places: AtomicU32,
    era: AtomicU32,
    meter: Mutex<Meter>,
    told: Gauge,
}

impl Room {
    pub(super) fn new(name: &str, settings: &Settings) -> Self {
        let all = u32::try_from(settings.in_progress_max).unwrap_or(u32::MAX);
        let shedding = &settings.shedding;
        let most = u64::from(all) * u64::from(shedding.service_percent) / 100;
        let most = u32::try_from(most).unwrap_or(u32::MAX).max(1);
        let least = shedding.in_progress_min.min(most);
        let wait_us = shedding.wait_target_ms.saturating_mul(1000);
        let told = metrics::gauge!("gateway_places", "service" => name.to_owned());
        told.set(most);
        Self {
            name: name.to_owned(),
            most,
            in_progress: AtomicU32::new(0),
            places: AtomicU32::new(most),
            era: AtomicU32::new(0),
            meter: Mutex::new(Meter::new(Bounds { least, most, wait_us })),
            told,
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Tells the meter. Where somebody else tells it something at the moment, it goes without: one more or less of
    /// thousands decides nothing, and nobody should wait for that.
    fn tell(&self, what: impl FnOnce(&mut Meter)) {
        let Ok(mut meter) = self.meter.try_lock() else { return };
        what(&mut meter);
        let places = meter.places();
        self.era.store(meter.era(), Ordering::Relaxed);
        if self.places.swap(places, Ordering::Relaxed) != places {
            self.told.set(places);
        }
    }
}

/// How fast a route answers at best, as far as is remembered.
#[derive(Debug, Default)]
pub(super) struct Usual {
    /// Microseconds; 0: nothing is known.
    us: AtomicU64,
    /// Since when it is that, microseconds since the door was built.
    since_us: AtomicU64,
}

impl Usual {
    /// How long a request waited that took `took_us`; one that was done well also says what is usual.
    fn wait(&self, took_us: u64, is_well: bool, now_us: u64) -> u64 {
        let (us, since_us) = (self.us.load(Ordering::Relaxed), self.since_us.load(Ordering::Relaxed));
        let unchanged_s = now_us.saturating_sub(since_us) / 1_000_000;
        let (waited, usual) = adaptive::wait(took_us.max(1), (us > 0).then_some(us), unchanged_s);
        if is_well && usual != us {
            self.us.store(usual, Ordering::Relaxed);
            self.since_us.store(now_us, Ordering::Relaxed);
        }
        waited
    }
}

/// All places of the door.
pub(super) struct Shedder {
    began: Instant,
    in_progress_max: u32,
    in_progress: AtomicU32,
    waiting: AtomicU32,
    told: [Gauge; 6],
}

impl Shedder {
    pub(super) fn new(settings: &Settings) -> Arc<Self> {
        Arc::new(Self {
            began: Instant::now(),
            in_progress_max: u32::try_from(settings.in_progress_max).unwrap_or(u32::MAX),
            in_progress: AtomicU32::new(0),
            waiting: AtomicU32::new(0),
            told: Class::ALL.map(|class| metrics::gauge!("gateway_in_progress", "class" => class.name())),
        })
    }

    fn now_us(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// A place for a request of `profile`; none where there is no room.
    pub(super) fn enter(self: &Arc<Self>, profile: &Arc<Profile>) -> Option<Place> {
        let (room, class) = (&profile.room, profile.class);
        let now_us = self.now_us();
        // Counted first and looked at then, so that two who come at once do not both take the last place.
        let inside = room.in_progress.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        let all = self.in_progress.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        if let Some(gauge) = self.told.get(class as usize) {
            gauge.increment(1);
        }
        let place = Place {
            shedder: Arc::clone(self),
            profile: Arc::clone(profile),
            era: room.era.load(Ordering::Relaxed),
            came_us: now_us,
        };
        let places = room.places.load(Ordering::Relaxed);
        let fits = inside <= adaptive::share(class, places, room.most)
            && all <= adaptive::share(class, self.in_progress_max, self.in_progress_max);
        room.tell(|meter| meter.arrived(inside.saturating_sub(u32::from(!fits)), now_us));
        fits.then_some(place)
    }

    /// As [`Shedder::enter`]; where there is no room, once more after a moment, if not too many wait already.
    pub(super) async fn enter_soon(self: &Arc<Self>, profile: &Arc<Profile>) -> Option<Place> {
        if let Some(place) = self.enter(profile) {
            return Some(place);
        }
        let waiting = Waiting(self);
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= self.in_progress_max / WAITING_ONE_IN {
            return None;
        }
        tokio::time::sleep(moment(profile.class)).await;
        drop(waiting);
        self.enter(profile)
    }
}

/// Somebody waits; not any more when this goes.
struct Waiting<'a>(&'a Shedder);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

/// How long who finds no place waits before another look.
const fn moment(class: Class) -> Duration {
    Duration::from_millis(match class {
        Class::Protective | Class::Money => 50,
        Class::Own => 150,
        Class::Browse | Class::Pages | Class::Bulk => 300,
    })
}

/// A request in progress; its place is free when this goes.
pub(super) struct Place {
    shedder: Arc<Shedder>,
    profile: Arc<Profile>,
    era: u32,
    came_us: u64,
}

impl Place {
    /// The request was answered so.
    pub(super) fn answered(&self, status: StatusCode) {
        let now_us = self.shedder.now_us();
        let took_us = now_us.saturating_sub(self.came_us);
        // A refusal tells nothing: it may have been found out at once. A failure tells something where it took long.
        let is_well = status.as_u16() < 400;
        let waited = (is_well || status.is_server_error())
            .then(|| self.profile.usual.wait(took_us, is_well, now_us))
            .filter(|waited| is_well || *waited > 0);
        self.profile.room.tell(|meter| meter.answered(self.era, waited, now_us));
    }

    /// The service rests: nobody could be asked.
    pub(super) fn rests(&self) {
        let now_us = self.shedder.now_us();
        self.profile.room.tell(|meter| meter.rests(now_us));
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.profile.room.in_progress.fetch_sub(1, Ordering::Relaxed);
        self.shedder.in_progress.fetch_sub(1, Ordering::Relaxed);
        if let Some(gauge) = self.shedder.told.get(self.profile.class as usize) {
            gauge.decrement(1);
        }
    }
}

/// The answer to whoever finds no place: the less urgent, the later they are asked to come again.
pub(super) fn refusal(class: Class) -> Consequence {
    metrics::counter!("gateway_shed", "class" => class.name()).increment(1);
    let seconds = match class {
        Class::Protective | Class::Money => 1,
        Class::Own => 2,
        Class::Browse | Class::Pages => 5,
        Class::Bulk => 30,
    };
    Consequence::unavailable().retry_after_s(seconds)
}

#[cfg(test)]
mod tests;
