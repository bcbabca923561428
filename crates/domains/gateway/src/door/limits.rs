//! How much one caller may ask: buckets by address, device, customer, member of staff and third party.

use std::net::IpAddr;
use std::time::Duration;

use contracts::identity::Principal;
use http::{Consequence, Visitor};

use super::profiles::Profile;
use crate::config::{self, Network, Rate};
use crate::model::buckets::{Bucket, Buckets, Quota};

/// Whoever asked more than they may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exceeded {
    /// Whose bucket is empty.
    kind: &'static str,
    /// How long it takes until it is not.
    wait: Duration,
}

impl Exceeded {
    /// What they are told.
    pub(super) fn consequence(self, profile: &Profile) -> Consequence {
        metrics::counter!("gateway_limited", "kind" => self.kind, "class" => profile.cost.name())
            .increment(1);
        let seconds = self.wait.as_secs().saturating_add(1);
        Consequence::new(
            429,
            "too_many_requests",
            format!("请求过于频繁，请在 {seconds} 秒后再试。"),
            format!("Too many requests. Please try again in {seconds} seconds."),
        )
        .with("retry_after_s", seconds)
        .retry_after_s(seconds)
    }
}

/// A kind of callers, and their buckets; none where they are not bounded.
struct Kind {
    name: &'static str,
    buckets: Option<Buckets>,
}

impl Kind {
    fn new(name: &'static str, rate: Rate, keys_max: u32) -> Self {
        Self { name, buckets: Quota::of(rate).map(|quota| Buckets::new(quota, keys_max)) }
    }

    fn take(&self, key: impl std::hash::Hash, profile: &Profile, now: Duration) -> Result<(), Exceeded> {
        let Some(buckets) = &self.buckets else { return Ok(()) };
        buckets.take(&key, profile.units, now).map_err(|wait| Exceeded { kind: self.name, wait })
    }
}

/// The buckets of all callers.
pub(super) struct Limits {
    exempt: Vec<Network>,
    address: Kind,
    device: Kind,
    customer: Kind,
    staff: Kind,
    third_party: Kind,
}

impl Limits {
    pub(super) fn new(settings: &config::Limits) -> Self {
        let kind = |name, rate| Kind::new(name, rate, settings.keys_max);
        Self {
            exempt: settings.exempt_addresses.clone(),
            address: kind("address", settings.address),
            device: kind("device", settings.device),
            customer: kind("customer", settings.customer),
            staff: kind("staff", settings.staff),
            third_party: kind("third_party", settings.third_party),
        }
    }

    /// Counts what comes from an address, and what a route is asked by everybody. `now`: since the door was built.
    pub(super) fn stranger(
        &self,
        peer: Option<IpAddr>,
        route: Option<&Bucket>,
        profile: &Profile,
        now: Duration,
    ) -> Result<(), Exceeded> {
        let peer = peer.map(|peer| peer.to_canonical());
        if let Some(peer) = peer.filter(|peer| !self.exempt.iter().any(|network| network.holds(*peer))) {
            self.address.take(network(peer), profile, now)?;
        }
        let taken = route.map_or(Ok(()), |bucket| bucket.take(1, now));
        taken.map_err(|wait| Exceeded { kind: "route", wait })
    }

    /// Counts what somebody asks who is known by now.
    pub(super) fn visitor(
        &self,
        visitor: &Visitor,
        profile: &Profile,
        now: Duration,
    ) -> Result<(), Exceeded> {
        if let Some(device) = &visitor.device_key {
            self.device.take(device, profile, now)?;
        }
        let sessions = [&visitor.customer, &visitor.staff, &visitor.third_party];
        for session in sessions.into_iter().flatten() {
            match session.principal {
                Principal::Customer(customer) => self.customer.take(customer, profile, now)?,
                Principal::Staff(staff, _) => self.staff.take(staff, profile, now)?,
                Principal::ThirdParty(third_party, _) => self.third_party.take(third_party, profile, now)?,
            }
        }
        Ok(())
    }
}

/// Who has one address of version 6 has the whole network of 64 bits.
fn network(peer: IpAddr) -> u128 {
    match peer {
        IpAddr::V4(address) => u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits() >> 64 << 64 | 1,
    }
}

#[cfg(test)]
mod tests;
