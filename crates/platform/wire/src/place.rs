//! Where a service runs, as the settings say it: addresses, or one name that is looked up.

use tonic::transport::Error;

/// Marks a name that is looked up.
const NAMED: &str = "dns:";

/// Where a service runs.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Place<'a> {
    /// At these addresses, the nearest first.
    Listed(Vec<&'a str>),
    /// At all addresses behind this name, written `name:port`.
    Named(&'a str),
}

/// Why a neighbor cannot be asked where it is said to run.
#[derive(Debug, thiserror::Error)]
pub enum PlaceRefused {
    /// What is to be looked up is no name with a port.
    #[error("`{0}` must be `dns:` and one name with its port, such as `dns:payments.bank.internal:7100`")]
    Name(String),
    /// A name that is looked up stands beside others.
    #[error("`{0}`: a name that is looked up stands alone; all addresses behind it are asked")]
    NotAlone(String),
    /// An address or the papers of this process are malformed.
    #[error("`{address}` or the papers of this process cannot be used")]
    Unusable {
        /// The address.
        address: String,
        /// Why.
        #[source]
        source: Error,
    },
}

impl<'a> Place<'a> {
    /// Reads `host:port`, several with commas between, or `dns:name:port`.
    pub(crate) fn read(text: &'a str) -> Result<Self, PlaceRefused> {
        let addresses: Vec<&str> = text.split(',').map(str::trim).collect();
        if !addresses.iter().any(|address| address.starts_with(NAMED)) {
            return Ok(Self::Listed(addresses));
        }
        let [address] = addresses.as_slice() else { return Err(PlaceRefused::NotAlone(text.to_owned())) };
        let name = address.strip_prefix(NAMED).filter(|name| is_name_with_port(name));
        name.map(Self::Named).ok_or_else(|| PlaceRefused::Name(text.to_owned()))
    }
}

/// A host name (RFC 1123, and the underscores of others) and a port that can be asked.
fn is_name_with_port(text: &str) -> bool {
    let Some((name, port)) = text.rsplit_once(':') else { return false };
    let fits = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    name.len() <= 253
        && name.strip_suffix('.').unwrap_or(name).split('.').all(fits)
        && port.parse::<u16>().is_ok_and(|port| port != 0)
}
