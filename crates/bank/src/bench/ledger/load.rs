//! The load: what is sent, and the processes that send it.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Instant;

use clock::Timestamp;
use contracts::ledger::{Act, Command, Ledger as _, Transfer, codes};
use ids::TransferId;
use ledger::LocalLedger;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout};

use super::histogram::Histogram;
use super::server::Server;
use super::{Dice, account, entropy};
use crate::bench::load::Failed;

/// What is sent in all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Load {
    pub(super) accounts: u64,
    pub(super) transfers: u64,
    pub(super) batch: u64,
    pub(super) clients: u64,
    pub(super) in_flight: u64,
}

impl Load {
    /// How much of `all` falls to share `at` of `shares`.
    pub(super) const fn share(all: u64, at: u64, shares: u64) -> u64 {
        all / shares + (at < all % shares) as u64
    }
}

/// What became of it.
pub(super) struct Done {
    pub(super) answered: u64,
    pub(super) refused: u64,
    pub(super) latencies: Histogram,
    pub(super) ended: Instant,
}

impl Done {
    pub(super) fn new() -> Self {
        Self { answered: 0, refused: 0, latencies: Histogram::default(), ended: Instant::now() }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.answered += other.answered;
        self.refused += other.refused;
        self.latencies.merge(&other.latencies);
        self.ended = self.ended.max(other.ended);
    }

    pub(super) fn answer(&mut self, receipts: &[contracts::ledger::Receipt], sent: Instant) {
        self.answered += receipts.len() as u64;
        self.refused += receipts.iter().filter(|receipt| receipt.is_err()).count() as u64;
        self.latencies.add(u64::try_from(sent.elapsed().as_micros()).unwrap_or(u64::MAX));
    }

    pub(super) fn answer_one(&mut self, moved: bool, sent: Instant) {
        self.answered += 1;
        self.refused += u64::from(!moved);
        self.latencies.add(u64::try_from(sent.elapsed().as_micros()).unwrap_or(u64::MAX));
    }
}

/// Mints one client's transfers, batch after batch.
pub(super) struct Mint {
    dice: Dice,
    accounts: u64,
    left: u64,
    batch: u64,
}

impl Mint {
    pub(super) fn new(seed: u64, transfers: u64, load: &Load) -> Self {
        Self { dice: Dice::new(seed), accounts: load.accounts, left: transfers, batch: load.batch }
    }

    /// The next batch; `None` when all were minted.
    pub(super) fn next(&mut self) -> Option<Vec<Command>> {
        let size = self.batch.min(self.left);
        self.left -= size;
        let now_ms = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or(0);
        (size > 0).then(|| (0..size).map(|_| self.transfer(now_ms)).collect())
    }

    fn transfer(&mut self, now_ms: u64) -> Command {
        let debit = self.dice.below(self.accounts);
        let credit = (debit + 1 + self.dice.below(self.accounts - 1)) % self.accounts;
        let transfer = Transfer {
            debit: account(debit),
            credit: account(credit),
            amount: 1 + self.dice.below(100),
            hold_until: None,
            code: codes::TRANSFER,
            booked_on: None,
            value_on: None,
            counts_toward_limits: false,
        };
        let id = TransferId::seeded(now_ms, entropy(&mut self.dice));
        Command { id, act: Act::Transfer(transfer), linked: false }
    }
}

/// Asks the ledger inside this process: what it can do without a wire.
pub(super) async fn inside(ledger: &Arc<LocalLedger>, load: &Load) -> Result<Done, Failed> {
    let callers = load.clients * load.in_flight;
    let tasks: Vec<_> = (0..callers)
        .map(|at| {
            let mut mint = Mint::new(at + 1, Load::share(load.transfers, at, callers), load);
            let ledger = Arc::clone(ledger);
            tokio::spawn(async move {
                let mut done = Done::new();
                while let Some(batch) = mint.next() {
                    let sent = Instant::now();
                    done.answer(&ledger.post(batch).await?, sent);
                }
                done.ended = Instant::now();
                Ok::<_, contracts::Unavailable>(done)
            })
        })
        .collect();
    let mut all = Done::new();
    for task in tasks {
        all.merge(&task.await??);
    }
    Ok(all)
}

/// Client processes, connected and waiting for the word.
pub(super) struct Clients(Vec<Running>);

struct Running {
    child: Child,
    words: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Running {
    async fn line(&mut self) -> Result<String, Failed> {
        self.answers.next_line().await?.ok_or_else(|| "a client process ended early".into())
    }
}

impl Clients {
    /// Starts them and waits until every connection stands.
    pub(super) async fn start(
        load: &Load,
        interface: &str,
        server: &Server,
        processes: u64,
    ) -> Result<Self, Failed> {
        let processes = processes.min(load.clients);
        let mut running = Vec::new();
        let mut first = 0;
        for at in 0..processes {
            let clients = Load::share(load.clients, at, processes);
            let mut child = tokio::process::Command::new(std::env::current_exe()?)
                .args(["bench", "ledger-client", "--interface", interface])
                .args(["--address", &server.address.to_string()])
                .args(["--accounts", &load.accounts.to_string()])
                .args(["--transfers", &load.transfers.to_string()])
                .args(["--batch", &load.batch.to_string()])
                .args(["--clients-in-all", &load.clients.to_string()])
                .args(["--first", &first.to_string()])
                .args(["--clients", &clients.to_string()])
                .args(["--in-flight", &load.in_flight.to_string()])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .kill_on_drop(true)
                .spawn()?;
            first += clients;
            let mut words = child.stdin.take().ok_or("no way to speak to a client process")?;
            let answers = child.stdout.take().ok_or("no way to hear a client process")?;
            words.write_all(format!("{}\n", server.token).as_bytes()).await?;
            running.push(Running { child, words, answers: BufReader::new(answers).lines() });
        }
        for client in &mut running {
            client.line().await?;
        }
        Ok(Self(running))
    }

    /// Gives the word and waits until everything was answered.
    pub(super) async fn go(mut self) -> Result<Done, Failed> {
        for client in &mut self.0 {
            client.words.write_all(b"go\n").await?;
        }
        let mut all = Done::new();
        for client in &mut self.0 {
            if client.line().await? != "answered" {
                return Err("a client process failed".into());
            }
        }
        all.ended = Instant::now();
        for client in &mut self.0 {
            let told = client.line().await?;
            let mut words = told.split_whitespace();
            let mut number = || words.next()?.parse::<u64>().ok();
            let (answered, refused) = number().zip(number()).ok_or("a client process told nonsense")?;
            let latencies = Histogram::from_words(words).ok_or("a client process told nonsense")?;
            all.answered += answered;
            all.refused += refused;
            all.latencies.merge(&latencies);
            client.child.wait().await?;
        }
        Ok(all)
    }
}
