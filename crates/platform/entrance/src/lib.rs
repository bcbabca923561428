//! The entrance: how connections from outside are taken, before anything is known about who asks for what.
//!
//! From the outside in: places (in all, per address), a load balancer's word where it is believed, TLS with
//! certificates that change without a restart, HTTP/1.1 or HTTP/2 by hyper, and an axum router. At each step a client has
//! a bounded time and bounded room: it waits for us as long as it likes, we do not wait for it. A head of HTTP/1 reaches
//! hyper only whole, and only if every reader would read it alike (RFC 9112), so that nobody in front of us and we take
//! one request for two.
//!
//! It knows no banking and no route. Each refusal is counted in `entrance_refused` by its reason. Cost of a client that
//! sends nothing, or part of a head: its file descriptor and about 3 KiB; by TLS, once it has made its handshake, about
//! 12 KiB. See decision 0041.

mod activity;
mod certificates;
mod chunks;
mod config;
mod connection;
mod entrance;
mod framing;
mod handler;
mod head;
mod intake;
mod pace;
mod places;
mod proxy;
mod refused;
mod socket;
mod tls;

pub use certificates::CertificateRefused;
pub use config::{Http2, Settings, Tls, Version};
pub use entrance::{Entrance, OpenFailed};

#[cfg(test)]
mod tests;
