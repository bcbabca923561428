//! What the door knows of each route before anybody asks for it: cost, urgency, time, and the service it belongs to.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use http::Entry;

use super::OWN;
use super::shedding::{Room, Usual};
use crate::Settings;
use crate::config::{Class, Cost, Costs, Timeouts};
use crate::model::buckets::{Bucket, Quota};
use crate::model::classes;

/// The room of the pages.
const PAGES: &str = "pages";
/// The room of the door's own routes, and of what is no route.
const DOOR: &str = "door";

/// One route with one method; of services in other processes, all routes of the same cost and class.
pub(crate) struct Profile {
    /// Its operation id; empty where it has none or none is known.
    pub(crate) operation: String,
    pub(crate) cost: Cost,
    /// What it costs.
    pub(crate) units: u32,
    pub(crate) class: Class,
    /// How long it may take.
    pub(crate) timeout: Duration,
    pub(super) room: Arc<Room>,
    pub(super) usual: Usual,
    /// The bucket of the route itself, where the settings give it one.
    route: Option<Arc<Bucket>>,
}

impl Profile {
    /// The service whose route it is, or the room of what belongs to none.
    pub(super) fn service(&self) -> &str {
        self.room.name()
    }
}

/// What profiles are made with.
struct Maker<'a> {
    settings: &'a Settings,
    rooms: BTreeMap<String, Arc<Room>>,
    routes: Vec<(String, Arc<Bucket>)>,
}

impl Maker<'_> {
    fn room(&mut self, name: &str) -> Arc<Room> {
        let settings = self.settings;
        let new = || Arc::new(Room::new(name, settings));
        Arc::clone(self.rooms.entry(name.to_owned()).or_insert_with(new))
    }

    fn profile(&mut self, room: &str, operation: &str, cost: Cost, class: Class) -> Profile {
        let Settings { limits, shedding, timeout_ms, .. } = self.settings;
        let (costs, timeouts): (&Costs, &Timeouts) = (&limits.costs, &shedding.timeouts_ms);
        Profile {
            operation: operation.to_owned(),
            cost,
            units: costs.of(cost),
            class,
            timeout: Duration::from_millis(timeouts.of(class, *timeout_ms)),
            room: self.room(room),
            usual: Usual::default(),
            route: None,
        }
    }

    /// That of a route of this process.
    fn known(&mut self, entry: &Entry) -> Profile {
        let Entry { method, path, action, .. } = entry;
        let overrides = Overrides::of(self.settings);
        let (cost, class) = overrides.classes(action, method, path);
        let is_own = OWN.contains(&path.as_str());
        let room = if is_own { DOOR } else { classes::service(path).unwrap_or(DOOR) };
        let route = self.routes.iter().find(|(name, _)| classes::is_named(name, action, method, path));
        let route = route.map(|(_, bucket)| Arc::clone(bucket));
        Profile { route, ..self.profile(room, action, cost, class) }
    }

    /// Those of a service in another process, in the order of costs and classes.
    fn far(&mut self, service: &str) -> Vec<Arc<Profile>> {
        let all = Cost::ALL.iter().flat_map(|cost| Class::ALL.iter().map(move |class| (*cost, *class)));
        all.map(|(cost, class)| Arc::new(self.profile(service, "", cost, class))).collect()
    }
}

/// What the settings say of single routes.
#[derive(Clone)]
struct Overrides {
    costs: Vec<(String, Cost)>,
    classes: Vec<(String, Class)>,
}

impl Overrides {
    fn of(settings: &Settings) -> Self {
        let costs = settings.limits.cost_of.iter().map(|(name, cost)| (name.clone(), *cost));
        let classes = settings.shedding.class_of.iter().map(|(name, class)| (name.clone(), *class));
        Self { costs: costs.collect(), classes: classes.collect() }
    }

    fn classes(&self, operation: &str, method: &str, path: &str) -> (Cost, Class) {
        let named = |name: &str| classes::is_named(name, operation, method, path);
        let cost = self.costs.iter().find(|(name, _)| named(name)).map(|(_, cost)| *cost);
        let class = self.classes.iter().find(|(name, _)| named(name)).map(|(_, class)| *class);
        (
            cost.unwrap_or_else(|| classes::cost(method, path)),
            class.unwrap_or_else(|| classes::class(method, path)),
        )
    }
}

/// All profiles.
pub(super) struct Profiles {
    /// By pattern, with the methods of each.
    known: HashMap<String, Vec<(&'static str, Arc<Profile>)>>,
    far: Vec<(&'static str, Vec<Arc<Profile>>)>,
    pages: Arc<Profile>,
    /// Of what is no route.
    lost: Arc<Profile>,
    overrides: Overrides,
    routes: Vec<(String, Arc<Bucket>)>,
}

impl Profiles {
    /// Those of `entries`, and of services in other processes.
    pub(super) fn new(settings: &Settings, entries: &[Entry], far: &[&'static str]) -> Self {
        let routes = settings.limits.routes.iter().filter_map(|(name, rate)| {
            Quota::of(*rate).map(|quota| (name.clone(), Arc::new(Bucket::new(quota))))
        });
        let mut maker = Maker { settings, rooms: BTreeMap::new(), routes: routes.collect() };
        let mut known: HashMap<String, Vec<_>> = HashMap::new();
        for entry in entries {
            let profile = Arc::new(maker.known(entry));
            known.entry(entry.path.clone()).or_default().push((entry.method, profile));
        }
        let far = far.iter().map(|service| (*service, maker.far(service))).collect::<Vec<_>>();
        let overrides = Overrides::of(settings);
        if far.is_empty() {
            warn_of_unknown(settings, entries);
        }
        Self {
            known,
            far,
            pages: Arc::new(maker.profile(PAGES, "", Cost::Page, Class::Pages)),
            lost: Arc::new(maker.profile(DOOR, "", Cost::Browse, Class::Browse)),
            overrides,
            routes: maker.routes,
        }
    }

    /// That of a request; `pattern`: of the route that it goes to.
    pub(super) fn of(&self, method: &str, pattern: Option<&str>, path: &str) -> Arc<Profile> {
        let asked = if method == "HEAD" { "GET" } else { method };
        let Some(pattern) = pattern else {
            let is_page = classes::service(path).is_none() && classes::reads(method);
            return Arc::clone(if is_page { &self.pages } else { &self.lost });
        };
        if let Some(methods) = self.known.get(pattern) {
            let found = methods.iter().find(|(known, _)| *known == asked).map(|(_, profile)| profile);
            return Arc::clone(found.unwrap_or(&self.lost));
        }
        let service = classes::service(path).unwrap_or_default();
        let far = self.far.iter().find(|(name, _)| *name == service).map(|(_, profiles)| profiles);
        let (cost, class) = self.overrides.classes("", method, path);
        let mut alike = far.into_iter().flatten();
        let found = alike.find(|profile| profile.cost == cost && profile.class == class);
        Arc::clone(found.unwrap_or(&self.lost))
    }

    /// The bucket of the route itself, where the settings give it one.
    pub(super) fn bucket<'a>(&'a self, profile: &'a Profile, method: &str, path: &str) -> Option<&'a Bucket> {
        let far = || {
            let routes = self.routes.iter().filter(|_| profile.operation.is_empty());
            let mut named = routes.filter(|(name, _)| classes::is_named(name, "", method, path));
            named.next().map(|(_, bucket)| &**bucket)
        };
        profile.route.as_deref().or_else(far)
    }
}

/// Names of routes in the settings that no route has are mistakes, as far as all routes are known.
fn warn_of_unknown(settings: &Settings, entries: &[Entry]) {
    let limits = settings.limits.cost_of.keys().chain(settings.limits.routes.keys());
    for name in limits.chain(settings.shedding.class_of.keys()) {
        let is_route = |entry: &Entry| classes::is_named(name, &entry.action, entry.method, &entry.path);
        if !entries.iter().any(is_route) {
            tracing::warn!(
                name,
                "no route has this name, which the settings of the gateway give a class or a limit"
            );
        }
    }
}
