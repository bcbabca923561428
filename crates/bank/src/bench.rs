//! Benchmarks: each prints one JSON line with stable keys.

mod http;
mod load;
mod summary;

use std::process::ExitCode;

use clap::Subcommand;

/// Measure.
#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// Signed-in transfers over HTTP, durable and with every check on, beside a bare axum JSON echo.
    Http(http::Http),
}

impl Bench {
    pub(crate) async fn run(&self) -> Result<ExitCode, Box<dyn std::error::Error + Send + Sync>> {
        match self {
            Self::Http(http) => http.run().await,
        }
    }
}
