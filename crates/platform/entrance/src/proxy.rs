//! The PROXY protocol, version 2: a load balancer says whom it speaks for (haproxy's `proxy-protocol.txt`, 2.2).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::IpNet;
use tokio::io::{AsyncRead, AsyncReadExt};

use crate::refused::Refused;

const SIGNATURE: [u8; 12] = *b"\r\n\r\n\0\r\nQUIT\n";
/// Addresses and whatever a proxy adds, bytes.
const LENGTH_MAX: u16 = 2_048;

/// Whose word is taken.
#[derive(Debug)]
pub(crate) struct Proxies(Vec<IpNet>);

impl Proxies {
    /// Reads addresses and networks.
    ///
    /// # Errors
    /// The text that is neither.
    pub(crate) fn read(texts: &[String]) -> Result<Self, String> {
        let net = |text: &String| {
            let address = text.parse::<IpAddr>().map(IpNet::from);
            address.or_else(|_| text.parse::<IpNet>()).map_err(|_| text.clone())
        };
        texts.iter().map(net).collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn include(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|net| net.contains(&address))
    }
}

/// Reads the header and returns whom it names; `proxy` where it speaks for itself, as for a look whether we are there.
///
/// # Errors
/// [`Refused::Proxy`].
pub(crate) async fn named(
    io: &mut (impl AsyncRead + Unpin),
    proxy: SocketAddr,
) -> Result<SocketAddr, Refused> {
    let mut begin = [0; 16];
    io.read_exact(&mut begin).await.map_err(|_| Refused::Proxy)?;
    let [signature @ .., version, family, high, low] = begin;
    let length = u16::from_be_bytes([high, low]);
    if signature != SIGNATURE || length > LENGTH_MAX {
        return Err(Refused::Proxy);
    }
    let mut rest = vec![0; usize::from(length)];
    io.read_exact(&mut rest).await.map_err(|_| Refused::Proxy)?;
    match (version, family) {
        (0x20, _) | (0x21, 0x00) => Ok(proxy),
        (0x21, 0x11) => source::<4, 12>(&rest).map(|(ip, port)| (Ipv4Addr::from(ip), port).into()),
        (0x21, 0x21) => source::<16, 36>(&rest).map(|(ip, port)| (Ipv6Addr::from(ip), port).into()),
        _ => Err(Refused::Proxy),
    }
}

/// Address and port of the client, of `ALL` bytes with addresses and ports of both sides.
fn source<const ADDRESS: usize, const ALL: usize>(rest: &[u8]) -> Result<([u8; ADDRESS], u16), Refused> {
    let addresses = rest.first_chunk::<ALL>().ok_or(Refused::Proxy)?;
    let (address, rest) = addresses.split_first_chunk().ok_or(Refused::Proxy)?;
    let port = rest.get(ADDRESS..).and_then(<[u8]>::first_chunk).ok_or(Refused::Proxy)?;
    Ok((*address, u16::from_be_bytes(*port)))
}
