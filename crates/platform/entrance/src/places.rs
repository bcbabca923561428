//! How many connections there are, in all and of each address.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use crate::refused::Refused;

/// Counts them.
#[derive(Debug)]
pub(crate) struct Places {
    most: usize,
    most_per_address: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

impl Places {
    pub(crate) fn new(most: usize, most_per_address: usize) -> Self {
        Self { most, most_per_address, taken: Mutex::default() }
    }

    /// A place among all.
    ///
    /// # Errors
    /// [`Refused::Connections`].
    pub(crate) fn take(self: &Arc<Self>) -> Result<Place, Refused> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.all >= self.most {
            return Err(Refused::Connections);
        }
        taken.all += 1;
        metrics::gauge!("entrance_connections").increment(1.0);
        Ok(Place { places: Arc::clone(self), address: None })
    }

    fn leave(&self, address: Option<IpAddr>) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all = taken.all.saturating_sub(1);
        if let Some(address) = address
            && let Some(count) = taken.by_address.get_mut(&address)
        {
            *count -= 1;
            if *count == 0 {
                taken.by_address.remove(&address);
            }
        }
        metrics::gauge!("entrance_connections").decrement(1.0);
    }
}

/// A connection's place, until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    places: Arc<Places>,
    address: Option<IpAddr>,
}

impl Place {
    /// Counts it for `address` also, if it is not of this machine.
    ///
    /// # Errors
    /// [`Refused::AddressConnections`].
    pub(crate) fn of(&mut self, address: IpAddr) -> Result<(), Refused> {
        let Some(address) = counted(address) else { return Ok(()) };
        let mut taken = self.places.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.by_address.entry(address).or_default();
        if *count >= self.places.most_per_address {
            return Err(Refused::AddressConnections);
        }
        *count += 1;
        self.address = Some(address);
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.leave(self.address);
    }
}

/// What of an address is counted: IPv4 whole, of IPv6 the /64 that one customer is given.
fn counted(address: IpAddr) -> Option<IpAddr> {
    match address.to_canonical() {
        address if address.is_loopback() => None,
        IpAddr::V6(address) => Some(IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64))),
        address => Some(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_share_and_no_more() {
        for (first, second, shares) in [
            ("203.0.113.7", "203.0.113.7", true),
            ("203.0.113.7", "203.0.113.8", false),
            ("::ffff:203.0.113.7", "203.0.113.7", true),
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true),
            ("2001:db8:1:2::1", "2001:db8:1:3::1", false),
            ("127.0.0.1", "127.0.0.1", false),
            ("::1", "::1", false),
        ] {
            let places = Arc::new(Places::new(10, 1));
            let (mut one, mut other) = (places.take().unwrap(), places.take().unwrap());
            one.of(first.parse().unwrap()).unwrap();
            let refused = other.of(second.parse().unwrap()) == Err(Refused::AddressConnections);
            assert_eq!(refused, shares, "{first} and {second}");
            drop(one);
            let mut next = places.take().unwrap();
            assert_eq!(next.of(first.parse().unwrap()), Ok(()), "{first} left, and comes again");
        }
    }

    #[test]
    fn the_house_is_full_until_somebody_leaves() {
        let places = Arc::new(Places::new(2, 9));
        let (one, _other) = (places.take().unwrap(), places.take().unwrap());
        assert_eq!(places.take().unwrap_err(), Refused::Connections);
        drop(one);
        assert!(places.take().is_ok());
    }
}
