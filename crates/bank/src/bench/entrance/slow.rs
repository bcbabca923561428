//! Slow clients, in a process of their own: each sends a header every few seconds and never the end of a head.

use std::io::Read as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};
use std::time::Duration;

use clap::Args;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpSocket, TcpStream};
use tokio::process::{Child, Command};

use super::super::load::Failed;
use super::served::trusting;

/// How often each sends something.
const DRIP: Duration = Duration::from_secs(10);
/// Addresses that they come from: each has ports for some thousands.
const SOURCES: usize = 16;
/// What the process says once all are connected.
const READY: &str = "ready";

/// The slow connections of `bench entrance`.
#[derive(Debug, Args)]
pub(crate) struct Slow {
    /// Where to.
    #[arg(long)]
    address: SocketAddr,
    /// How many.
    #[arg(long)]
    count: usize,
    /// By TLS, trusting the certificate in this file.
    #[arg(long)]
    authority: Option<PathBuf>,
}

impl Slow {
    /// Connects all, says so, and goes on until its input ends.
    pub(crate) async fn run(&self) -> Result<ExitCode, Failed> {
        let tls = self.authority.as_deref().map(trusting).transpose()?;
        for number in 0..self.count {
            let stream = self.connect(number).await?;
            match &tls {
                None => begin(stream).await?,
                Some((tls, name)) => begin(tls.connect(name.clone(), stream).await?).await?,
            }
        }
        println!("{READY}");
        tokio::task::spawn_blocking(|| std::io::stdin().read(&mut [0])).await??;
        Ok(ExitCode::SUCCESS)
    }

    async fn connect(&self, number: usize) -> Result<TcpStream, Failed> {
        let socket = TcpSocket::new_v4()?;
        let last = u8::try_from(number % SOURCES)? + 2;
        socket.bind((Ipv4Addr::new(127, 0, 0, last), 0).into())?;
        Ok(socket.connect(self.address).await?)
    }
}

async fn begin(mut io: impl AsyncRead + AsyncWrite + Send + Unpin + 'static) -> Result<(), Failed> {
    io.write_all(b"POST /echo HTTP/1.1\r\nHost: localhost\r\n").await?;
    io.flush().await?;
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(DRIP).await;
            if io.write_all(b"a: b\r\n").await.is_err() || io.flush().await.is_err() {
                break;
            }
        }
    });
    Ok(())
}

/// The process, while it holds its connections.
pub(super) struct Held(Child);

impl Held {
    pub(super) async fn start(
        address: SocketAddr,
        count: usize,
        authority: Option<&Path>,
    ) -> Result<Self, Failed> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args([
            "bench",
            "entrance-slow",
            "--address",
            &address.to_string(),
            "--count",
            &count.to_string(),
        ]);
        if let Some(authority) = authority {
            command.arg("--authority").arg(authority);
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let mut said = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut said).await?;
        }
        if said.trim() != READY {
            return Err("the slow clients did not connect".into());
        }
        Ok(Self(child))
    }

    pub(super) async fn stop(mut self) -> Result<(), Failed> {
        drop(self.0.stdin.take());
        self.0.wait().await?;
        Ok(())
    }
}
