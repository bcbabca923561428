//! A process of clients: each has a connection of its own and sends one call after another.

use std::collections::VecDeque;
use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use futures_util::future::BoxFuture;
use ledger::grpc::{
    Batch, CONNECTION_WINDOW_BYTES, LedgerClient, MESSAGE_BYTES_MAX, Results, STREAM_WINDOW_BYTES,
};
use tokio::sync::mpsc;
use tonic::transport::Endpoint;
use tonic::{Request, Streaming};

use super::http::HttpConnection;
use super::load::{Done, Load, Mint};
use crate::bench::load::Failed;

/// Started by `bench ledger`; the token and the word to go come by standard input.
#[derive(Debug, Args)]
pub(crate) struct Client {
    #[arg(long)]
    address: SocketAddr,
    #[arg(long)]
    interface: String,
    #[arg(long)]
    accounts: u64,
    #[arg(long)]
    transfers: u64,
    #[arg(long)]
    batch: u64,
    #[arg(long)]
    clients_in_all: u64,
    #[arg(long)]
    first: u64,
    #[arg(long)]
    clients: u64,
    #[arg(long)]
    in_flight: u64,
}

impl Client {
    pub(crate) async fn run(&self) -> Result<ExitCode, Failed> {
        let token = word().await?;
        let load = Load {
            accounts: self.accounts,
            transfers: self.transfers,
            batch: self.batch,
            clients: self.clients_in_all,
            in_flight: self.in_flight,
        };
        let mut connections: Vec<BoxFuture<'static, Result<Done, Failed>>> = Vec::new();
        for at in self.first..self.first + self.clients {
            let mint = Mint::new(at + 1, Load::share(self.transfers, at, self.clients_in_all), &load);
            connections.push(if self.interface == "http" {
                Box::pin(HttpConnection::open(self.address, mint).await?.run())
            } else {
                Box::pin(Connection::open(self.address, &token, self.in_flight, mint).await?.run())
            });
        }
        println!("ready");
        std::io::stdout().flush()?;
        word().await?;
        let tasks: Vec<_> = connections.into_iter().map(tokio::spawn).collect();
        let mut all = Done::new();
        for task in tasks {
            all.merge(&task.await??);
        }
        println!("answered");
        println!("{} {} {}", all.answered, all.refused, all.latencies.to_words());
        Ok(ExitCode::SUCCESS)
    }
}

/// The next line of standard input.
async fn word() -> Result<String, Failed> {
    let read = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).map(|_| line)
    });
    Ok(read.await??.trim_end().to_owned())
}

/// One connection with its stream of batches.
struct Connection {
    batches: mpsc::Sender<Batch>,
    answers: Streaming<Results>,
    in_flight: usize,
    mint: Mint,
}

impl Connection {
    async fn open(address: SocketAddr, token: &str, in_flight: u64, mint: Mint) -> Result<Self, Failed> {
        let channel = Endpoint::from_shared(format!("http://{address}"))?
            .tcp_nodelay(true)
            .initial_stream_window_size(STREAM_WINDOW_BYTES)
            .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
            .connect()
            .await?;
        let mut client = LedgerClient::new(channel).max_decoding_message_size(MESSAGE_BYTES_MAX);
        let in_flight = usize::try_from(in_flight)?;
        let (batches, mut waiting) = mpsc::channel(in_flight);
        let stream = futures_util::stream::poll_fn(move |cx| waiting.poll_recv(cx));
        let mut request = Request::new(stream);
        request.metadata_mut().insert("authorization", format!("Bearer {token}").parse()?);
        let answers = client.create_transfers_stream(request).await?.into_inner();
        Ok(Self { batches, answers, in_flight, mint })
    }

    async fn run(mut self) -> Result<Done, Failed> {
        let mut done = Done::new();
        let mut sent = VecDeque::with_capacity(self.in_flight);
        loop {
            while sent.len() < self.in_flight
                && let Some(batch) = self.mint.next()
            {
                sent.push_back(Instant::now());
                self.batches.send(Batch(batch)).await.map_err(|_| "the stream has ended")?;
            }
            let Some(sent) = sent.pop_front() else { break };
            let Results(receipts) = self.answers.message().await?.ok_or("the stream has ended")?;
            done.answer(&receipts, sent);
        }
        done.ended = Instant::now();
        Ok(done)
    }
}
