//! Who knows the addresses behind a name.

use std::io;
use std::net::SocketAddr;

use async_trait::async_trait;

/// Knows the addresses behind a name.
#[async_trait]
pub(crate) trait Resolver: Send + Sync {
    /// The addresses behind `name:port`, the preferred first; may be empty.
    async fn look_up(&self, name: &str) -> io::Result<Vec<SocketAddr>>;
}

/// The system's: the file of hosts, and DNS as the machine is set up for it (A and AAAA).
pub(crate) struct SystemResolver;

#[async_trait]
impl Resolver for SystemResolver {
    async fn look_up(&self, name: &str) -> io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host(name).await?.collect())
    }
}
