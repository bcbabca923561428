//! The processes of a service that are known: those that are listed, or those that a name leads to at the moment.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::breaker::Patience;
use crate::instance::Instance;
use crate::papers::Papers;
use crate::resolver::Resolver;

/// How long whoever asks before anything is known waits for the first look-up.
const FIRST_AWAITED: Duration = Duration::from_secs(1);
/// How long a look-up may take.
const LOOK_UP_MAX: Duration = Duration::from_secs(5);
/// How soon it is looked up again where nobody answers.
const AGAIN_AFTER: Duration = Duration::from_millis(250);
/// Addresses beyond are passed over.
const INSTANCES_MAX: usize = 64;

/// What is known at one moment.
#[derive(Clone, Default)]
struct Known {
    instances: Arc<[Arc<Instance>]>,
    /// Whether anything was found out yet, be it that there is nothing.
    looked_up: bool,
}

/// The processes of a service. While it is there, a name is looked up again and again.
pub(crate) struct Roster {
    known: watch::Receiver<Known>,
    again: Arc<Notify>,
}

impl Roster {
    /// These, for ever.
    pub(crate) fn listed(instances: impl IntoIterator<Item = Instance>) -> Self {
        let instances = instances.into_iter().map(Arc::new).collect();
        let (_, known) = watch::channel(Known { instances, looked_up: true });
        Self { known, again: Arc::default() }
    }

    /// Those behind a name.
    pub(crate) fn named(name: Name) -> Self {
        let (found, known) = watch::channel(Known::default());
        let again = Arc::new(Notify::new());
        let following = Following { name, found: found.clone(), again: Arc::clone(&again), failing: false };
        tokio::spawn(async move {
            tokio::select! {
                () = found.closed() => {}
                () = following.follow() => {}
            }
        });
        Self { known, again }
    }

    /// Those that are known, in the order in which they are to be asked; none where nothing is known yet, or never was.
    pub(crate) async fn known(&self, deadline: Instant) -> Arc<[Arc<Instance>]> {
        if !self.known.borrow().looked_up {
            let until = deadline.min(Instant::now() + FIRST_AWAITED);
            let mut known = self.known.clone();
            let _ = timeout_at(until, known.wait_for(|known| known.looked_up)).await;
        }
        self.known_now()
    }

    /// Those that are known, without waiting for the first look-up.
    pub(crate) fn known_now(&self) -> Arc<[Arc<Instance>]> {
        Arc::clone(&self.known.borrow().instances)
    }

    /// None of those that are known answers: others may be there by now.
    pub(crate) fn look_again(&self) {
        self.again.notify_one();
    }
}

/// A name behind which a service runs.
pub(crate) struct Name {
    pub(crate) service: &'static str,
    /// `name:port`.
    pub(crate) name: String,
    pub(crate) papers: Papers,
    pub(crate) resolver: Arc<dyn Resolver>,
    /// How often it is looked up.
    pub(crate) every: Duration,
}

/// Follows a name to whatever addresses are behind it.
struct Following {
    name: Name,
    found: watch::Sender<Known>,
    again: Arc<Notify>,
    /// Whether the last look-up found nothing.
    failing: bool,
}

impl Following {
    async fn follow(mut self) {
        loop {
            self.look().await;
            let soonest = AGAIN_AFTER.min(self.name.every);
            sleep(soonest).await;
            let _ = timeout(self.name.every.saturating_sub(soonest), self.again.notified()).await;
        }
    }

    /// Looks once. What was known stays where nothing is found out.
    async fn look(&mut self) {
        let why = match timeout(LOOK_UP_MAX, self.name.resolver.look_up(&self.name.name)).await {
            Ok(Ok(addresses)) if !addresses.is_empty() => return self.found(&addresses).await,
            Ok(Ok(_)) => "there is no address behind it".to_owned(),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "the resolver does not answer".to_owned(),
        };
        let Name { service, name, .. } = &self.name;
        metrics::counter!("wire_look_ups_failed", "service" => *service, "name" => name.clone()).increment(1);
        self.found.send_modify(|known| known.looked_up = true);
        if !std::mem::replace(&mut self.failing, true) {
            let kept = self.found.borrow().instances.len();
            tracing::warn!(
                service,
                name,
                why,
                kept,
                "a neighbor is not found by its name; known addresses are kept"
            );
        }
    }

    /// Those that are not behind the name any more are not asked any more; new ones once they answer. Where all are new,
    /// there is nobody else to ask, and they are asked at once.
    async fn found(&mut self, addresses: &[SocketAddr]) {
        let Name { service, name, .. } = &self.name;
        if std::mem::replace(&mut self.failing, false) {
            tracing::info!(service, name, "a neighbor is found by its name again");
        }
        let mut addresses: Vec<String> = addresses.iter().map(SocketAddr::to_string).collect();
        addresses.truncate(INSTANCES_MAX);
        let before = Arc::clone(&self.found.borrow().instances);
        let stay: Vec<_> = before.iter().filter(|one| addresses.contains(&one.address)).cloned().collect();
        let mut new: Vec<Arc<Instance>> = Vec::new();
        for address in addresses {
            if stay.iter().chain(&new).any(|one| one.address == address) {
                continue;
            }
            match Instance::new(service, &address, &self.name.papers) {
                Ok(instance) => new.push(Arc::new(instance)),
                Err(error) => tracing::debug!(service, address, %error, "an address cannot be asked"),
            }
        }
        let asked = if stay.is_empty() { new.clone() } else { stay };
        let is_changed = !asked.iter().map(Arc::as_ptr).eq(before.iter().map(Arc::as_ptr));
        if is_changed && !asked.is_empty() {
            self.publish(asked);
        } else {
            self.found.send_modify(|known| known.looked_up = true);
        }
        self.probe(new).await;
    }

    /// Asks new ones whether they are there, and has those asked that are; the others are tried at the next look-up,
    /// unless there is nobody else.
    async fn probe(&self, new: Vec<Arc<Instance>>) {
        let (mut probes, mut silent) = (JoinSet::new(), Vec::new());
        for instance in new {
            probes.spawn(async move { (instance.is_there().await, instance) });
        }
        while let Some(probed) = probes.join_next().await {
            let Ok((is_there, instance)) = probed else { continue };
            let known = Arc::clone(&self.found.borrow().instances);
            let is_known = known.iter().any(|one| Arc::ptr_eq(one, &instance));
            match (is_there, is_known) {
                (true, false) => self.publish(known.iter().cloned().chain([instance]).collect()),
                (false, true) => silent.push(instance),
                _ => {}
            }
        }
        let known = Arc::clone(&self.found.borrow().instances);
        let is_silent = |one: &&Arc<Instance>| silent.iter().any(|silent| Arc::ptr_eq(one, silent));
        let answering: Vec<_> = known.iter().filter(|one| !is_silent(one)).cloned().collect();
        if answering.is_empty() {
            silent.iter().for_each(|one| one.breaker.failed(Patience::with(known.len())));
        } else if answering.len() < known.len() {
            self.publish(answering);
        }
    }

    fn publish(&self, instances: Vec<Arc<Instance>>) {
        let Name { service, name, .. } = &self.name;
        let addresses: Vec<&str> = instances.iter().map(|one| one.address.as_str()).collect();
        tracing::info!(service, name, ?addresses, "the processes of a neighbor have changed");
        metrics::gauge!("wire_instances", "service" => *service, "name" => name.clone())
            .set(instances.len() as f64);
        self.found.send_replace(Known { instances: instances.into(), looked_up: true });
    }
}
